/** Rows of the store that are damaged or gone, through the real session: what is left opens, and nothing is written over. */
import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { beforeEach, expect, test, vi } from 'vitest'
import { startQuietly } from '../../tests/fixtures/quiet-host.ts'
import type { AppSession, GroupContext } from '../../shared/model/contexts.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { deleteDatabase } from '../at-rest/delete-database.ts'
import { STORE_NAME } from '../store/store.ts'
import { STORE_VERSIONS } from '../store/schema.ts'

// Nothing here is about guessing passphrases.
vi.mock('../keyring/argon2.ts', async (original) => ({
  ...(await original<typeof import('../keyring/argon2.ts')>()),
  argon2id: (password: Uint8Array, salt: Uint8Array) => Promise.resolve(hash('not Argon2', salt, password)),
}))

const PASSPHRASE = 'tea for two, and a biscuit'

beforeEach(async () => {
  for (const { name } of await indexedDB.databases()) if (name !== undefined) await deleteDatabase(name)
})

async function inStore<Value>(work: (db: Dexie) => PromiseLike<Value>): Promise<Value> {
  const db = new Dexie(STORE_NAME)
  for (const { version, stores } of STORE_VERSIONS) db.version(version).stores({ ...stores })
  try {
    return await work(db)
  } finally {
    db.close()
  }
}

interface Row {
  readonly sealed: Uint8Array
}

const spoil = (row: Row): void => void ((row.sealed[30] as number) ^= 1)
const damage = (table: string): Promise<number> => inStore((db) => db.table<Row>(table).toCollection().modify(spoil))
const namesInRecords = (db: Dexie): PromiseLike<readonly string[]> =>
  db
    .table<{ readonly circle: string }>('records')
    .toArray()
    .then((rows) => rows.map(({ circle }) => circle))
const count = (table: string): Promise<number> => inStore((db) => db.table(table).count())

function shown({ state }: AppSession): GroupContext {
  const now = state.get()
  if (now.stage !== 'group') throw new Error(now.stage)
  return now.group
}

/** Two groups, the first of which has a circle; locked. */
async function twoGroups(): Promise<AppSession> {
  const session = await startQuietly()
  await session.setUp({ name: 'Asha', passphrase: PASSPHRASE })
  await session.createGroup({ groupName: 'Riverside' })
  await shown(session).createCircle({ name: 'Planning', people: [] })
  shown(session).circle.records.getMap('test').set('text', 'low tide')
  await session.createGroup({ groupName: 'Choir' })
  await session.lock()
  return session
}

const names = ({ groups }: AppSession): readonly string[] => groups.get().map(({ name }) => name)

async function allIsThere(session: AppSession): Promise<void> {
  expect(await session.unlock(PASSPHRASE)).toMatchObject({ ok: true })
  expect(names(session)).toEqual(['Choir', 'Riverside'])
  expect(session.unopened.get()).toBe(0)
  const riverside = session.openGroups().find(({ circle }) => circle.name.get() === 'Riverside')
  expect(riverside?.circle.records.getMap('test').get('text')).toBe('low tide')
  expect(riverside?.circles.get().map(({ name }) => name.get())).toEqual(['Planning'])
  expect(riverside?.circle.notices.get().filter(({ notice }) => notice === 'circles-unopened')).toEqual([])
  await session.lock()
}

test('the rows that name the groups and circles do not open: they are made anew, and what lay there is kept', async () => {
  const session = await twoGroups()
  await damage('circles')
  await allIsThere(session)
  expect(await count('unreadable')).toBe(3)
  await allIsThere(session)
  expect(await count('unreadable')).toBe(3)
}, 60_000)

test('they are gone: they are made anew', async () => {
  const session = await twoGroups()
  await inStore((db) => db.table('circles').clear())
  await allIsThere(session)
  expect(await count('circles')).toBe(3)
  expect(await count('unreadable')).toBe(0)
}, 60_000)

test('nothing of one group opens: the other does, it is said, and nothing is written over', async () => {
  const session = await startQuietly()
  await session.setUp({ name: 'Asha', passphrase: PASSPHRASE })
  await session.createGroup({ groupName: 'Riverside' })
  const before = new Set(await inStore(namesInRecords))
  await session.createGroup({ groupName: 'Choir' })
  await session.lock()
  const isOfChoir = ({ circle }: { readonly circle: string }): boolean => !before.has(circle)
  const ofChoir = () => inStore((db) => db.table('records').filter(isOfChoir).toArray())
  await inStore((db) => db.table('records').filter(isOfChoir).modify(spoil))
  const spoilt = await ofChoir()
  for (const isRowSpoilt of [false, true]) {
    if (isRowSpoilt) await inStore((db) => db.table('circles').filter(isOfChoir).modify(spoil))
    expect(await session.unlock(PASSPHRASE)).toMatchObject({ ok: true })
    expect(names(session)).toEqual(['Riverside'])
    const said = shown(session)
      .circle.notices.get()
      .filter(({ notice }) => notice === 'circles-unopened')
    expect(session.unopened.get() + said.length).toBe(1)
    await session.lock()
  }
  expect(await ofChoir()).toEqual(spoilt)
  expect(await count('circles')).toBe(2)
}, 60_000)

test('nothing of the only group opens: unlocking works, notes are there, and nothing is written over', async () => {
  const session = await startQuietly()
  await session.setUp({ name: 'Asha', passphrase: PASSPHRASE })
  await session.createGroup({ groupName: 'Riverside' })
  await session.lock()
  const before = await count('records')
  await damage('records')
  for (const isRowGone of [false, true]) {
    if (isRowGone) await damage('circles')
    expect(await session.unlock(PASSPHRASE)).toMatchObject({ ok: true })
    expect(session.state.get()).toMatchObject({ stage: 'no-group', name: 'Asha' })
    expect(session.unopened.get()).toBe(1)
    await session.lock()
    expect(session.unopened.get()).toBe(0)
  }
  expect(await count('records')).toBe(before)
  expect(await count('circles')).toBe(1)
}, 60_000)

test('the settings do not open: they are as at the beginning, and everything else is there', async () => {
  const session = await twoGroups()
  await session.unlock(PASSPHRASE)
  await session.changeSettings({ lockAfterMinutes: 5 })
  await session.lock()
  await damage('values')
  await allIsThere(session)
  expect(session.settings.get().lockAfterMinutes).toBe(30)
}, 60_000)
