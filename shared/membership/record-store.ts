/** The part of a circle's store that membership needs; shared/sync/store.ts's CircleStore is one. */
import type { Bytes } from '../base/bytes.ts'
import type { HashId } from '../base/ids.ts'

export interface StoredRecord {
  readonly hash: HashId
  readonly bytes: Bytes
}

export interface RecordStore {
  records(): Promise<readonly StoredRecord[]>
  /** One transaction: resolves when stored, rejects when nothing was. */
  putRecords(records: readonly StoredRecord[]): Promise<void>
}
