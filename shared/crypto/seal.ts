import nacl from 'tweetnacl'
import { concat, randomBytes, type Bytes } from '../base/bytes.ts'

export const KEY_LENGTH = nacl.secretbox.keyLength
/** What sealing adds: a random nonce (24) and the tag (16). */
export const SEAL_OVERHEAD = nacl.secretbox.nonceLength + nacl.secretbox.overheadLength

/** nonce || XSalsa20-Poly1305 box. 192-bit nonces are drawn at random: no counter to restore wrongly from a backup. */
export function seal(key: Uint8Array, plain: Uint8Array): Bytes {
  const nonce = randomBytes(nacl.secretbox.nonceLength)
  return concat(nonce, nacl.secretbox(plain, nonce, key))
}

/** Undefined where the key is another one or a byte was changed. */
export function open(key: Uint8Array, sealed: Uint8Array): Bytes | undefined {
  if (sealed.length < SEAL_OVERHEAD) return undefined
  const nonce = sealed.subarray(0, nacl.secretbox.nonceLength)
  const plain = nacl.secretbox.open(sealed.subarray(nacl.secretbox.nonceLength), nonce, key)
  return plain === null ? undefined : new Uint8Array(plain)
}
