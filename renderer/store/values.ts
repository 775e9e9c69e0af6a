import type { Bytes } from '../../shared/base/bytes.ts'
import { asItIs, type StoreAccess } from './access.ts'

interface ValueRow {
  readonly key: string
  readonly sealed: unknown
}

/** `owner` is a circle's name, or one for this computer. Undefined where it was never set or does not open (reported). */
export async function readValue(access: StoreAccess, owner: string, key: string): Promise<Bytes | undefined> {
  const [value] = await readValues(access, owner, [key])
  return value
}

/** In one transaction: a hundred take hardly longer than one. */
export async function readValues(
  access: StoreAccess,
  owner: string,
  keys: readonly string[],
): Promise<readonly (Bytes | undefined)[]> {
  const names = keys.map((key) => access.keys.name('value', owner, key))
  const rows = await access.read((db) =>
    db.table<ValueRow | undefined>('values').bulkGet(names.map((name) => [owner, name])),
  )
  return rows.map((row) => {
    if (row === undefined) return undefined
    const opened = access.open('values', `${owner}/${row.key}`, row.sealed, asItIs)
    return opened.ok ? opened.value : undefined
  })
}

export async function writeValue(access: StoreAccess, owner: string, key: string, value: Uint8Array): Promise<void> {
  const name = access.keys.name('value', owner, key)
  const row = { owner, key: name, sealed: access.seal('values', `${owner}/${name}`, value) }
  await access.write('strict', (db) => db.table('values').put(row))
}
