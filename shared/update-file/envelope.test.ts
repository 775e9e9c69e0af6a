import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomBytes, utf8, type Bytes } from '../base/bytes.ts'
import { boxKeyPairFromSecret } from '../crypto/wrap.ts'
import { decodeContent, encodeContent, type FileContent } from './content.ts'
import { decodeEnvelope, openEnvelope, sealUpdateFile, signedOfFile } from './envelope.ts'
import type { CircleId, DeviceId, MemberId } from '../base/ids.ts'

const keys = () => boxKeyPairFromSecret(randomBytes(32))
const sign = async (message: Bytes): Promise<Bytes> => new Uint8Array(message)
const hex = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('hex'))
const id = hex(16)
const bytes = fc.uint8Array({ maxLength: 300 }).map((some) => new Uint8Array(some))

describe('the outside of an update file', () => {
  test('opens for each of those it is for, and for nobody else', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.integer({ min: 1, max: 9 }), async (content, count) => {
        const recipients = Array.from({ length: count }, keys)
        const file = await sealUpdateFile(
          recipients.map(({ publicKey }) => publicKey),
          content,
          sign,
        )
        const envelope = decodeEnvelope(file)
        if (!envelope.ok) throw new Error(envelope.error)
        for (const recipient of recipients) {
          const opened = openEnvelope(recipient, envelope.value)
          expect(opened.ok && [...opened.value.content]).toEqual([...content])
          expect(opened.ok && [...opened.value.signature]).toEqual([...signedOfFile(envelope.value.slots, content)])
        }
        expect(openEnvelope(keys(), envelope.value)).toEqual({ ok: false, error: 'not-for-us' })
      }),
      { numRuns: 30 },
    ))

  test('content of several boxes comes back whole, and what is in clear is as short for one computer as for four', async () => {
    const content = new Uint8Array(600_000).map((_, at) => (at * 2_654_435_761) >>> 7)
    const [one, ...more] = Array.from({ length: 4 }, keys)
    if (one === undefined) throw new Error('none')
    const file = await sealUpdateFile([one.publicKey], content, sign)
    const forFour = await sealUpdateFile(
      [one, ...more].map(({ publicKey }) => publicKey),
      content,
      sign,
    )
    expect(forFour.length).toBe(file.length)
    const envelope = decodeEnvelope(file)
    const opened = envelope.ok ? openEnvelope(one, envelope.value) : envelope
    expect(opened.ok && Buffer.from(opened.value.content).equals(Buffer.from(content))).toBe(true)
  })

  test('any byte that changed is noticed before anything is opened', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const file = await whole
        const bent = new Uint8Array(file)
        const index = at % file.length
        bent[index] = (bent[index] ?? 0) ^ change
        expect(decodeEnvelope(bent).ok).toBe(false)
      }),
      { numRuns: 100 },
    ))

  test('any end that is missing is said to be', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), async (at) => {
        const file = await whole
        expect(decodeEnvelope(file.subarray(0, at % file.length))).toMatchObject({ ok: false, error: 'cut-off' })
      }),
      { numRuns: 100 },
    ))

  test('what follows it, an older or a newer version, and other files', async () => {
    const file = await whole
    expect(decodeEnvelope(new Uint8Array([...file, 10]))).toMatchObject({ error: 'damaged' })
    const newer = new Uint8Array(file)
    newer[14] = 2
    expect(decodeEnvelope(newer)).toMatchObject({ error: 'newer-version' })
    expect(decodeEnvelope(utf8('%PDF-1.7 a leaflet'))).toMatchObject({ error: 'not-an-update-file' })
  })

  test('whatever it is given, it answers', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (some) => {
        expect([true, false]).toContain(decodeEnvelope(some).ok)
        expect([true, false]).toContain(decodeContent(some).ok)
      }),
    ))
})

const whole = sealUpdateFile([keys().publicKey], utf8('what it says'), sign)

const section = (circle: fc.Arbitrary<string>) =>
  fc.record({
    circle: circle as fc.Arbitrary<CircleId>,
    records: fc.array(bytes, { maxLength: 4 }),
    heads: fc.array(
      fc.record({
        device: id as unknown as fc.Arbitrary<DeviceId>,
        incarnation: fc.nat(65_535),
        seq: fc.nat(0xffff_ffff),
        prefix: hex(8),
      }),
      { maxLength: 4 },
    ),
    entries: fc.array(bytes, { maxLength: 4 }),
  })

const contents: fc.Arbitrary<FileContent> = id.chain((group) =>
  fc.record({
    group: fc.constant(group as unknown as CircleId),
    device: id as unknown as fc.Arbitrary<DeviceId>,
    incarnation: fc.nat(65_535),
    madeAt: fc.nat(8.64e15),
    to: fc.option(id as unknown as fc.Arbitrary<MemberId>, { nil: undefined }),
    whole: fc.boolean(),
    sections: fc
      .tuple(section(fc.constant(group)), fc.uniqueArray(section(id), { maxLength: 3, selector: (one) => one.circle }))
      .map(([first, more]) => [first, ...more.filter(({ circle }) => circle !== first.circle)]),
  }),
)

describe('what an update file says', () => {
  test('reads back', () =>
    fc.assert(
      fc.property(contents, (content) => {
        expect(decodeContent(encodeContent(content))).toEqual({ ok: true, value: content })
      }),
    ))

  test('has no end that may be missing', () =>
    fc.assert(
      fc.property(contents, fc.nat(), (content, at) => {
        const encoded = encodeContent(content)
        expect(decodeContent(encoded.subarray(0, at % encoded.length)).ok).toBe(false)
      }),
    ))
})
