/** What every part of the store works with: the keys, the database, and the way to report a row that does not open. */
import type { Bytes } from '../../shared/base/bytes.ts'
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import { StoreStopped } from '../../shared/sync/store.ts'
import { WritesStopped, type Database } from '../at-rest/database.ts'
import { createRowKeys, type RowKeys, type RowProblem } from '../at-rest/sealed-row.ts'

/** A row that does not open: where it is, and why. It is left where it is. */
export interface UnreadableRow {
  readonly table: string
  /** Parts of the primary key, joined by '/'. Names, not identifiers: see RowKeys. */
  readonly key: string
  readonly problem: RowProblem
}

export interface StoreAccess {
  /** A row of somebody's words, or of who is in, did not open. */
  hasUnreadable(): boolean
  readonly keys: RowKeys
  /** Database.read and Database.write, rejecting with the error that CircleStore promises. */
  readonly read: Database['read']
  readonly write: Database['write']
  seal(table: string, key: string, payload: Uint8Array): Bytes
  /** Opens and decodes a row; one that does not open is reported, once. */
  open<Value>(
    table: string,
    key: string,
    sealed: unknown,
    decode: (payload: Bytes) => Result<Value, string>,
  ): Result<Value, RowProblem>
}

async function asStoreStopped<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (thrown) {
    throw thrown instanceof WritesStopped ? new StoreStopped(thrown.message, { cause: thrown }) : thrown
  }
}

export function createAccess(
  database: Database,
  secret: Uint8Array,
  onUnreadable: ((row: UnreadableRow) => void) | undefined,
): StoreAccess {
  const keys = createRowKeys(secret)
  const reported = new Set<string>()
  const report = (table: string, key: string, problem: RowProblem): Result<never, RowProblem> => {
    const place = `${table}/${key}`
    if (!reported.has(place)) onUnreadable?.({ table, key, problem })
    reported.add(place)
    return fail(problem, place)
  }
  return {
    keys,
    hasUnreadable: () => [...reported].some((place) => /^(?:entries|records)\//.test(place)),
    read: (work) => asStoreStopped(database.read(work)),
    write: (durability, job) => asStoreStopped(database.write(durability, job)),
    seal: (table, key, payload) => keys.seal(`${table}/${key}`, payload),
    open(table, key, sealed, decode) {
      const opened = keys.open(`${table}/${key}`, sealed)
      if (!opened.ok) return report(table, key, opened.error)
      const decoded = decode(opened.value)
      return decoded.ok ? decoded : report(table, key, 'row-unreadable')
    },
  }
}

export const asItIs = (payload: Bytes): Result<Bytes, never> => ok(payload)
