import type { Dexie } from 'dexie'
import type { Bytes } from '../../shared/base/bytes.ts'
import type { CircleId, DocumentId } from '../../shared/base/ids.ts'
import type { CircleStore, StoredEntry, StoredRecord } from '../../shared/sync/store.ts'
import type { Place } from '../../shared/wire/entry.ts'
import { MAX_SEQ } from '../../shared/wire/limits.ts'
import { asItIs, type StoreAccess } from './access.ts'
import { decodeEntryRow, decodeRecordRow, encodeEntryRow, encodeRecordRow } from './row-codec.ts'
import type { EntryRow } from './schema.ts'
import { readValue, readValues, writeValue } from './values.ts'

/** Rows read in one go. */
const MOST_ROWS = 2000
const FIRST_ROWS = 100
/** Bytes that they are together, going by the rows just read: pictures are entries too. Bounds the memory that opening a circle takes. */
const PAGE_BYTES = 8 * 1024 * 1024

type EntryKey = [circle: string, log: string, seq: number]
type Bound = [circle: string, log: string | [], seq: number | []]

const keyText = (key: EntryKey): string => key.join('/')

/** `name`: of the circle, as it stands in primary keys. */
export async function readRecords(access: StoreAccess, name: string): Promise<readonly StoredRecord[]> {
  const rows = await access.read((db) =>
    db.table('records').where('[circle+record]').between([name, ''], [name, []]).toArray(),
  )
  return rows.flatMap((row): readonly StoredRecord[] => {
    const opened = access.open('records', `${name}/${row.record}`, row.sealed, decodeRecordRow)
    return opened.ok ? [opened.value] : []
  })
}

function rowsAtOnce(rows: readonly EntryRow[]): number {
  // What lies in a damaged row may be anything.
  const bytes = rows.reduce((sum, { sealed }) => sum + (sealed instanceof Uint8Array ? sealed.length : 0), 0)
  return Math.min(MOST_ROWS, Math.ceil((PAGE_BYTES * rows.length) / Math.max(1, bytes)))
}

export function createCircleStore(access: StoreAccess, circle: CircleId): CircleStore {
  const { keys } = access
  const name = keys.name('circle', circle)
  const keyOf = (place: Place): EntryKey => [name, keys.name('log', circle, place.device, place.incarnation), place.seq]

  const openEntry = (row: EntryRow): StoredEntry | undefined => {
    const opened = access.open('entries', keyText([row.circle, row.log, row.seq]), row.sealed, decodeEntryRow)
    return opened.ok ? opened.value : undefined
  }

  const rowOf = (entry: StoredEntry): EntryRow => {
    const key = keyOf(entry)
    const sealed = access.seal('entries', keyText(key), encodeEntryRow(entry))
    return { circle: key[0], log: key[1], seq: key[2], sealed }
  }

  /** Opened entries of the rows in (after, upTo], page by page, at most `most` rows each. */
  async function* pages(after: Bound, upTo: Bound, most = MOST_ROWS): AsyncGenerator<readonly StoredEntry[]> {
    let from = after
    let size = Math.min(most, FIRST_ROWS)
    for (;;) {
      const [start, limit] = [from, size]
      const rows = await access.read((db) =>
        db
          .table<EntryRow>('entries')
          .where('[circle+log+seq]')
          .between(start, upTo, false, true)
          .limit(limit)
          .toArray(),
      )
      yield rows.map(openEntry).filter((entry) => entry !== undefined)
      const last = rows.at(-1)
      if (last === undefined || rows.length < limit) return
      from = [last.circle, last.log, last.seq]
      size = Math.min(most, rowsAtOnce(rows))
    }
  }

  return {
    records: () => readRecords(access, name),

    async putRecords(records) {
      const rows = records.map((value) => {
        const record = keys.name('record', circle, value.hash)
        return { circle: name, record, sealed: access.seal('records', `${name}/${record}`, encodeRecordRow(value)) }
      })
      await access.write('strict', (db) => db.table('records').bulkPut(rows))
    },

    async index() {
      const found: Omit<StoredEntry, 'bytes'>[] = []
      for await (const page of pages([name, '', 0], [name, [], []]))
        for (const { bytes: _, ...rest } of page) found.push(rest)
      return found.sort(byPlace)
    },

    async lastSeq(log) {
      const [, logName] = keyOf({ ...log, seq: 0 })
      const row = await access.read((db) =>
        db
          .table<EntryRow>('entries')
          .where('[circle+log+seq]')
          .between([name, logName, 0], [name, logName, MAX_SEQ], true, true)
          .last(),
      )
      return row?.seq ?? 0
    },

    async entries(log, from, limit) {
      const [, logName] = keyOf({ ...log, seq: from })
      const found: StoredEntry[] = []
      for await (const page of pages([name, logName, from - 1], [name, logName, MAX_SEQ], limit)) {
        found.push(...page)
        if (found.length >= limit) break
      }
      return found.slice(0, limit)
    },

    async putEntries(entries, { durability, remove = [] }) {
      const rows = entries.map(rowOf)
      const removed = remove.map(keyOf)
      await access.write(durability, async (db) => {
        if (removed.length > 0) await db.table('entries').bulkDelete(removed)
        await putNew(db, rows, (row) => openEntry(row) !== undefined)
      })
    },

    async snapshot(document) {
      const key = keys.name('document', circle, document)
      const row = await access.read((db) => db.table('snapshots').get([name, key]))
      if (row === undefined) return undefined
      const opened = access.open('snapshots', `${name}/${key}`, row.sealed, asItIs)
      return opened.ok ? opened.value : undefined
    },

    async putSnapshot(document: DocumentId, snapshot: Bytes) {
      const key = keys.name('document', circle, document)
      const row = { circle: name, document: key, sealed: access.seal('snapshots', `${name}/${key}`, snapshot) }
      // A cache: what it was made of is stored, and the log of the storage keeps the order of writes.
      await access.write('relaxed', (db) => db.table('snapshots').put(row))
    },

    value: (key) => readValue(access, name, key),
    values: (wanted) => readValues(access, name, wanted),
    setValue: (key, value) => writeValue(access, name, key, value),
  }
}

const byPlace = (a: Place, b: Place): number =>
  compareText(a.device, b.device) || a.incarnation - b.incarnation || a.seq - b.seq

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Rows that are there are left as they are, but one that does not open makes place: were it left too, the new one would be
 * acknowledged and lost.
 */
async function putNew(db: Dexie, rows: readonly EntryRow[], opens: (row: EntryRow) => boolean): Promise<void> {
  const table = db.table<EntryRow, EntryKey>('entries')
  const existing = await table.bulkGet(rows.map((row): EntryKey => [row.circle, row.log, row.seq]))
  const spoilt = existing.filter((row) => row !== undefined).filter((row) => !opens(row))
  if (spoilt.length > 0) await db.table('unreadable').bulkAdd(spoilt.map((row) => ({ table: 'entries', row })))
  const missing = rows.filter((_, index) => {
    const there = existing[index]
    return there === undefined || spoilt.includes(there)
  })
  await table.bulkPut(missing)
}
