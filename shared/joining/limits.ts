/** Limits of the joining conversation; PROTOCOL.md, "Joining". */
export const JOINING_VERSION = 1
/** Names are limited as in records (wire/limits.ts). */
export const MAX_RECORDS_SENT = 10_000
/** Records in one message: filled up to this many bytes, then the next message. */
export const RECORDS_MESSAGE = 1024 * 1024
export const MAX_RECORDS_IN_MESSAGE = 1024
export const NONCE = 32
export const PROOF = 32
/** Circles that a new computer is sent; a person is in some handful. */
export const MAX_CIRCLES_SENT = 256
/** Records of all circles together, and their bytes: kept in memory until everything has been checked. */
export const MAX_RECORDS_TOGETHER = 100_000
export const MAX_BYTES_TOGETHER = 256 * 1024 * 1024
/** Bytes of an identity's seed. */
export const IDENTITY_SEED = 32

/** Connections of one side at once; more are closed. */
export const MAX_SEATS = 16
/** Milliseconds in which whoever connects says hello. */
export const HELLO_WITHIN_MS = 30_000
/** Milliseconds in which the one who is served shows its keys and name; then the next in line is served. */
export const REVEAL_WITHIN_MS = 120_000
/** Proofs that fail before a code for a computer is good no more. */
export const MAX_FAILED_PROOFS = 3
