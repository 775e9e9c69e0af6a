/** The plaintext of the rows of entries and records. */
import type { Bytes } from '../../shared/base/bytes.ts'
import type { Result } from '../../shared/base/errors.ts'
import type { CircleId, DeviceId, DocumentId } from '../../shared/base/ids.ts'
import type { StoredEntry, StoredRecord } from '../../shared/sync/store.ts'
import { createWriter, decodeAll, type DecodeProblem } from '../../shared/wire/codec.ts'
import { MAX_ENTRY, MAX_INCARNATION, MAX_RECORD, MAX_SEQ } from '../../shared/wire/limits.ts'

export const encodeEntryRow = (entry: StoredEntry): Bytes =>
  createWriter()
    .id(entry.device)
    .uint(entry.incarnation)
    .uint(entry.seq)
    .uint(entry.from)
    .id(entry.document)
    .hash(entry.hash)
    .bytes(entry.bytes)
    .done()

export const decodeEntryRow = (bytes: Uint8Array): Result<StoredEntry, DecodeProblem> =>
  decodeAll(bytes, (reader) => ({
    device: reader.id<DeviceId>(),
    incarnation: reader.uint(MAX_INCARNATION),
    seq: reader.uint(MAX_SEQ),
    from: reader.uint(MAX_SEQ),
    document: reader.id<DocumentId>(),
    hash: reader.hash(),
    bytes: reader.bytes(MAX_ENTRY),
  }))

export const encodeRecordRow = (record: StoredRecord): Bytes =>
  createWriter().hash(record.hash).bytes(record.bytes).done()

export const decodeRecordRow = (bytes: Uint8Array): Result<StoredRecord, DecodeProblem> =>
  decodeAll(bytes, (reader) => ({ hash: reader.hash(), bytes: reader.bytes(MAX_RECORD) }))

export interface StoredCircle {
  readonly circle: CircleId
  /** What the session needs to open the circle again; encoded by the session. */
  readonly bytes: Bytes
}

const MAX_CIRCLE = 1024 * 1024

export const encodeCircleRow = (circle: StoredCircle): Bytes =>
  createWriter().id(circle.circle).bytes(circle.bytes).done()

export const decodeCircleRow = (bytes: Uint8Array): Result<StoredCircle, DecodeProblem> =>
  decodeAll(bytes, (reader) => ({ circle: reader.id<CircleId>(), bytes: reader.bytes(MAX_CIRCLE) }))
