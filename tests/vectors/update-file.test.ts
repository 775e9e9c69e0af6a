/**
 * Update files, byte for byte: what one says, a whole one that opens with its key for ever, and what must be refused, by name. As in
 * wire.test.ts, the data file is never regenerated to make a test pass. After adding a sample:
 *   TEATRAY_WRITE_VECTORS=1 npx vitest run --project unit tests/vectors/update-file.test.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, describe, test } from 'vitest'
import { concat, fromHex, toHex, utf8, type Bytes } from '../../shared/base/bytes.ts'
import type { CircleId, DeviceId, MemberId } from '../../shared/base/ids.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { createSigner, signingKeyPair, tweetnaclEd25519 } from '../../shared/crypto/sign.ts'
import { boxKeyPairFromSecret } from '../../shared/crypto/wrap.ts'
import { decodeContent, encodeContent, type FileContent } from '../../shared/update-file/content.ts'
import { decodeEnvelope, openEnvelope, sealUpdateFile, signedOfFile } from '../../shared/update-file/envelope.ts'

const path = resolve(import.meta.dirname, 'data/update-file.json')
const id = (digit: string): string => digit.repeat(32)
const signer = createSigner(tweetnaclEd25519)
const signing = signingKeyPair(new Uint8Array(32).fill(3))
const box = boxKeyPairFromSecret(new Uint8Array(32).fill(4))
const stranger = boxKeyPairFromSecret(new Uint8Array(32).fill(5))

const group = id('1') as CircleId
const contents: Readonly<Record<string, FileContent>> = {
  'to everybody, with nothing but heads': {
    group,
    device: id('2') as DeviceId,
    incarnation: 0,
    madeAt: 0,
    to: undefined,
    whole: true,
    sections: [
      {
        circle: group,
        records: [],
        heads: [{ device: id('2') as DeviceId, incarnation: 0, seq: 1, prefix: '0123456789abcdef' }],
        entries: [],
      },
    ],
  },
  'to one person, two circles, not whole': {
    group,
    device: id('2') as DeviceId,
    incarnation: 300,
    madeAt: 1_795_338_600_000,
    to: id('3') as MemberId,
    whole: false,
    sections: [
      { circle: group, records: [utf8('a record')], heads: [], entries: [utf8('an entry'), utf8('the next')] },
      {
        circle: id('4') as CircleId,
        records: [],
        heads: [{ device: id('5') as DeviceId, incarnation: 65_535, seq: 4_294_967_295, prefix: 'ffffffffffffffff' }],
        entries: [],
      },
    ],
  },
}

interface Vectors {
  readonly contents: Readonly<Record<string, string>>
  /** Opens with the box key whose secret is 32 times 04; signed with the seed of 32 times 03; says the second content. */
  readonly file: string
}

const named = 'to one person, two circles, not whole'
const contentNamed = (name: string): FileContent => {
  const content = contents[name]
  if (content === undefined) throw new Error(name)
  return content
}
const current = (): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(contents).map(([name, content]) => [name, toHex(encodeContent(content))]))

if (process.env['TEATRAY_WRITE_VECTORS'] === '1') {
  const file = await sealUpdateFile([box.publicKey], encodeContent(contentNamed(named)), (message) =>
    signer.sign('update file', signing, message),
  )
  const vectors: Vectors = { contents: current(), file: toHex(file) }
  writeFileSync(path, `${JSON.stringify(vectors, null, 2)}\n`)
}
const data = JSON.parse(readFileSync(path, 'utf8')) as Vectors
const file = fromHex(data.file)

describe('what a file says', () => {
  test('is written as ever', () => {
    expect(current()).toEqual(data.contents)
  })

  test.each(Object.entries(contents))('%s is read as ever', (name, content) => {
    expect(decodeContent(fromHex(data.contents[name] ?? ''))).toEqual({ ok: true, value: content })
  })

  const whole = (): Bytes => encodeContent(contentNamed(named))
  const refused: readonly (readonly [string, () => Bytes, string])[] = [
    ['cut off', () => whole().slice(0, -1), 'malformed'],
    ['bytes left over', () => concat(whole(), Uint8Array.of(0)), 'malformed'],
    ['neither to one nor to everybody', () => patched(whole(), 16 + 16 + 2 + 6, 2), 'malformed'],
    [
      'the group does not come first',
      () => encodeContent({ ...contentNamed(named), sections: [...contentNamed(named).sections].toReversed() }),
      'malformed',
    ],
    [
      'a circle twice',
      () => {
        const { sections } = contentNamed(named)
        return encodeContent({ ...contentNamed(named), sections: [...sections, ...sections.slice(1)] })
      },
      'malformed',
    ],
    ['no circle at all', () => encodeContent({ ...contentNamed(named), sections: [] }), 'malformed'],
    ['an incarnation over 65,535', () => encodeContent({ ...contentNamed(named), incarnation: 65_536 }), 'too-large'],
    [
      'a record over 64 KiB',
      () => {
        const { sections } = contentNamed(named)
        return encodeContent({
          ...contentNamed(named),
          sections: sections.map((one) => ({ ...one, records: [new Uint8Array(65_537)] })),
        })
      },
      'too-large',
    ],
  ]
  test.each(refused)('%s: refused by name', (_name, bytes, problem) => {
    expect(decodeContent(bytes())).toMatchObject({ ok: false, error: problem })
  })
})

const patched = (bytes: Bytes, at: number, value: number): Bytes => {
  const changed = new Uint8Array(bytes)
  changed[at] = value
  return changed
}

/** With the checksum that belongs to it: what somebody made wrongly, not what the way spoilt. */
const checksummed = (body: Bytes): Bytes => concat(body, hash('update file', body))
const body = (): Bytes => file.slice(0, -32)

describe('a whole file', () => {
  test('opens for ever, and its signature holds', async () => {
    const envelope = decodeEnvelope(file)
    if (!envelope.ok) throw new Error(envelope.error)
    const opened = openEnvelope(box, envelope.value)
    if (!opened.ok) throw new Error(opened.error)
    expect(toHex(opened.value.content)).toBe(data.contents[named])
    const signed = signedOfFile(envelope.value.slots, opened.value.content)
    expect(await signer.verify('update file', signing.publicKey, signed, opened.value.signature)).toBe(true)
    expect(openEnvelope(stranger, envelope.value)).toMatchObject({ ok: false, error: 'not-for-us' })
  })

  const refused: readonly (readonly [string, () => Bytes, string])[] = [
    ['nothing', () => new Uint8Array(), 'cut-off'],
    ['another file', () => utf8('PK\u0003\u0004 a document'), 'not-an-update-file'],
    ['its first word alone', () => file.slice(0, 14), 'cut-off'],
    ['its sizes alone', () => file.slice(0, 21), 'cut-off'],
    ['all but its last byte', () => file.slice(0, -1), 'cut-off'],
    ['a byte more', () => concat(file, Uint8Array.of(10)), 'damaged'],
    ['version 0', () => patched(file, 14, 0), 'damaged'],
    ['version 2', () => patched(file, 14, 2), 'newer-version'],
    ['three slots', () => patched(file, 16, 3), 'damaged'],
    ['no slots', () => patched(file, 16, 0), 'damaged'],
    ['1,024 slots', () => patched(patched(file, 15, 4), 16, 0), 'damaged'],
    ['a changed slot', () => patched(file, 30, (file[30] ?? 0) ^ 1), 'damaged'],
    ['a changed box', () => patched(file, 400, (file[400] ?? 0) ^ 1), 'damaged'],
    ['a changed checksum', () => patched(file, file.length - 1, (file.at(-1) ?? 0) ^ 1), 'damaged'],
    ['more than 64 MiB', () => new Uint8Array(64 * 1024 * 1024 + 1), 'too-large'],
  ]
  test.each(refused)('%s: refused by name', (_name, bytes, problem) => {
    expect(decodeEnvelope(bytes())).toMatchObject({ ok: false, error: problem })
  })

  test('a box that was changed by somebody who made the checksum anew does not open', () => {
    const at = 21 + 4 * 80 + 5
    const envelope = decodeEnvelope(checksummed(patched(body(), at, (file[at] ?? 0) ^ 1)))
    expect(envelope.ok && openEnvelope(box, envelope.value)).toMatchObject({ ok: false, error: 'damaged' })
  })
})
