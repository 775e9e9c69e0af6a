import { createHmac, webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import nacl from 'tweetnacl'
import { describe, expect, it } from 'vitest'
import { fromHex, randomBytes, toHex, utf8, type Bytes } from '../base/bytes.ts'
import { agree } from './agree.ts'
import { derive, hmacSha512 } from './derive.ts'
import { hash } from './hash.ts'
import { isSame } from './same.ts'
import { open, seal, SEAL_OVERHEAD } from './seal.ts'
import { createSigner, signingKeyPair, tweetnaclEd25519, webCryptoEd25519, type Ed25519 } from './sign.ts'
import { boxKeyPairFromSecret, unwrap, wrap, WRAP_OVERHEAD } from './wrap.ts'

interface Vectors {
  readonly ed25519: readonly {
    readonly seed: string
    readonly publicKey: string
    readonly message: string
    readonly signature: string
  }[]
  readonly hmacSha512: readonly { readonly key: string; readonly message: string; readonly mac: string }[]
  readonly hash: readonly { readonly domain: string; readonly parts: readonly string[]; readonly hash: string }[]
  readonly derive: readonly {
    readonly key: string
    readonly label: string
    readonly length: number
    readonly derived: string
  }[]
  readonly seal: readonly { readonly key: string; readonly plain: string; readonly sealed: string }[]
  readonly wrap: readonly { readonly recipientSecret: string; readonly secret: string; readonly wrapped: string }[]
}

const vectors = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../tests/vectors/data/crypto.json'), 'utf8'),
) as Vectors

const subtle = webcrypto.subtle as unknown as Parameters<typeof webCryptoEd25519>[0]
const IMPLEMENTATIONS: readonly (readonly [string, Ed25519])[] = [
  ['WebCrypto', webCryptoEd25519(subtle)],
  ['tweetnacl', tweetnaclEd25519],
]

describe.each(IMPLEMENTATIONS)('Ed25519 by %s', (_name, ed25519) => {
  it('gives RFC 8032’s signatures', async () => {
    for (const { seed, publicKey, message, signature } of vectors.ed25519) {
      const keys = signingKeyPair(fromHex(seed))
      expect(toHex(keys.publicKey)).toBe(publicKey)
      expect(toHex(await ed25519.sign(keys, fromHex(message)))).toBe(signature)
      expect(await ed25519.verify(keys.publicKey, fromHex(message), fromHex(signature))).toBe(true)
    }
  })
})

const L = 2n ** 252n + 27742317777372353535851937790883648493n
const P = 2n ** 255n - 19n
const littleEndian = (value: bigint): Bytes =>
  Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 255n))
const numberOf = (bytes: Uint8Array): bigint => bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n)

const signers = IMPLEMENTATIONS.map(([, ed25519]) => createSigner(ed25519))
const keys = signingKeyPair(new Uint8Array(32).fill(3))
const message = utf8('one record')
const signature = await signers[0]!.sign('record', keys, message)
const s = numberOf(signature.subarray(32))
const withS = (value: bigint): Bytes => Uint8Array.from([...signature.subarray(0, 32), ...littleEndian(value)])

/** R = the neutral point, S = 0: what every message is signed with under a key of small order, where nobody looks. */
const nothing = Uint8Array.from({ length: 64 }, (_, index) => (index === 0 ? 1 : 0))
const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
]

const REFUSED: readonly (readonly [string, Uint8Array, Uint8Array, Uint8Array])[] = [
  ['S + L, which tweetnacl alone accepts', keys.publicKey, message, withS(s + L)],
  ['S + 2 L', keys.publicKey, message, withS(s + 2n * L)],
  ['S = L', keys.publicKey, message, withS(L)],
  ['S = 2^256 - 1', keys.publicKey, message, withS(2n ** 256n - 1n)],
  ['another message', keys.publicKey, utf8('one record.'), signature],
  ['another key', signingKeyPair(new Uint8Array(32).fill(4)).publicKey, message, signature],
  ['no signature', keys.publicKey, message, new Uint8Array(0)],
  ['a signature cut off', keys.publicKey, message, signature.slice(0, 63)],
  ['a signature with a byte more', keys.publicKey, message, Uint8Array.from([...signature, 0])],
  ['a signature of zeros', keys.publicKey, message, new Uint8Array(64)],
  ['a key cut off', keys.publicKey.slice(0, 31), message, signature],
  ['a key with a byte more', Uint8Array.from([...keys.publicKey, 0]), message, signature],
  ['a key that is no point', Uint8Array.from([2, ...new Uint8Array(31)]), message, signature],
  ['y = p + 1, the neutral point written otherwise', littleEndian(P + 1n), message, nothing],
  ['y = 2^255 - 1', littleEndian(2n ** 255n - 1n), message, nothing],
  ...SMALL_ORDER.map(
    (key) => [`the key of small order ${key.slice(0, 8)}…${key.slice(-2)}`, fromHex(key), message, nothing] as const,
  ),
]

describe('both implementations refuse', () => {
  it.each(REFUSED)('%s', async (_name, publicKey, text, forged) => {
    for (const signer of signers) expect(await signer.verify('record', publicKey, text, forged)).toBe(false)
  })

  it('the same signature for another purpose, and accept it for its own', async () => {
    for (const signer of signers) {
      expect(await signer.verify('record', keys.publicKey, message, signature)).toBe(true)
      expect(await signer.verify('entry', keys.publicKey, message, signature)).toBe(false)
      expect(await signer.verify('session', keys.publicKey, message, signature)).toBe(false)
    }
  })

  it('what tweetnacl by itself would take: the reason for our own checks', () => {
    const signed = Uint8Array.from([...utf8('teatray v1 record\0'), ...message])
    expect(nacl.sign.detached.verify(signed, withS(s + L), keys.publicKey)).toBe(true)
    expect(nacl.sign.detached.verify(signed, nothing, fromHex(SMALL_ORDER[0]!))).toBe(true)
  })

  it('or accept alike, whatever bit is changed', { timeout: 60_000 }, async () => {
    for (let bit = 0; bit < 512; bit += 11) {
      const bent = signature.with(bit >> 3, signature[bit >> 3]! ^ (1 << (bit & 7)))
      for (const signer of signers) expect(await signer.verify('record', keys.publicKey, message, bent)).toBe(false)
    }
    for (let bit = 0; bit < 256; bit += 11) {
      const bent = keys.publicKey.with(bit >> 3, keys.publicKey[bit >> 3]! ^ (1 << (bit & 7)))
      for (const signer of signers) expect(await signer.verify('record', bent, message, signature)).toBe(false)
    }
  })

  it('never throwing, whatever comes', { timeout: 60_000 }, async () => {
    const bytes = fc.uint8Array({ maxLength: 70 })
    await fc.assert(
      fc.asyncProperty(bytes, bytes, bytes, async (publicKey, text, forged) => {
        const verdicts = await Promise.all(signers.map((signer) => signer.verify('record', publicKey, text, forged)))
        expect(verdicts).toEqual([false, false])
      }),
    )
  })
})

describe('HMAC-SHA-512', () => {
  it('gives RFC 4231’s codes', () => {
    for (const vector of vectors.hmacSha512) {
      expect(toHex(hmacSha512(fromHex(vector.key), fromHex(vector.message)))).toBe(vector.mac)
    }
    expect(vectors.hmacSha512.length).toBeGreaterThan(4)
  })

  it('agrees with Node’s for keys around the length of a block', () => {
    for (const length of [0, 1, 127, 128, 129, 300]) {
      const key = new Uint8Array(length).fill(5)
      expect(toHex(hmacSha512(key, message))).toBe(createHmac('sha512', key).update(message).digest('hex'))
    }
  })
})

describe('what was hashed, derived, sealed and wrapped once', () => {
  it('still is', () => {
    for (const { domain, parts, hash: expected } of vectors.hash) {
      expect(toHex(hash(domain, ...parts.map(fromHex)))).toBe(expected)
    }
    for (const { key, label, length, derived } of vectors.derive) {
      expect(toHex(derive(fromHex(key), label, length))).toBe(derived)
    }
    for (const { key, plain, sealed } of vectors.seal) expect(toHex(open(fromHex(key), fromHex(sealed))!)).toBe(plain)
    for (const { recipientSecret, secret, wrapped } of vectors.wrap) {
      expect(toHex(unwrap(boxKeyPairFromSecret(fromHex(recipientSecret)), fromHex(wrapped))!)).toBe(secret)
    }
    expect([vectors.hash, vectors.derive, vectors.seal, vectors.wrap].every((list) => list.length > 0)).toBe(true)
  })

  it('cannot be derived too long', () => {
    expect(() => derive(new Uint8Array(32), 'x', 65)).toThrow(RangeError)
    expect(() => derive(new Uint8Array(32), 'x', 0)).toThrow(RangeError)
  })
})

describe('a sealed box', () => {
  const key = randomBytes(32)
  it('opens to what was sealed, with that key alone, unchanged alone', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (plain, at, change) => {
          const sealed = seal(key, plain)
          expect(sealed.length).toBe(plain.length + SEAL_OVERHEAD)
          expect(open(key, sealed)).toEqual(new Uint8Array(plain))
          expect(open(randomBytes(32), sealed)).toBeUndefined()
          const place = at % sealed.length
          expect(open(key, sealed.with(place, sealed[place]! ^ change))).toBeUndefined()
          expect(open(key, sealed.slice(0, place))).toBeUndefined()
        },
      ),
    )
  })
})

describe('a wrapped key', () => {
  it('opens for its recipient alone, unchanged alone', () => {
    const [ann, bea] = [boxKeyPairFromSecret(randomBytes(32)), boxKeyPairFromSecret(randomBytes(32))]
    const secret = randomBytes(32)
    const wrapped = wrap(ann.publicKey, secret)
    expect(wrapped.length).toBe(32 + WRAP_OVERHEAD)
    expect(unwrap(ann, wrapped)).toEqual(secret)
    expect(unwrap(bea, wrapped)).toBeUndefined()
    expect(toHex(wrap(ann.publicKey, secret))).not.toBe(toHex(wrapped))
    for (let at = 0; at < wrapped.length; at++) {
      // The top bit of a u-coordinate is ignored (RFC 7748, 5), but the nonce covers it.
      expect(unwrap(ann, wrapped.with(at, wrapped[at]! ^ 128))).toBeUndefined()
      expect(unwrap(ann, wrapped.slice(0, at))).toBeUndefined()
    }
  })
})

describe('agreement', () => {
  it('is the same from both sides', () => {
    const [ann, bea] = [boxKeyPairFromSecret(randomBytes(32)), boxKeyPairFromSecret(randomBytes(32))]
    expect(agree(ann.secretKey, bea.publicKey)).toEqual(agree(bea.secretKey, ann.publicKey))
  })

  // Points of small order on Curve25519 (as in libsodium's x25519 blocklist).
  it.each([
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ])('refuses the point of small order %s', (point) => {
    expect(agree(randomBytes(32), fromHex(point))).toBeUndefined()
  })
})

describe('comparing codes', () => {
  it('tells equal from different, and takes nothing for nothing', () => {
    expect(isSame(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(isSame(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
    expect(isSame(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false)
    expect(isSame(new Uint8Array(0), new Uint8Array(0))).toBe(false)
  })
})
