/** Takes circles off this computer: their rows in every table, those that were moved aside too. */
import type { Dexie } from 'dexie'
import { StoreStopped, type CircleStore } from '../../shared/sync/store.ts'

/** Ranges of primary keys by table; what begins with the circle's name is the circle's. */
const BY_NAME = {
  records: '[circle+record]',
  entries: '[circle+log+seq]',
  snapshots: '[circle+document]',
  values: '[owner+key]',
} as const

interface Aside {
  readonly row?: { readonly circle?: unknown; readonly owner?: unknown }
}

const isOf =
  (names: ReadonlySet<unknown>) =>
  ({ row }: Aside): boolean =>
    names.has(row?.circle) || names.has(row?.owner)

/** `names`: as they stand in primary keys. Inside a transaction over all tables. */
export async function deleteCircleRows(db: Dexie, names: readonly string[]): Promise<void> {
  for (const name of names) {
    for (const [table, key] of Object.entries(BY_NAME))
      await db.table(table).where(key).between([name], [name, []], true, true).delete()
    await db.table('circles').delete(name)
  }
  await db
    .table<Aside>('unreadable')
    .filter(isOf(new Set(names)))
    .delete()
}

/** Whoever still holds the store of a circle that was removed must not bring rows of it back. */
export function untilRemoved(store: CircleStore, isRemoved: () => boolean): CircleStore {
  const guarded =
    <Parameters extends readonly unknown[]>(write: (...parameters: Parameters) => Promise<void>) =>
    (...parameters: Parameters): Promise<void> =>
      isRemoved() ? Promise.reject(new StoreStopped('The circle was removed.')) : write(...parameters)
  return {
    ...store,
    putRecords: guarded((records) => store.putRecords(records)),
    putEntries: guarded((entries, options) => store.putEntries(entries, options)),
    putSnapshot: guarded((document, snapshot) => store.putSnapshot(document, snapshot)),
    setValue: guarded((key, value) => store.setValue(key, value)),
  }
}
