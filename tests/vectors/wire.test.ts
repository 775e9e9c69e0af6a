/**
 * What this version writes, byte for byte, and what it must refuse. The data files are never regenerated to make a test pass:
 * bytes that changed are bytes that others can no longer read. After adding a sample:
 *   TEATRAY_WRITE_VECTORS=1 npx vitest run --project unit tests/vectors/wire.test.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { equalBytes, fromHex, toHex, type Bytes } from '../../shared/base/bytes.ts'
import { defaultSigner } from '../../shared/crypto/sign.ts'
import { decodeJoining, encodeJoining } from '../../shared/joining/messages.ts'
import { decodeExact, noKeys, verifyRecord } from '../../shared/membership/verify.ts'
import { decodeEntry, decodeEntryBody, encodeEntry, encodeEntryBody } from '../../shared/wire/entry.ts'
import { decodeRecord, encodeRecord } from '../../shared/wire/record.ts'
import type { Result } from '../../shared/base/errors.ts'
import {
  ada,
  bodies,
  bound,
  boundComputer,
  circle,
  entries,
  failures,
  golden,
  invitation,
  messages,
  records,
  type Failure,
} from './samples.ts'

const path = (name: string): string => resolve(import.meta.dirname, 'data', `${name}.json`)
const isWriting = process.env['TEATRAY_WRITE_VECTORS'] === '1'

function stored<Data>(name: string, current: Data): Data {
  if (isWriting) writeFileSync(path(name), `${JSON.stringify(current, null, 2)}\n`)
  return JSON.parse(readFileSync(path(name), 'utf8')) as Data
}

const data = stored('wire', golden())
const refused = stored('wire-failures', failures())

interface Coding {
  readonly samples: ReadonlyMap<string, unknown>
  readonly stored: Readonly<Record<string, string>>
  readonly decode: (bytes: Bytes) => Result<unknown, string>
  readonly encodeAgain: (bytes: Bytes) => Bytes | undefined
}

const CODINGS: Readonly<Record<string, Coding>> = {
  records: {
    samples: records,
    stored: data.records,
    decode: decodeRecord,
    encodeAgain(bytes) {
      const read = decodeRecord(bytes)
      return read.ok ? encodeRecord(read.value) : undefined
    },
  },
  entries: {
    samples: entries,
    stored: data.entries,
    decode: decodeEntry,
    encodeAgain(bytes) {
      const read = decodeEntry(bytes)
      return read.ok ? encodeEntry(read.value) : undefined
    },
  },
  bodies: {
    samples: bodies,
    stored: data.bodies,
    decode: decodeEntryBody,
    encodeAgain(bytes) {
      const read = decodeEntryBody(bytes)
      return read.ok ? encodeEntryBody(read.value) : undefined
    },
  },
  messages: {
    samples: messages,
    stored: data.messages,
    decode: decodeJoining,
    encodeAgain(bytes) {
      const read = decodeJoining(bytes)
      return read.ok ? encodeJoining(read.value) : undefined
    },
  },
}

describe.each(Object.entries(CODINGS))('%s', (kind, coding) => {
  it('are written as ever', () => {
    expect(golden()[kind as keyof typeof data]).toEqual(coding.stored)
    expect(Object.keys(coding.stored).length).toBeGreaterThan(0)
  })

  it('are read as ever', () => {
    for (const [name, hex] of Object.entries(coding.stored)) {
      const read = coding.decode(fromHex(hex))
      expect({ name, read }).toEqual({ name, read: { ok: true, value: coding.samples.get(name) } })
    }
  })
})

it('records of every kind carry signatures that hold', async () => {
  const signer = await defaultSigner()
  const known = noKeys()
  known.devices.set(ada.device, ada.certificate)
  known.invitations.set(invitation.id, invitation.keys.publicKey)
  for (const [name, hex] of Object.entries(data.records)) {
    const record = records.get(name)
    const read = decodeExact(fromHex(hex), record?.circle ?? circle)
    if (!read.ok) throw new Error(`${name}: ${read.error}`)
    expect({ name, problem: await verifyRecord(signer, known, read.value.record) }).toEqual({
      name,
      problem: undefined,
    })
  }
})

it('the safety words and the challenge of one conversation are what they were', () => {
  const now = { words: bound.words, challenge: toHex(bound.challenge) }
  expect(now).toEqual(stored('safety-words', now))
})

it('the safety words of another computer’s conversation are others, and what they were', () => {
  const now = { words: boundComputer.words, challenge: toHex(boundComputer.challenge) }
  expect(now).toEqual(stored('safety-words-computer', now))
  expect(now.words).not.toEqual(bound.words)
})

async function verdict({ decoder, bytes }: Failure): Promise<string> {
  const raw = fromHex(bytes)
  const decode = { entry: decodeEntry, body: decodeEntryBody, message: decodeJoining }
  if (decoder !== 'record') {
    const read: Result<unknown, string> = decode[decoder](raw)
    return read.ok ? 'accepted' : read.error
  }
  const read = decodeExact(raw, circle)
  if (!read.ok) return read.error
  const known = noKeys()
  known.devices.set(ada.device, ada.certificate)
  return (await verifyRecord(await defaultSigner(), known, read.value.record)) ?? 'accepted'
}

describe('what must be refused', () => {
  it.each(refused)('$decoder $because', async (failure) => {
    expect(await verdict(failure)).toBe(failure.expected)
  })

  it('is what the samples make of it', () => {
    expect(failures()).toEqual(refused)
  })
})

// ------------------------------------------------------------------------------------------------------------ mutations

/** Numerical Recipes' linear congruential generator: the same mutations in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function mutate(bytes: Bytes, random: (below: number) => number): Bytes {
  const at = random(bytes.length)
  switch (random(6)) {
    case 0:
      return bytes.with(at, random(256))
    case 1:
      return bytes.with(at, (bytes[at] ?? 0) ^ (1 << random(8)))
    case 2:
      return bytes.slice(0, at)
    case 3:
      return Uint8Array.from([...bytes, ...Array.from({ length: 1 + random(4) }, () => random(256))])
    case 4:
      return Uint8Array.from([...bytes.slice(0, at), random(256), ...bytes.slice(at)])
    default:
      return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + 1 + random(3))])
  }
}

const MUTATIONS = 20_000

describe.each(Object.entries(CODINGS))('mutated %s', (_kind, coding) => {
  it(`never throw and are never taken for the original: ${MUTATIONS} of them`, () => {
    const random = createRandom(20_260)
    const originals = Object.values(coding.stored).map((hex) => fromHex(hex))
    let [accepted, mutated] = [0, 0]
    for (let index = 0; index < MUTATIONS; index++) {
      const original = originals[index % originals.length]
      if (original === undefined) continue
      const bytes = mutate(original, random)
      if (equalBytes(bytes, original)) continue
      mutated++
      const again = coding.encodeAgain(bytes)
      if (again === undefined) continue
      accepted++
      if (equalBytes(again, original)) throw new Error(`taken for the original: ${toHex(bytes)}`)
    }
    expect(mutated).toBeGreaterThan(MUTATIONS * 0.9)
    expect(accepted).toBeLessThan(mutated)
  }, 120_000)
})
