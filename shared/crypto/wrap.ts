import nacl from 'tweetnacl'
import { concat, type Bytes } from '../base/bytes.ts'
import { hash } from './hash.ts'

const PUBLIC = nacl.box.publicKeyLength
export const WRAP_OVERHEAD = PUBLIC + nacl.box.overheadLength

export interface BoxKeyPair {
  readonly publicKey: Bytes
  readonly secretKey: Bytes
}

export function boxKeyPairFromSecret(secretKey: Uint8Array): BoxKeyPair {
  const pair = nacl.box.keyPair.fromSecretKey(secretKey)
  return { publicKey: new Uint8Array(pair.publicKey), secretKey: new Uint8Array(pair.secretKey) }
}

const wrapNonce = (ephemeral: Uint8Array, recipient: Uint8Array): Uint8Array =>
  hash('wrap', ephemeral, recipient).subarray(0, nacl.box.nonceLength)

/** ephemeral public key || box. The nonce may be derived because every wrap has a fresh key pair (as in libsodium's sealed boxes). */
export function wrap(recipientPublicKey: Uint8Array, secret: Uint8Array): Bytes {
  const ephemeral = nacl.box.keyPair()
  const nonce = wrapNonce(ephemeral.publicKey, recipientPublicKey)
  const wrapped = concat(ephemeral.publicKey, nacl.box(secret, nonce, recipientPublicKey, ephemeral.secretKey))
  ephemeral.secretKey.fill(0)
  return wrapped
}

/** Undefined where it was wrapped for somebody else or a byte was changed. */
export function unwrap(recipient: BoxKeyPair, wrapped: Uint8Array): Bytes | undefined {
  if (wrapped.length < WRAP_OVERHEAD) return undefined
  const ephemeral = wrapped.subarray(0, PUBLIC)
  const nonce = wrapNonce(ephemeral, recipient.publicKey)
  const secret = nacl.box.open(wrapped.subarray(PUBLIC), nonce, ephemeral, recipient.secretKey)
  return secret === null ? undefined : new Uint8Array(secret)
}
