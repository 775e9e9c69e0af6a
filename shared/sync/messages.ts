/** What crosses a channel between two sessions (PROTOCOL.md, "Sessions"). One message is at most MAX_MESSAGE bytes. */
import type { Bytes } from '../base/bytes.ts'
import { fromHex, toHex } from '../base/bytes.ts'
import type { Result } from '../base/errors.ts'
import type { CircleId, DeviceId, DocumentId, HashId } from '../base/ids.ts'
import { createWriter, decodeAll, refuse, type DecodeProblem, type Reader, type Writer } from '../wire/codec.ts'
import { readPlace, writePlace, type Place } from '../wire/entry.ts'
import { MAX_ENTRY, MAX_HEADS, MAX_INCARNATION, MAX_RECORD, MAX_SEQ } from '../wire/limits.ts'

export const SESSION_VERSION = 1
export const MAX_CIRCLES = 64
/** Hellos for one circle in one message: two who changed keys apart must find one that both hold. */
export const MAX_OFFERS = 8
export const MAX_HELLO = 32 * 1024
/** Of one message; where more are held, another follows. */
export const MAX_RECORD_HASHES = 10_000
export const MAX_RECORDS_IN_MESSAGE = 256
export const MAX_ENTRIES_IN_MESSAGE = 256
export const MAX_FORKS = 64
export const MAX_PRESENCE = 16 * 1024
export const MAX_REASON = 40
const TAG = 16
const PREFIX = 8
const SIGNATURE = 64

/** Names a circle within one connection: 16 bytes that only those who know the circle can match. */
export type CircleTag = string

/** A head with the first 8 bytes of its hash: enough to notice that two logs are not the same. */
export interface HeadHint extends Place {
  readonly prefix: string
}

export const headPrefix = (hash: HashId): string => hash.slice(0, 2 * PREFIX)

export interface HelloOffer {
  readonly tag: CircleTag
  /** As the tag, for the epoch whose key seals the hello. */
  readonly epochHint: string
  readonly sealed: Bytes
}

export interface Want {
  readonly device: DeviceId
  readonly incarnation: number
  readonly from: number
  /** At most so many; 0: all. */
  readonly limit: number
}

export type Message =
  | { readonly type: 'hello'; readonly offers: readonly HelloOffer[] }
  | { readonly type: 'refused'; readonly tag: CircleTag; readonly reason: string }
  | { readonly type: 'record-hashes'; readonly tag: CircleTag; readonly hashes: readonly HashId[] }
  | { readonly type: 'records'; readonly tag: CircleTag; readonly records: readonly Bytes[] }
  | {
      readonly type: 'have'
      readonly tag: CircleTag
      readonly heads: readonly HeadHint[]
      readonly forks: readonly HashId[]
    }
  | {
      readonly type: 'want'
      readonly tag: CircleTag
      readonly wants: readonly Want[]
      readonly forks: readonly HashId[]
    }
  | {
      readonly type: 'entries'
      readonly tag: CircleTag
      /** 'pushed': unasked. 'answer': to a want. 'end': the last of an answer; ask again for more. */
      readonly part: 'pushed' | 'answer' | 'end'
      readonly entries: readonly Bytes[]
    }
  | { readonly type: 'presence'; readonly tag: CircleTag; readonly sealed: Bytes }
  | {
      readonly type: 'welcome'
      /** Of the group, over which the other has proved itself. */
      readonly tag: CircleTag
      /** The circle of that group that the other was put into. */
      readonly circle: CircleId
      /** The circle's records are complete with these. */
      readonly last: boolean
      readonly records: readonly Bytes[]
    }

const CODES = {
  hello: 1,
  refused: 2,
  'record-hashes': 3,
  records: 4,
  have: 5,
  want: 6,
  entries: 7,
  presence: 8,
  welcome: 9,
} as const

const PARTS = ['pushed', 'answer', 'end'] as const

const writeHead = (writer: Writer, head: HeadHint): Writer => writePlace(writer, head).fixed(fromHex(head.prefix))
const readHead = (reader: Reader): HeadHint => ({ ...readPlace(reader), prefix: toHex(reader.fixed(PREFIX)) })
const writeHash = (writer: Writer, hash: HashId): Writer => writer.hash(hash)
const writeBytes = (writer: Writer, bytes: Bytes): Writer => writer.bytes(bytes)
const readHash = (reader: Reader): HashId => reader.hash()
const readTag = (reader: Reader): CircleTag => toHex(reader.fixed(TAG))

export function encodeMessage(message: Message): Bytes {
  const writer = createWriter().byte(CODES[message.type])
  if (message.type === 'hello') {
    return writer
      .byte(SESSION_VERSION)
      .list(message.offers, (to, { tag, epochHint, sealed }) =>
        to.fixed(fromHex(tag)).fixed(fromHex(epochHint)).bytes(sealed),
      )
      .done()
  }
  writer.fixed(fromHex(message.tag))
  switch (message.type) {
    case 'refused':
      return writer.text(message.reason).done()
    case 'record-hashes':
      return writer.list(message.hashes, writeHash).done()
    case 'records':
      return writer.list(message.records, writeBytes).done()
    case 'have':
      return writer.list(message.heads, writeHead).list(message.forks, writeHash).done()
    case 'want':
      return writer
        .list(message.wants, (to, { device, incarnation, from, limit }) =>
          to.id(device).uint(incarnation).uint(from).uint(limit),
        )
        .list(message.forks, writeHash)
        .done()
    case 'entries':
      return writer.byte(PARTS.indexOf(message.part)).list(message.entries, writeBytes).done()
    case 'presence':
      return writer.bytes(message.sealed).done()
    case 'welcome':
      return writer
        .id(message.circle)
        .byte(message.last ? 1 : 0)
        .list(message.records, writeBytes)
        .done()
  }
}

function readHelloOffers(reader: Reader): Message {
  if (reader.byte() !== SESSION_VERSION) refuse('other-version', 'session version')
  const offers = reader.list(MAX_CIRCLES * MAX_OFFERS, (from) => ({
    tag: readTag(from),
    epochHint: readTag(from),
    sealed: from.bytes(MAX_HELLO),
  }))
  return { type: 'hello', offers }
}

const readFlag = (reader: Reader): boolean => {
  const flag = reader.byte()
  return flag > 1 ? refuse('malformed', 'neither yes nor no') : flag === 1
}

const readRecords = (reader: Reader): readonly Bytes[] =>
  reader.list(MAX_RECORDS_IN_MESSAGE, (from) => from.bytes(MAX_RECORD))

const readWant = (reader: Reader): Want => ({
  device: reader.id<DeviceId>(),
  incarnation: reader.uint(MAX_INCARNATION),
  from: reader.uint(MAX_SEQ),
  limit: reader.uint(MAX_SEQ),
})

export const decodeMessage = (bytes: Uint8Array): Result<Message, DecodeProblem> =>
  decodeAll(bytes, (reader): Message => {
    const code = reader.byte()
    if (code === CODES.hello) return readHelloOffers(reader)
    const tag = readTag(reader)
    switch (code) {
      case CODES.refused:
        return { type: 'refused', tag, reason: reader.text(MAX_REASON) }
      case CODES['record-hashes']:
        return { type: 'record-hashes', tag, hashes: reader.list(MAX_RECORD_HASHES, readHash) }
      case CODES.records:
        return { type: 'records', tag, records: readRecords(reader) }
      case CODES.have:
        return { type: 'have', tag, heads: reader.list(MAX_HEADS, readHead), forks: reader.list(MAX_FORKS, readHash) }
      case CODES.want:
        return { type: 'want', tag, wants: reader.list(MAX_HEADS, readWant), forks: reader.list(MAX_FORKS, readHash) }
      case CODES.entries: {
        const part = PARTS[reader.byte()] ?? refuse('malformed', 'part')
        return {
          type: 'entries',
          tag,
          part,
          entries: reader.list(MAX_ENTRIES_IN_MESSAGE, (from) => from.bytes(MAX_ENTRY)),
        }
      }
      case CODES.presence:
        return { type: 'presence', tag, sealed: reader.bytes(MAX_PRESENCE) }
      case CODES.welcome:
        return {
          type: 'welcome',
          tag,
          circle: reader.id<CircleId>(),
          last: readFlag(reader),
          records: readRecords(reader),
        }
      default:
        return refuse('malformed', 'message type')
    }
  })

/** What the sealed part of a hello says. */
export interface Hello {
  readonly device: DeviceId
  readonly incarnation: number
  /** By the device, over the connection's transcript, the side it is on and the circle. */
  readonly signature: Bytes
  /** Hash of the sorted hashes of all membership records held; zeros: not said. */
  readonly recordsDigest: Bytes
  /** The first MAX_HEADS; more follow in HAVE messages. None where the epoch may be known to somebody who was removed. */
  readonly heads: readonly HeadHint[]
}

export const encodeHello = (hello: Hello): Bytes =>
  createWriter()
    .id(hello.device)
    .uint(hello.incarnation)
    .fixed(hello.signature)
    .fixed(hello.recordsDigest)
    .list(hello.heads, writeHead)
    .done()

export const decodeHello = (bytes: Uint8Array): Result<Hello, DecodeProblem> =>
  decodeAll(bytes, (reader) => ({
    device: reader.id<DeviceId>(),
    incarnation: reader.uint(MAX_INCARNATION),
    signature: reader.fixed(SIGNATURE),
    recordsDigest: reader.fixed(32),
    heads: reader.list(MAX_HEADS, readHead),
  }))

export interface PresenceBody {
  readonly document: DocumentId
  /** y-protocols awareness update. */
  readonly update: Bytes
}

export const encodePresence = ({ document, update }: PresenceBody): Bytes =>
  createWriter().id(document).bytes(update).done()

export const decodePresence = (bytes: Uint8Array): Result<PresenceBody, DecodeProblem> =>
  decodeAll(bytes, (reader) => ({ document: reader.id<DocumentId>(), update: reader.bytes(MAX_PRESENCE) }))
