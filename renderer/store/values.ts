import type { Bytes } from '../../shared/base/bytes.ts'
import { asItIs, type StoreAccess } from './access.ts'

/** `owner` is a circle's name, or one for this computer. Undefined where it was never set or does not open (reported). */
export async function readValue(access: StoreAccess, owner: string, key: string): Promise<Bytes | undefined> {
  const name = access.keys.name('value', owner, key)
  const row = await access.read((db) => db.table('values').get([owner, name]))
  if (row === undefined) return undefined
  const opened = access.open('values', `${owner}/${name}`, row.sealed, asItIs)
  return opened.ok ? opened.value : undefined
}

export async function writeValue(access: StoreAccess, owner: string, key: string, value: Uint8Array): Promise<void> {
  const name = access.keys.name('value', owner, key)
  const row = { owner, key: name, sealed: access.seal('values', `${owner}/${name}`, value) }
  await access.write('strict', (db) => db.table('values').put(row))
}
