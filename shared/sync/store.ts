/**
 * Where a circle's replica is kept. Every implementation passes tests/contracts/store.contract.ts. Each call is one transaction:
 * when the promise resolves the bytes are stored, when it rejects none are. After a rejection the store refuses every
 * further write with StoreStopped (Chromium deletes a whole database when an app retries on a full disk: platform.md).
 */
import type { Bytes } from '../base/bytes.ts'
import type { DocumentId, HashId } from '../base/ids.ts'
import type { Place } from '../wire/entry.ts'

export interface StoredEntry extends Place {
  readonly hash: HashId
  readonly document: DocumentId
  /** First seq this entry stands for: its own, or where its fold begins. */
  readonly from: number
  /** The signed entry as it came off the wire. */
  readonly bytes: Bytes
}

export interface StoredRecord {
  readonly hash: HashId
  readonly bytes: Bytes
}

/** 'strict' reaches the disk before it resolves (own edits); 'relaxed' may be lost to a power cut (what others can send again). */
export type Durability = 'strict' | 'relaxed'

export interface CircleStore {
  records(): Promise<readonly StoredRecord[]>
  putRecords(records: readonly StoredRecord[]): Promise<void>
  /** Every entry without its bytes, by device, incarnation and seq. */
  index(): Promise<readonly Omit<StoredEntry, 'bytes'>[]>
  /** The highest seq of one log that there is a row for, even one that cannot be read; 0: none. */
  lastSeq(log: Pick<Place, 'device' | 'incarnation'>): Promise<number>
  /** Entries of one log with seq >= from, in order, at most `limit`. */
  entries(log: Pick<Place, 'device' | 'incarnation'>, from: number, limit: number): Promise<readonly StoredEntry[]>
  /** Puts the entries and removes the ones they replace, at once. An entry that is there already is left as it is. */
  putEntries(
    entries: readonly StoredEntry[],
    options: { readonly durability: Durability; readonly remove?: readonly Place[] },
  ): Promise<void>
  /** A document's state as of some heads (shared/sync/snapshot.ts encodes it); a cache, may be missing or old. */
  snapshot(document: DocumentId): Promise<Bytes | undefined>
  putSnapshot(document: DocumentId, snapshot: Bytes): Promise<void>
  /** Small values of this computer. */
  value(key: string): Promise<Bytes | undefined>
  /** As value(), in the order of the keys. */
  values(keys: readonly string[]): Promise<readonly (Bytes | undefined)[]>
  setValue(key: string, value: Bytes): Promise<void>
}

export class StoreStopped extends Error {
  override readonly name = 'StoreStopped'
}
