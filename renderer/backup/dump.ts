/**
 * The rows of one database as they lie, sealed, at one moment. One transaction reads them all, and what is written meanwhile waits for
 * it; so nothing slower than the database may be waited for in it. What was read is handed to the browser as Blobs, which it keeps
 * outside of this page's memory, and on the disk when they are many.
 */
import type { Dexie } from 'dexie'
import { ok, type Result } from '../../shared/base/errors.ts'
import type { Bytes } from '../../shared/base/bytes.ts'
import { openDatabase, type SchemaVersion } from '../at-rest/database.ts'
import { encodeRows, type ArchiveHeader, type Row } from './archive.ts'

export interface DatabaseName {
  readonly name: string
  readonly versions: readonly SchemaVersion[]
}

export interface Dump extends Readonly<ArchiveHeader['databases'][number]> {
  /** As encodeRows makes them, in order. */
  readonly payloads: readonly Blob[]
}

const ROWS_AT_ONCE = 64
const BYTES_AT_ONCE = 512 * 1024

export const newestOf = (versions: readonly SchemaVersion[]): number =>
  Math.max(...versions.map(({ version }) => version))

export async function dumpDatabase({
  name,
  versions,
}: DatabaseName): Promise<Result<Dump, 'storage-failed' | 'newer-version'>> {
  const opened = await openDatabase({ name, versions })
  if (!opened.ok) return opened
  try {
    return ok({ name, version: newestOf(versions), ...(await opened.value.read((db) => dumpAll(db, name))) })
  } finally {
    await opened.value.close()
  }
}

async function dumpAll(db: Dexie, database: string): Promise<Pick<Dump, 'tables' | 'payloads'>> {
  const tables: { name: string; rows: number }[] = []
  const payloads: Blob[] = []
  for (const { name: table } of db.tables) {
    let rows = 0
    let waiting: Row[] = []
    let bytes = 0
    const put = (): void => {
      if (waiting.length > 0) payloads.push(new Blob([encodeRows({ database, table, rows: waiting })]))
      rows += waiting.length
      waiting = []
      bytes = 0
    }
    await eachPage(db, table, (page) => {
      for (const row of page) {
        waiting.push(row)
        bytes += sizeOf(row)
        if (bytes >= BYTES_AT_ONCE) put()
      }
    })
    put()
    tables.push({ name: table, rows })
  }
  return { tables, payloads }
}

async function eachPage(db: Dexie, table: string, onPage: (rows: readonly Row[]) => void): Promise<void> {
  let after: unknown
  for (;;) {
    const page = (): ReturnType<typeof all> => (after === undefined ? all() : db.table(table).where(':id').above(after))
    const all = () => db.table<Row>(table).orderBy(':id')
    const rows = await page().limit(ROWS_AT_ONCE).toArray()
    onPage(rows)
    if (rows.length < ROWS_AT_ONCE) return
    // Some tables keep their keys outside of their rows.
    after = (await page().limit(ROWS_AT_ONCE).primaryKeys()).at(-1)
  }
}

const sizeOf = (row: Row): number =>
  Object.values(row).reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.length : 64), 0)

/** One after the other, each let go once it was handed on. */
export async function* payloadsOf(dumps: readonly Dump[]): AsyncIterable<Bytes> {
  for (const { payloads } of dumps) for (const payload of payloads) yield new Uint8Array(await payload.arrayBuffer())
}
