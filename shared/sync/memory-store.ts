/** A CircleStore in memory: for tests, the simulator and the bench. It outlives the replicas opened on it, as a disk would. */
import type { Bytes } from '../base/bytes.ts'
import type { DocumentId, HashId } from '../base/ids.ts'
import type { Place } from '../wire/entry.ts'
import { StoreStopped, type CircleStore, type StoredEntry, type StoredRecord } from './store.ts'

export interface MemoryStore extends CircleStore {
  /** The next write fails, as on a full disk, and so does every later one. */
  failNextWrite(): void
  /** A copy as of now: a restored backup. */
  copy(): MemoryStore
  /** Bytes of entries and snapshots held. */
  size(): number
}

interface Tables {
  readonly records: Map<HashId, StoredRecord>
  /** By log, then seq. */
  readonly logs: Map<string, Map<number, StoredEntry>>
  readonly snapshots: Map<DocumentId, Bytes>
  readonly values: Map<string, Bytes>
}

const logOf = (place: Pick<Place, 'device' | 'incarnation'>): string => `${place.device}/${place.incarnation}`

const copyTables = (tables: Tables): Tables => ({
  records: new Map(tables.records),
  logs: new Map([...tables.logs].map(([log, entries]) => [log, new Map(entries)])),
  snapshots: new Map(tables.snapshots),
  values: new Map(tables.values),
})

const bySeq = (a: StoredEntry, b: StoredEntry): number => a.seq - b.seq

function putEntry(tables: Tables, entry: StoredEntry): void {
  const log = tables.logs.get(logOf(entry)) ?? new Map<number, StoredEntry>()
  tables.logs.set(logOf(entry), log)
  if (!log.has(entry.seq)) log.set(entry.seq, { ...entry, bytes: new Uint8Array(entry.bytes) })
}

const withoutBytes = ({ bytes: _bytes, ...row }: StoredEntry): Omit<StoredEntry, 'bytes'> => row

const compareLogs = (a: StoredEntry, b: StoredEntry): number =>
  a.device === b.device ? a.incarnation - b.incarnation || a.seq - b.seq : a.device < b.device ? -1 : 1

export const createMemoryStore = (): MemoryStore =>
  memoryStoreOf({ records: new Map(), logs: new Map(), snapshots: new Map(), values: new Map() })

function memoryStoreOf(tables: Tables): MemoryStore {
  let failNext = false
  let stopped = false

  const write = async (change: () => void): Promise<void> => {
    if (stopped) throw new StoreStopped('writing has stopped')
    if (failNext) {
      stopped = true
      throw new StoreStopped('made to fail')
    }
    change()
    return Promise.resolve()
  }

  return {
    records: () => Promise.resolve([...tables.records.values()]),
    putRecords: (records) =>
      write(() => {
        for (const record of records) {
          if (!tables.records.has(record.hash)) tables.records.set(record.hash, { ...record })
        }
      }),
    index: () => {
      const all = [...tables.logs.values()].flatMap((log) => [...log.values()])
      return Promise.resolve(all.sort(compareLogs).map(withoutBytes))
    },
    lastSeq: (log) => Promise.resolve(Math.max(0, ...(tables.logs.get(logOf(log))?.keys() ?? []))),
    entries: (log, from, limit) => {
      const held = [...(tables.logs.get(logOf(log))?.values() ?? [])]
      return Promise.resolve(
        held
          .filter((entry) => entry.seq >= from)
          .sort(bySeq)
          .slice(0, limit),
      )
    },
    putEntries: (entries, { remove = [] }) =>
      write(() => {
        for (const place of remove) tables.logs.get(logOf(place))?.delete(place.seq)
        for (const entry of entries) putEntry(tables, entry)
      }),
    snapshot: (document) => Promise.resolve(tables.snapshots.get(document)),
    putSnapshot: (document, snapshot) => write(() => tables.snapshots.set(document, new Uint8Array(snapshot))),
    value: (key) => Promise.resolve(tables.values.get(key)),
    values: (keys) => Promise.resolve(keys.map((key) => tables.values.get(key))),
    setValue: (key, value) => write(() => tables.values.set(key, new Uint8Array(value))),
    failNextWrite: () => {
      failNext = true
    },
    copy: () => memoryStoreOf(copyTables(tables)),
    size: () => {
      const entries = [...tables.logs.values()].flatMap((log) => [...log.values()])
      const snapshots = [...tables.snapshots.values()]
      return [...entries.map((entry) => entry.bytes), ...snapshots].reduce((sum, bytes) => sum + bytes.length, 0)
    },
  }
}
