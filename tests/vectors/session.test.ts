/**
 * What sessions say, byte for byte, and what they must refuse. As in wire.test.ts, the data files are never regenerated to make a
 * test pass. After adding a sample:
 *   TEATRAY_WRITE_VECTORS=1 npx vitest run --project unit tests/vectors/session.test.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { equalBytes, fromHex, toHex, type Bytes } from '../../shared/base/bytes.ts'
import type { Result } from '../../shared/base/errors.ts'
import {
  decodeHello,
  decodeMessage,
  decodePresence,
  encodeHello,
  encodeMessage,
  encodePresence,
} from '../../shared/sync/messages.ts'
import { hellos, presences, sessionFailures, sessionGolden, sessionMessages } from './session-samples.ts'

const path = (name: string): string => resolve(import.meta.dirname, 'data', `${name}.json`)

function stored<Data>(name: string, current: Data): Data {
  if (process.env['TEATRAY_WRITE_VECTORS'] === '1') {
    writeFileSync(path(name), `${JSON.stringify(current, null, 2)}\n`)
  }
  return JSON.parse(readFileSync(path(name), 'utf8')) as Data
}

const data = stored('session', sessionGolden())
const refused = stored('session-failures', sessionFailures())

interface Coding {
  readonly samples: ReadonlyMap<string, unknown>
  readonly decode: (bytes: Bytes) => Result<unknown, string>
  readonly encodeAgain: (bytes: Bytes) => Bytes | undefined
}

const coding = <Value>(
  samples: ReadonlyMap<string, Value>,
  decode: (bytes: Bytes) => Result<Value, string>,
  encode: (value: Value) => Bytes,
): Coding => ({
  samples,
  decode,
  encodeAgain: (bytes) => {
    const read = decode(bytes)
    return read.ok ? encode(read.value) : undefined
  },
})

const CODINGS = {
  messages: coding(sessionMessages, decodeMessage, encodeMessage),
  hellos: coding(hellos, decodeHello, encodeHello),
  presences: coding(presences, decodePresence, encodePresence),
} as const

describe.each(['messages', 'hellos', 'presences'] as const)('%s of sessions', (kind) => {
  it('are written as ever', () => {
    expect(sessionGolden()[kind]).toEqual(data[kind])
  })

  it('are read as ever', () => {
    const { decode, samples } = CODINGS[kind]
    expect(samples.size).toBeGreaterThan(0)
    for (const [name, value] of samples) {
      const hex = data[kind][name]
      expect({ name, read: decode(fromHex(hex ?? '')) }).toEqual({ name, read: { ok: true, value } })
    }
  })

  it('have one encoding: one bit changed is refused, or is another statement', () => {
    const { encodeAgain } = CODINGS[kind]
    const differing: string[] = []
    for (const hex of Object.values(data[kind])) {
      const bytes = fromHex(hex)
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const changed = bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
        const again = encodeAgain(changed)
        if (again !== undefined && !equalBytes(again, changed)) differing.push(toHex(changed))
      }
    }
    expect(differing).toEqual([])
  })
})

describe('what sessions must refuse', () => {
  it.each(refused)('$decoder $because', ({ decoder, bytes, expected }) => {
    const read = CODINGS[decoder].decode(fromHex(bytes))
    expect(read.ok ? 'accepted' : read.error).toBe(expected)
  })

  it('is what the samples make of it', () => {
    expect(sessionFailures()).toEqual(refused)
  })
})
