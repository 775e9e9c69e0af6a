/** Samples of what crosses a session's channel: nothing random. */
import { fromHex, toHex, utf8, type Bytes } from '../../shared/base/bytes.ts'
import type { CircleId, DeviceId, DocumentId, HashId } from '../../shared/base/ids.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { NO_DIGEST } from '../../shared/sync/hello.ts'
import {
  encodeHello,
  encodeMessage,
  encodePresence,
  type HeadHint,
  type Hello,
  type Message,
  type PresenceBody,
} from '../../shared/sync/messages.ts'

const fixed = (name: string, length = 32): Bytes => hash('golden vector', utf8(name)).slice(0, length)
const hex = (name: string, length = 32): string => toHex(fixed(name, length))

const tag = hex('tag', 16)
const device = hex('Ada', 16) as DeviceId
const head: HeadHint = { device, incarnation: 0, seq: 12, prefix: hex('head', 8) }
const lateHead: HeadHint = { device, incarnation: 65_535, seq: 0xffff_ffff, prefix: hex('late head', 8) }
const signature = new Uint8Array([...fixed('signature one'), ...fixed('signature two')])

export const sessionMessages: ReadonlyMap<string, Message> = new Map<string, Message>([
  [
    'hello',
    {
      type: 'hello',
      offers: [
        { tag, epochHint: hex('epoch', 16), sealed: fixed('sealed hello') },
        { tag, epochHint: hex('older epoch', 16), sealed: fixed('minimal hello') },
      ],
    },
  ],
  ['hello without circles', { type: 'hello', offers: [] }],
  ['refused', { type: 'refused', tag, reason: 'removed' }],
  ['record hashes', { type: 'record-hashes', tag, hashes: [hex('record a') as HashId, hex('record b') as HashId] }],
  ['no record hashes', { type: 'record-hashes', tag, hashes: [] }],
  ['records', { type: 'records', tag, records: [fixed('record a'), fixed('record b', 5)] }],
  ['have', { type: 'have', tag, heads: [head, lateHead], forks: [hex('fork') as HashId] }],
  [
    'want',
    {
      type: 'want',
      tag,
      wants: [
        { device, incarnation: 0, from: 13, limit: 0 },
        { device, incarnation: 1, from: 7, limit: 1 },
      ],
      forks: [hex('fork') as HashId],
    },
  ],
  ['entries pushed', { type: 'entries', tag, part: 'pushed', entries: [fixed('entry')] }],
  ['entries answered', { type: 'entries', tag, part: 'answer', entries: [fixed('entry a'), fixed('entry b', 7)] }],
  ['end of an answer', { type: 'entries', tag, part: 'end', entries: [] }],
  ['presence', { type: 'presence', tag, sealed: fixed('sealed presence') }],
  [
    'welcome',
    {
      type: 'welcome',
      tag,
      circle: hex('circle', 16) as CircleId,
      last: false,
      records: [fixed('record a'), fixed('record b', 5)],
    },
  ],
  ['end of a welcome', { type: 'welcome', tag, circle: hex('circle', 16) as CircleId, last: true, records: [] }],
])

export const hellos: ReadonlyMap<string, Hello> = new Map<string, Hello>([
  ['full', { device, incarnation: 3, signature, recordsDigest: fixed('digest'), heads: [head, lateHead] }],
  ['minimal', { device, incarnation: 0, signature, recordsDigest: NO_DIGEST, heads: [] }],
])

export const presences: ReadonlyMap<string, PresenceBody> = new Map<string, PresenceBody>([
  ['a cursor', { document: hex('document', 16) as DocumentId, update: fixed('awareness update') }],
])

const hexOf = <Value>(samples: ReadonlyMap<string, Value>, encode: (value: Value) => Bytes) =>
  Object.fromEntries([...samples].map(([name, value]) => [name, toHex(encode(value))]))

export const sessionGolden = () => ({
  messages: hexOf(sessionMessages, encodeMessage),
  hellos: hexOf(hellos, encodeHello),
  presences: hexOf(presences, encodePresence),
})

export interface SessionFailure {
  readonly decoder: keyof ReturnType<typeof sessionGolden>
  readonly because: string
  readonly bytes: string
  readonly expected: string
}

type Edit = (bytes: Bytes) => Bytes

const bytesWith = (...parts: readonly (Uint8Array | readonly number[])[]): Bytes =>
  Uint8Array.from(parts.flatMap((part) => [...part]))
const set =
  (offset: number, value: number): Edit =>
  (bytes) =>
    bytes.with(offset < 0 ? bytes.length + offset : offset, value)
const cut =
  (count: number): Edit =>
  (bytes) =>
    bytes.slice(0, bytes.length - count)
const extend =
  (...more: readonly number[]): Edit =>
  (bytes) =>
    bytesWith(bytes, more)
const splice =
  (offset: number, removed: number, ...added: readonly number[]): Edit =>
  (bytes) =>
    bytesWith(bytes.slice(0, offset), added, bytes.slice(offset + removed))

/** After the type and the tag. */
const FIELDS = 17
/** And the circle, of a welcome. */
const LAST = FIELDS + 16

const CASES: readonly (readonly [SessionFailure['decoder'], string, string, string, Edit])[] = [
  ['messages', 'hello', 'nothing at all', 'malformed', () => new Uint8Array(0)],
  ['messages', 'hello', 'another version', 'other-version', set(1, 2)],
  ['messages', 'hello', 'more offers than circles and epochs', 'too-large', splice(2, 1, 0x81, 0x04)],
  ['messages', 'hello', 'a sealed hello above its limit', 'too-large', splice(35, 1, 0x81, 0x80, 0x02)],
  ['messages', 'hello', 'cut off by a byte', 'malformed', cut(1)],
  ['messages', 'presence', 'no such message', 'malformed', set(0, 10)],
  ['messages', 'presence', 'no message zero', 'malformed', set(0, 0)],
  ['messages', 'presence', 'a byte too many', 'malformed', extend(0)],
  ['messages', 'refused', 'a reason above its limit', 'too-large', splice(FIELDS, 1, 41)],
  ['messages', 'record hashes', 'more hashes than records are kept', 'too-large', splice(FIELDS, 1, 0x91, 0x4e)],
  ['messages', 'records', 'more records than a message may hold', 'too-large', splice(FIELDS, 1, 0x81, 0x02)],
  ['messages', 'have', 'more heads than a message may hold', 'too-large', splice(FIELDS, 1, 0x81, 0x02)],
  ['messages', 'end of an answer', 'no such part', 'malformed', set(FIELDS, 3)],
  ['messages', 'welcome', 'neither the last nor another', 'malformed', set(LAST, 2)],
  ['messages', 'welcome', 'more records than a message may hold', 'too-large', splice(LAST + 1, 1, 0x81, 0x02)],
  ['messages', 'welcome', 'a record above its limit', 'too-large', splice(LAST + 2, 1, 0x81, 0x80, 0x04)],
  ['messages', 'welcome', 'cut off by a byte', 'malformed', cut(1)],
  ['messages', 'end of a welcome', 'a byte too many', 'malformed', extend(0)],
  ['hellos', 'minimal', 'cut off by a byte', 'malformed', cut(1)],
  ['hellos', 'minimal', 'a byte too many', 'malformed', extend(0)],
  ['hellos', 'minimal', 'more heads than a hello may hold', 'too-large', splice(113, 1, 0x81, 0x02)],
  ['presences', 'a cursor', 'an update above its limit', 'too-large', splice(16, 1, 0x81, 0x80, 0x01)],
]

export const sessionFailures = (): readonly SessionFailure[] => {
  const all = sessionGolden()
  return CASES.map(([decoder, sample, because, expected, edit]) => ({
    decoder,
    because: `${sample}: ${because}`,
    expected,
    bytes: toHex(edit(fromHex(all[decoder][sample] ?? ''))),
  }))
}
