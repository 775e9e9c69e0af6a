/**
 * Databases as every version that was ever released wrote them (tests/fixtures/at-rest) must open for ever. A sample is never
 * changed. A new format adds one: TEATRAY_WRITE_SAMPLES=1 npx vitest run --project unit tests/vectors/at-rest.test.ts
 */
import 'fake-indexeddb/auto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Dexie } from 'dexie'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex, utf8, type Bytes } from '../../shared/base/bytes.ts'
import type { CircleId, DeviceId, DocumentId, HashId } from '../../shared/base/ids.ts'
import { KEYRING_NAME, setUpKeyring, unlockKeyring } from '../../renderer/keyring/keyring.ts'
import { LEAST_COST } from '../../renderer/keyring/argon2.ts'
import { openStore, STORE_NAME, type Store } from '../../renderer/store/store.ts'
import { openVault, VAULT_NAME, type Vault } from '../../renderer/vault/vault.ts'

const folder = resolve(import.meta.dirname, '../fixtures/at-rest')
const NEWEST = 'version-1.json'
const PASSPHRASE = 'Tea für zwei, and a biscuit'

const circle = '1'.repeat(32) as CircleId
const document = '2'.repeat(32) as DocumentId
const note = '3'.repeat(32) as DocumentId
const entry = {
  device: '4'.repeat(32) as DeviceId,
  incarnation: 300,
  seq: 70_000,
  from: 69_999,
  hash: '5'.repeat(64) as HashId,
  document,
  bytes: utf8('an entry'),
}
const record = { hash: '6'.repeat(64) as HashId, bytes: utf8('a record') }

/** A database as it lies on the disk; bytes as {"hex": …}. */
interface Dump {
  readonly name: string
  readonly native: number
  readonly tables: readonly {
    readonly name: string
    readonly keyPath: string | readonly string[] | null
    readonly autoIncrement: boolean
    readonly rows: readonly unknown[]
  }[]
}

interface Sample {
  readonly passphrase: string
  readonly rootKey: string
  readonly databases: readonly Dump[]
}

async function dump(name: string): Promise<Dump> {
  const db = await new Dexie(name).open()
  const tables = await Promise.all(
    db.tables.map(async (table) => ({
      name: table.name,
      // Dexie says '' for keys that stand outside of the rows.
      keyPath: table.schema.primKey.keyPath || null,
      autoIncrement: table.schema.primKey.auto ?? false,
      rows: await table.toArray(),
    })),
  )
  const native = db.backendDB().version
  db.close()
  return { name, native, tables }
}

/** By bare IndexedDB: what reads a sample must not be what wrote it. */
const restore = ({ name, native, tables }: Dump): Promise<void> =>
  new Promise((restored, failed) => {
    const request = indexedDB.open(name, native)
    request.addEventListener('upgradeneeded', () => {
      for (const { name: table, keyPath, autoIncrement, rows } of tables) {
        const store = request.result.createObjectStore(table, {
          keyPath: keyPath as string | string[] | null,
          autoIncrement,
        })
        for (const row of rows) store.put(row)
      }
    })
    request.addEventListener('error', () => failed(new Error(`${name} could not be made`)))
    request.addEventListener('success', () => {
      request.result.close()
      restored()
    })
  })

const forget = (name: string): Promise<void> =>
  new Promise((gone) => indexedDB.deleteDatabase(name).addEventListener('success', () => gone()))

const asText = (sample: Sample): string =>
  `${JSON.stringify(sample, (_, value: unknown) => (value instanceof Uint8Array ? { hex: toHex(value) } : value), 1)}\n`
const fromText = (text: string): Sample =>
  JSON.parse(text, (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'hex' in value ? fromHex(String(value.hex)) : value,
  ) as Sample

async function openBoth(rootKey: Bytes): Promise<{ store: Store; vault: Vault; unreadable: unknown[] }> {
  const unreadable: unknown[] = []
  const onUnreadable = (row: unknown): void => {
    unreadable.push(row)
  }
  const store = await openStore({ rootKey, onUnreadable })
  const vault = await openVault({ rootKey, onUnreadable })
  if (!store.ok || !vault.ok) throw new Error('could not be opened')
  return { store: store.value, vault: vault.value, unreadable }
}

async function writeSample(): Promise<void> {
  const made = await setUpKeyring({ passphrase: PASSPHRASE, label: 'Ada', cost: LEAST_COST })
  if (!made.ok) throw new Error(made.error)
  const { store, vault } = await openBoth(made.value)
  await store.putIdentity(utf8('identity'))
  await store.putCircle({ circle, bytes: utf8('circle') })
  await store.setValue('setting', utf8('15'))
  const group = store.circle(circle)
  await group.putEntries([entry], { durability: 'strict' })
  await group.putRecords([record])
  await group.putSnapshot(document, utf8('snapshot'))
  await group.setValue('value', utf8('v'))
  const { doc, flush } = await vault.context.open(note)
  doc.getText('text').insert(0, 'Slept ')
  await flush()
  doc.getText('text').insert(6, 'well.')
  await flush()
  vault.context.records.getMap('note').set('title', 'Tuesday')
  await vault.context.local.set('place', utf8('6'))
  await store.close()
  await vault.close()
  const databases = await Promise.all([KEYRING_NAME, STORE_NAME, VAULT_NAME].map(dump))
  writeFileSync(resolve(folder, NEWEST), asText({ passphrase: PASSPHRASE, rootKey: toHex(made.value), databases }), {
    flag: 'wx',
  })
  for (const { name } of databases) await forget(name)
}

if (process.env['TEATRAY_WRITE_SAMPLES'] === '1' && !existsSync(resolve(folder, NEWEST))) await writeSample()

describe.each([NEWEST])('what is at rest in %s', (file) => {
  it('opens with its passphrase and holds all that was written', async () => {
    const sample = fromText(readFileSync(resolve(folder, file), 'utf8'))
    for (const database of sample.databases) await restore(database)
    const rootKey = await unlockKeyring({ passphrase: sample.passphrase })
    if (!rootKey.ok) throw new Error(rootKey.error)
    expect(toHex(rootKey.value)).toBe(sample.rootKey)
    const { store, vault, unreadable } = await openBoth(rootKey.value)
    expect(await store.identity()).toEqual({ ok: true, value: utf8('identity') })
    expect(await store.listCircles()).toEqual([{ circle, bytes: utf8('circle') }])
    expect(await store.value('setting')).toEqual(utf8('15'))
    const group = store.circle(circle)
    expect(await group.entries(entry, 1, 10)).toEqual([entry])
    expect(await group.records()).toEqual([record])
    expect(await group.snapshot(document)).toEqual(utf8('snapshot'))
    expect(await group.value('value')).toEqual(utf8('v'))
    const { doc } = await vault.context.open(note)
    expect(doc.getText('text').toJSON()).toBe('Slept well.')
    expect(vault.context.records.getMap('note').get('title')).toBe('Tuesday')
    expect(await vault.context.local.get('place')).toEqual(utf8('6'))
    expect(unreadable).toEqual([])
    // And goes on being written to.
    await group.putEntries([{ ...entry, seq: entry.seq + 1 }], { durability: 'strict' })
    doc.getText('text').insert(0, 'I ')
    await vault.flush()
    await store.close()
    await vault.close()
  })
})
