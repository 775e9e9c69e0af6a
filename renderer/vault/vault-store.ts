/** The bytes of the notes: per document an append-only log of sealed updates, and from time to time one that stands for all. */
import type { Bytes } from '../../shared/base/bytes.ts'
import type { DocumentId } from '../../shared/base/ids.ts'
import type { Dexie } from 'dexie'
import type { Database, SchemaVersion } from '../at-rest/database.ts'
import type { RowKeys, RowProblem } from '../at-rest/sealed-row.ts'
import { pad, unpad } from './padding.ts'

/** Every version that was ever released stays in this list. */
export const VAULT_VERSIONS: readonly SchemaVersion[] = [
  { version: 1, stores: { key: 'id', updates: '[document+seq]', values: 'key' } },
]

export interface UnreadableNote {
  readonly table: string
  readonly key: string
  readonly problem: RowProblem
}

export interface LoadedLog {
  /** Yjs updates, format V2, oldest first; those that open. */
  readonly updates: readonly Bytes[]
  /** Seq of the last row, readable or not; 0: none. */
  readonly last: number
  /** False where a row did not open: then nothing of this document may be folded or removed. */
  readonly complete: boolean
}

export interface VaultStore {
  load(document: DocumentId): Promise<LoadedLog>
  append(document: DocumentId, seq: number, update: Uint8Array): Promise<void>
  /** One row at `seq` in place of all before it, at once. */
  fold(document: DocumentId, seq: number, state: Uint8Array): Promise<void>
  remove(document: DocumentId): Promise<void>
  value(key: string): Promise<Bytes | undefined>
  setValue(key: string, value: Uint8Array): Promise<void>
}

interface UpdateRow {
  readonly document: string
  readonly seq: number
  readonly sealed: Uint8Array
}

/** All rows of a document, or those before `upTo`. */
const rowsOf = (db: Dexie, name: string, upTo = Number.MAX_SAFE_INTEGER) =>
  db.table<UpdateRow>('updates').where('[document+seq]').between([name, 0], [name, upTo])

export function createVaultStore(
  database: Database,
  keys: RowKeys,
  onUnreadable: (row: UnreadableNote) => void,
): VaultStore {
  const open = (table: string, key: string, sealed: unknown): Bytes | undefined => {
    const opened = keys.open(`${table}/${key}`, sealed)
    const payload = opened.ok ? unpad(opened.value) : undefined
    if (payload === undefined) onUnreadable({ table, key, problem: opened.ok ? 'row-unreadable' : opened.error })
    return payload
  }
  const nameOf = (document: DocumentId): string => keys.name('document', document)
  const sealUpdate = (document: string, seq: number, update: Uint8Array): UpdateRow => ({
    document,
    seq,
    sealed: keys.seal(`updates/${document}/${seq}`, pad(update)),
  })

  return {
    async load(document) {
      const name = nameOf(document)
      const rows = await database.read((db) => rowsOf(db, name).toArray())
      const opened = rows.map((row) => open('updates', `${name}/${row.seq}`, row.sealed))
      const updates = opened.filter((update) => update !== undefined)
      return { updates, last: rows.at(-1)?.seq ?? 0, complete: updates.length === rows.length }
    },
    async append(document, seq, update) {
      const row = sealUpdate(nameOf(document), seq, update)
      await database.write('strict', (db) => db.table('updates').add(row))
    },
    async fold(document, seq, state) {
      const row = sealUpdate(nameOf(document), seq, state)
      await database.write('strict', async (db) => {
        await db.table('updates').add(row)
        await rowsOf(db, row.document, seq).delete()
      })
    },
    async remove(document) {
      const name = nameOf(document)
      await database.write('strict', (db) => rowsOf(db, name).delete())
    },
    async value(key) {
      const name = keys.name('value', key)
      const row = await database.read((db) => db.table('values').get(name))
      return row === undefined ? undefined : open('values', name, row.sealed)
    },
    async setValue(key, value) {
      const name = keys.name('value', key)
      const row = { key: name, sealed: keys.seal(`values/${name}`, pad(value)) }
      await database.write('strict', (db) => db.table('values').put(row))
    },
  }
}
