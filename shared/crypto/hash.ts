import nacl from 'tweetnacl'
import { HASH_LENGTH } from '../base/ids.ts'
import { concat, utf8, type Bytes } from '../base/bytes.ts'

/**
 * SHA-512 cut to 32 bytes over a domain label and the parts. The label ends in a zero byte and no label holds one, so no
 * two domains share an input; within a domain the parts must be of fixed length, all but the last.
 */
export const hash = (domain: string, ...parts: readonly Uint8Array[]): Bytes =>
  new Uint8Array(nacl.hash(concat(utf8(`teatray ${domain}\0`), ...parts)).subarray(0, HASH_LENGTH))
