import nacl from 'tweetnacl'
import { concat, utf8, type Bytes } from '../base/bytes.ts'

const BLOCK = 128

/** HMAC-SHA-512 (RFC 2104; vectors of RFC 4231). 64 bytes. */
export function hmacSha512(key: Uint8Array, message: Uint8Array): Bytes {
  const block = new Uint8Array(BLOCK)
  block.set(key.length > BLOCK ? nacl.hash(key) : key)
  const inner = nacl.hash(
    concat(
      block.map((byte) => byte ^ 0x36),
      message,
    ),
  )
  return new Uint8Array(
    nacl.hash(
      concat(
        block.map((byte) => byte ^ 0x5c),
        inner,
      ),
    ),
  )
}

/** A key for one purpose from a key that is already uniform (so: the expand half of RFC 5869, one block). 1 to 64 bytes. */
export function derive(key: Uint8Array, label: string, length = 32): Bytes {
  if (length < 1 || length > 64) throw new RangeError('derive: 1 to 64 bytes')
  return hmacSha512(key, concat(utf8(`teatray ${label}`), Uint8Array.of(1))).slice(0, length)
}
