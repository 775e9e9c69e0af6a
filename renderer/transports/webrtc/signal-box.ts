/**
 * y-webrtc's sealed signalling (its src/crypto.js, which it does not export): base64 of varString 'AES-GCM', nonce and
 * ciphertext of a lib0 `any`. Read here a first time so that nothing unsealed, forged or repeated reaches y-webrtc.
 */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { fromBase64, toBase64 } from 'lib0/buffer'
import { describeThrown, fail, ok, type Result } from '../../../shared/base/errors.ts'

const ALGORITHM = 'AES-GCM'
const NONCE_LENGTH = 12

export interface OpenedSignal {
  readonly nonce: string
  readonly content: unknown
}

const bytes = (view: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(view)

export async function openSignal(text: string, key: CryptoKey): Promise<Result<OpenedSignal, 'not-sealed-to-room'>> {
  try {
    const decoder = decoding.createDecoder(fromBase64(text))
    if (decoding.readVarString(decoder) !== ALGORITHM) return fail('not-sealed-to-room', 'unknown algorithm')
    const nonce = bytes(decoding.readVarUint8Array(decoder))
    const sealed = bytes(decoding.readVarUint8Array(decoder))
    const opened = await crypto.subtle.decrypt({ name: ALGORITHM, iv: nonce }, key, sealed)
    return ok({ nonce: toBase64(nonce), content: decoding.readAny(decoding.createDecoder(new Uint8Array(opened))) })
  } catch (thrown) {
    return fail('not-sealed-to-room', describeThrown(thrown))
  }
}

export async function sealSignal(content: Readonly<Record<string, string>>, key: CryptoKey): Promise<string> {
  const plain = encoding.createEncoder()
  encoding.writeAny(plain, content)
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH))
  const sealed = await crypto.subtle.encrypt({ name: ALGORITHM, iv: nonce }, key, bytes(encoding.toUint8Array(plain)))
  const envelope = encoding.createEncoder()
  encoding.writeVarString(envelope, ALGORITHM)
  encoding.writeVarUint8Array(envelope, nonce)
  encoding.writeVarUint8Array(envelope, new Uint8Array(sealed))
  return toBase64(encoding.toUint8Array(envelope))
}
