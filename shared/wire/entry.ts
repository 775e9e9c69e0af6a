/**
 * An entry: one signed and sealed batch of one device's edits to one document; the link of its append-only log.
 * Laid out in PROTOCOL.md, "Entries".
 */
import { fromHex, toHex, type Bytes } from '../base/bytes.ts'
import type { Result } from '../base/errors.ts'
import { ID_LENGTH, type CircleId, type DeviceId, type DocumentId, type EpochId, type HashId } from '../base/ids.ts'
import { createWriter, decodeAll, refuse, type DecodeProblem, type Reader, type Writer } from './codec.ts'
import { MAX_ENTRY, MAX_HEADS, MAX_INCARNATION, MAX_SEQ, MAX_TIME, WIRE_VERSION } from './limits.ts'
import { paddedLength } from './padding.ts'

/** 64 zeros: "nothing stands before". */
export const NO_HASH = '0'.repeat(64) as HashId

/** A place in a log. Two different signed entries for one place prove that a device's log forked. */
export interface Place {
  readonly device: DeviceId
  readonly incarnation: number
  readonly seq: number
}

/**
 * A place, and which entry stood there: nobody can have named an entry that was still to be written. 16 bytes of its hash, since
 * two who prepare it could name very many, and look for one that fits any of them.
 */
export interface Seen extends Place {
  readonly prefix: string
}

const SEEN_PREFIX = 16

export const seenOf = ({ device, incarnation, seq, hash }: Place & { readonly hash: HashId }): Seen => ({
  device,
  incarnation,
  seq,
  prefix: hash.slice(0, 2 * SEEN_PREFIX),
})

interface EntryBase extends Place {
  readonly circle: CircleId
  readonly epoch: EpochId
  /** Hash of the entry at seq - 1 (for a fold: at foldsFrom - 1); NO_HASH at the log's beginning. */
  readonly previous: HashId
  readonly sealedBody: Bytes
  readonly signature: Bytes
}

export interface UpdateEntry extends EntryBase {
  readonly kind: 'update'
}

/** Stands for the same device's entries foldsFrom ... seq - 1, all of one document, merged; `folded` is the hash of seq - 1. */
export interface FoldEntry extends EntryBase {
  readonly kind: 'fold'
  readonly foldsFrom: number
  readonly folded: HashId
}

export type Entry = UpdateEntry | FoldEntry
export type UnsignedEntry = Omit<UpdateEntry, 'signature'> | Omit<FoldEntry, 'signature'>

const KIND = { update: 1, fold: 2 } as const

export interface EntryBody {
  readonly document: DocumentId
  /** For display only. */
  readonly authoredAt: number
  /** Heads of others that the author had, as far as they changed since its previous entry. */
  readonly seen: readonly Seen[]
  /** Yjs update, format V2. */
  readonly update: Bytes
}

export const writePlace = (writer: Writer, place: Place): Writer =>
  writer.id(place.device).uint(place.incarnation).uint(place.seq)

export const readPlace = (reader: Reader): Place => ({
  device: reader.id<DeviceId>(),
  incarnation: reader.uint(MAX_INCARNATION),
  seq: reader.uint(MAX_SEQ),
})

const writeSeen = (writer: Writer, seen: Seen): Writer => writePlace(writer, seen).fixed(fromHex(seen.prefix))

const readSeen = (reader: Reader): Seen => ({ ...readPlace(reader), prefix: toHex(reader.fixed(SEEN_PREFIX)) })

/** Where an encoded entry names its device: after version, kind and circle. */
const DEVICE_AT = 2 + ID_LENGTH

/** Whether these bytes, if they are an entry at all, are one of this device's; without decoding them. */
export const isEntryOf = (bytes: Uint8Array, device: DeviceId): boolean =>
  toHex(bytes.subarray(DEVICE_AT, DEVICE_AT + ID_LENGTH)) === device

/** The bytes that the signature is over. */
export function encodeUnsignedEntry(entry: UnsignedEntry): Bytes {
  const writer = createWriter().byte(WIRE_VERSION).byte(KIND[entry.kind]).id(entry.circle)
  writePlace(writer, entry).id(entry.epoch).hash(entry.previous)
  if (entry.kind === 'fold') writer.uint(entry.foldsFrom).hash(entry.folded)
  return writer.bytes(entry.sealedBody).done()
}

export const encodeEntry = (entry: Entry): Bytes =>
  createWriter().fixed(encodeUnsignedEntry(entry)).fixed(entry.signature).done()

export function decodeEntry(bytes: Uint8Array): Result<Entry, DecodeProblem> {
  return decodeAll(bytes, (reader): Entry => {
    if (bytes.length > MAX_ENTRY) refuse('too-large', `an entry over ${MAX_ENTRY} bytes`)
    if (reader.byte() !== WIRE_VERSION) refuse('other-version', 'entry version')
    const kind = reader.byte()
    const circle = reader.id<CircleId>()
    const place = readPlace(reader)
    if (place.seq < 1) refuse('malformed', 'entries count from 1')
    const common = { circle, ...place, epoch: reader.id<EpochId>(), previous: reader.hash() }
    const readEnd = () => ({ sealedBody: reader.bytes(MAX_ENTRY), signature: reader.fixed(64) })
    if (kind === KIND.update) return { kind: 'update', ...common, ...readEnd() }
    if (kind !== KIND.fold) return refuse('malformed', 'entry kind')
    const foldsFrom = reader.uint(MAX_SEQ)
    if (foldsFrom < 1 || foldsFrom >= place.seq) refuse('malformed', 'a fold of nothing')
    return { kind: 'fold', ...common, foldsFrom, folded: reader.hash(), ...readEnd() }
  })
}

/** Padded with zeros (padding.ts); sealed by the caller under the epoch's entry key. */
export function encodeEntryBody(body: EntryBody): Bytes {
  const plain = createWriter()
    .id(body.document)
    .uint(body.authoredAt)
    .list(body.seen, writeSeen)
    .bytes(body.update)
    .done()
  const padded = new Uint8Array(paddedLength(plain.length))
  padded.set(plain)
  return padded
}

export function decodeEntryBody(bytes: Uint8Array): Result<EntryBody, DecodeProblem> {
  return decodeAll(bytes, (reader) => {
    const body = {
      document: reader.id<DocumentId>(),
      authoredAt: reader.uint(MAX_TIME),
      seen: reader.list(MAX_HEADS, readSeen),
      update: reader.bytes(MAX_ENTRY),
    }
    const padding = reader.rest()
    // One length and zeros only, so that one body has one encoding.
    if (bytes.length !== paddedLength(bytes.length - padding.length) || padding.some((byte) => byte !== 0)) {
      refuse('malformed', 'padding')
    }
    return body
  })
}
