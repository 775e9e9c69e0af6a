/** Every limit of the wire in one place. What is over a limit is refused by name before anything is allocated for it. */
export const WIRE_VERSION = 1

/** One entry, sealed. Larger edits (a pasted picture) are split by document, never by entry. */
export const MAX_ENTRY = 4 * 1024 * 1024
export const MAX_RECORD = 64 * 1024
/** Entries of one device in one circle that may be kept. */
export const MAX_ENTRIES_PER_DEVICE = 1_000_000
/** Heads that one entry, hello or have-vector may name. */
export const MAX_HEADS = 256
export const MAX_PARENTS = 16
export const MAX_WRAPS = 256
/** Computers of one person. */
export const MAX_DEVICES = 16
/** Bytes of UTF-8. */
export const MAX_NAME = 200
export const MAX_INCARNATION = 65_535
/** Signed places count in 32 bits. */
export const MAX_SEQ = 0xffff_ffff
export const MAX_TIME = 8.64e15
