/** Limits of joining by files; PROTOCOL.md, "Joining by files". */
export const JOINING_FILE_VERSION = 1
/** Bytes of what is sealed in an invitation or a request: always as many, so that a file does not show how long a name is. */
export const SEALED_CONTENT = 1024
/** 88 bits; see transcript.ts. */
export const SAFETY_WORDS_BY_FILES = 8
