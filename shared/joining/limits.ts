/** Limits of the joining conversation; PROTOCOL.md, "Joining". */
export const JOINING_VERSION = 1
/** Names are limited as in records (wire/limits.ts). */
export const MAX_RECORDS_SENT = 10_000
/** Records in one message: filled up to this many bytes, then the next message. */
export const RECORDS_MESSAGE = 1024 * 1024
export const MAX_RECORDS_IN_MESSAGE = 1024
export const NONCE = 32
export const PROOF = 32
