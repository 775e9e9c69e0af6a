/**
 * Ed25519 (RFC 8032): WebCrypto where there is one, tweetnacl elsewhere, with the same verdict on every input. What the
 * implementations disagree on is refused before either is asked: S >= L (tweetnacl accepts it, so one entry could have two
 * valid forms and replicas would split), public keys of small order, and encodings of y that are not reduced.
 */
import nacl from 'tweetnacl'
import { concat, toHex, utf8, type Bytes } from '../base/bytes.ts'

export const SIGNATURE_LENGTH = 64
export const SIGNING_PUBLIC_LENGTH = 32

export interface SigningKeyPair {
  readonly publicKey: Bytes
  /** 32 secret bytes. */
  readonly seed: Bytes
}

export function signingKeyPair(seed: Uint8Array): SigningKeyPair {
  return { publicKey: new Uint8Array(nacl.sign.keyPair.fromSeed(seed).publicKey), seed: new Uint8Array(seed) }
}

/** Signs and verifies raw messages; both implementations take and give the same bytes. */
export interface Ed25519 {
  sign(keys: SigningKeyPair, message: Uint8Array): Promise<Bytes>
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
}

export const tweetnaclEd25519: Ed25519 = {
  sign: (keys, message) => {
    const { secretKey } = nacl.sign.keyPair.fromSeed(keys.seed)
    return Promise.resolve(new Uint8Array(nacl.sign.detached(message, secretKey)))
  },
  verify: (publicKey, message, signature) => Promise.resolve(nacl.sign.detached.verify(message, signature, publicKey)),
}

/** RFC 8410, section 7: what stands before the 32 secret bytes in a PKCS #8 Ed25519 key. */
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)
const ALGORITHM = { name: 'Ed25519' } as const

export function webCryptoEd25519(subtle: SharedSubtleCrypto): Ed25519 {
  const publicKeys = new Map<string, Promise<object>>()
  const privateKeys = new WeakMap<SigningKeyPair, Promise<object>>()
  const publicKeyOf = (bytes: Uint8Array): Promise<object> => {
    const name = toHex(bytes)
    const known = publicKeys.get(name)
    if (known !== undefined) return known
    const imported = subtle.importKey('raw', bytes, ALGORITHM, true, ['verify'])
    // Bounded: strangers choose public keys.
    if (publicKeys.size >= 1024) publicKeys.clear()
    publicKeys.set(name, imported)
    return imported
  }
  const privateKeyOf = (keys: SigningKeyPair): Promise<object> => {
    const known = privateKeys.get(keys)
    if (known !== undefined) return known
    const imported = subtle.importKey('pkcs8', concat(PKCS8_PREFIX, keys.seed), ALGORITHM, false, ['sign'])
    privateKeys.set(keys, imported)
    return imported
  }
  return {
    async sign(keys, message) {
      return new Uint8Array(await subtle.sign(ALGORITHM, await privateKeyOf(keys), message))
    },
    async verify(publicKey, message, signature) {
      let key: object
      try {
        key = await publicKeyOf(publicKey)
      } catch {
        // Not a point of the curve: WebCrypto says so at import, tweetnacl by a false verdict.
        return false
      }
      return subtle.verify(ALGORITHM, key, signature, message)
    },
  }
}

/** The order of the base point, little-endian. */
const L = Uint8Array.of(
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
) // prettier-ignore

/** 2^255 - 19, little-endian. */
const P = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 0xed : index === 31 ? 0x7f : 0xff))

function isBelow(value: Uint8Array, bound: Uint8Array): boolean {
  for (let index = 31; index >= 0; index--) {
    const difference = (value[index] ?? 0) - (bound[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** y of the points of order 1, 2, 4 and 8 (as in libsodium's ge25519_has_small_order); the sign of x is left out. */
const SMALL_ORDER_Y: readonly string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

function isAcceptablePublicKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== SIGNING_PUBLIC_LENGTH) return false
  const y = new Uint8Array(publicKey)
  y[31] = (y[31] ?? 0) & 0x7f
  return isBelow(y, P) && !SMALL_ORDER_Y.includes(toHex(y))
}

export const isCanonicalSignature = (signature: Uint8Array): boolean =>
  signature.length === SIGNATURE_LENGTH && isBelow(signature.subarray(32), L)

/** What a signature is for. Nothing signed for one purpose can be shown for another. */
export type SignaturePurpose =
  | 'entry'
  | 'record'
  | 'device certificate'
  | 'device consent'
  | 'invitation proof'
  | 'joiner consent'
  | 'session'
  | 'update file'

const signedBytes = (purpose: SignaturePurpose, message: Uint8Array): Uint8Array =>
  concat(utf8(`teatray v1 ${purpose}\0`), message)

export interface Signer {
  sign(purpose: SignaturePurpose, keys: SigningKeyPair, message: Uint8Array): Promise<Bytes>
  verify(purpose: SignaturePurpose, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
}

export const createSigner = (ed25519: Ed25519): Signer => ({
  sign: (purpose, keys, message) => ed25519.sign(keys, signedBytes(purpose, message)),
  verify: (purpose, publicKey, message, signature) =>
    isAcceptablePublicKey(publicKey) && isCanonicalSignature(signature)
      ? ed25519.verify(publicKey, signedBytes(purpose, message), signature)
      : Promise.resolve(false),
})

let chosen: Promise<Signer> | undefined

/** WebCrypto if this engine really has Ed25519 (Chromium 137+, Node 20+), else tweetnacl. Decided once. */
export const defaultSigner = (): Promise<Signer> => (chosen ??= chooseSigner())

async function chooseSigner(): Promise<Signer> {
  const { subtle } = crypto
  if (subtle === undefined) return createSigner(tweetnaclEd25519)
  const candidate = webCryptoEd25519(subtle)
  const keys = signingKeyPair(new Uint8Array(32).fill(7))
  const message = utf8('Is Ed25519 here?')
  try {
    const signature = await candidate.sign(keys, message)
    if (await candidate.verify(keys.publicKey, message, signature)) return createSigner(candidate)
  } catch {
    // An engine without Ed25519 says so by throwing; the fallback gives the same verdicts, only more slowly.
  }
  return createSigner(tweetnaclEd25519)
}
