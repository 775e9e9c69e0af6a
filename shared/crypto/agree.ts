import nacl from 'tweetnacl'
import type { Bytes } from '../base/bytes.ts'

/** X25519. Undefined where the other's key is of small order, which would make the secret the same for everybody (RFC 7748, 6.1). */
export function agree(secretKey: Uint8Array, theirPublicKey: Uint8Array): Bytes | undefined {
  const secret = new Uint8Array(nacl.scalarMult(secretKey, theirPublicKey))
  return secret.every((byte) => byte === 0) ? undefined : secret
}
