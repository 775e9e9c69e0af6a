/** Storage that is not what was last used here: gone, older, or another computer's; through the real session. */
import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../shared/base/clock.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { defaultSigner } from '../../shared/crypto/sign.ts'
import type { HostPorts, ProfilePort, Remembered } from '../../shared/host/ports.ts'
import type { AppSession } from '../../shared/model/contexts.ts'
import { openChannel } from '../../shared/sync/open-channel.ts'
import type { Replica } from '../../shared/sync/replica.ts'
import { quietHost } from '../../tests/fixtures/quiet-host.ts'
import { deleteDatabase } from '../at-rest/delete-database.ts'
import { DATABASES } from '../backup/databases.ts'
import { KEYRING_NAME } from '../keyring/keyring.ts'
import { startSession } from './app-session.ts'
import { compareGenerations } from './generations.ts'

// Nothing here is about guessing passphrases.
vi.mock('../keyring/argon2.ts', async (original) => ({
  ...(await original<typeof import('../keyring/argon2.ts')>()),
  argon2id: (password: Uint8Array, salt: Uint8Array) => Promise.resolve(hash('not Argon2', salt, password)),
}))
vi.setConfig({ testTimeout: 60_000 })

const PASSPHRASE = 'tea for two, and a biscuit'
const [a, b] = ['a'.repeat(32), 'b'.repeat(32)]

test.each([
  [undefined, undefined, 'as-left'],
  [undefined, { mark: a, generation: 3 }, 'older'],
  [{ mark: a, generation: 3 }, { mark: a, generation: 3 }, 'as-left'],
  [{ mark: a, generation: 4 }, { mark: a, generation: 3 }, 'as-left'],
  [{ mark: a, generation: 2 }, { mark: a, generation: 3 }, 'older'],
  [{ mark: a, generation: 9 }, { mark: b, generation: 3 }, 'elsewhere'],
  [{ mark: a, generation: 9 }, undefined, 'elsewhere'],
] as const)('stored %j, kept by the host %j: %s', (stored, kept, found) => {
  expect(compareGenerations(stored, kept)).toBe(found)
})

/** What the host keeps, and the session on top of it. */
function computer() {
  let known: Remembered | undefined
  const state = { isBroken: false }
  const profile: ProfilePort = {
    remembered: async () => (known === undefined ? {} : { known }),
    async remember(value) {
      if (state.isBroken) throw new Error('the disk is full')
      known = value
    },
    wipe: async () => {
      known = undefined
    },
  }
  const backups = { ...quietHost().ports.backups, list: async () => [{ name: 'newest', madeAt: 7, bytes: 3 }] }
  return {
    state,
    known: () => known,
    setKnown: (value: Remembered | undefined) => (known = value),
    async start(): Promise<{ readonly session: AppSession; readonly incarnation: () => number | undefined }> {
      const replicas: Replica[] = []
      const session = await startSession({
        host: quietHost({ profile, backups } as Partial<HostPorts>),
        clock: systemClock,
        signer: await defaultSigner(),
        openChannel: (link) => openChannel(link),
        onReplica: (replica) => replicas.push(replica),
        log: () => undefined,
      })
      return { session, incarnation: () => replicas.at(-1)?.incarnation() }
    },
  }
}

type Copy = readonly {
  readonly name: string
  readonly tables: readonly { readonly table: string; readonly rows: readonly [unknown, unknown][] }[]
}[]

const NAMES = [KEYRING_NAME, ...DATABASES.map(({ name }) => name)]

async function withDatabases<Value>(work: (db: Dexie) => Promise<Value>): Promise<readonly Value[]> {
  const results: Value[] = []
  for (const name of NAMES) {
    const db = await new Dexie(name).open()
    try {
      results.push(await work(db))
    } finally {
      db.close()
    }
  }
  return results
}

const copyAll = (): Promise<Copy> =>
  withDatabases(async (db) => ({
    name: db.name,
    tables: await Promise.all(
      db.tables.map(async (table) => {
        const keys: readonly unknown[] = await table.toCollection().primaryKeys()
        const values: readonly unknown[] = await table.toArray()
        return { table: table.name, rows: keys.map((key, index): [unknown, unknown] => [key, values[index]]) }
      }),
    ),
  }))

async function putBack(copy: Copy): Promise<void> {
  await withDatabases(async (db) => {
    const tables = copy.find(({ name }) => name === db.name)?.tables ?? []
    for (const { table, rows } of tables) {
      await db.table(table).clear()
      // Some tables keep their keys outside of their rows.
      const { keyPath } = db.table(table).schema.primKey
      const isOutside = keyPath === null || keyPath === undefined || keyPath === ''
      for (const [key, value] of rows) await db.table(table).put(value, isOutside ? (key as number) : undefined)
    }
  })
}

beforeEach(async () => {
  for (const { name } of await indexedDB.databases()) if (name !== undefined) await deleteDatabase(name)
})

async function withGroup(): Promise<ReturnType<typeof computer>> {
  const one = computer()
  const { session } = await one.start()
  expect(await session.setUp({ name: 'Asha', passphrase: PASSPHRASE })).toMatchObject({ ok: true })
  expect(await session.createGroup({ groupName: 'Riverside' })).toMatchObject({ ok: true })
  expect(one.known()).toMatchObject({ generation: 1 })
  await session.lock()
  return one
}

describe('at a start', () => {
  test('what was left is found: nothing is said, the number goes up, the log goes on', async () => {
    const one = await withGroup()
    for (const generation of [2, 3]) {
      const { session, incarnation } = await one.start()
      await session.unlock(PASSPHRASE)
      expect(session.oldCopy.get()).toBeUndefined()
      expect(one.known()).toMatchObject({ generation })
      expect(incarnation()).toBe(0)
      await session.lock()
    }
  })

  test('an old copy was put back: said until it was read, and every circle goes on under a new incarnation, once', async () => {
    const one = await withGroup()
    const copy = await copyAll()
    const between = await one.start()
    await between.session.unlock(PASSPHRASE)
    await between.session.lock()
    await putBack(copy)
    const { session, incarnation } = await one.start()
    await session.unlock(PASSPHRASE)
    expect(session.oldCopy.get()).toBe('older')
    const renewed = incarnation() ?? 0
    expect(renewed).toBeGreaterThan(0)
    await session.lock()
    expect(session.oldCopy.get()).toBeUndefined()

    const next = await one.start()
    await next.session.unlock(PASSPHRASE)
    expect(next.session.oldCopy.get()).toBe('older')
    await next.session.acknowledgeOldCopy()
    expect(next.session.oldCopy.get()).toBeUndefined()
    expect(next.incarnation()).toBe(renewed)
    await next.session.lock()
    await next.session.unlock(PASSPHRASE)
    expect(next.session.oldCopy.get()).toBeUndefined()
    await next.session.lock()

    // The same copy once more, and then what was there in between: each is another one than what was last used.
    const inBetween = await copyAll()
    for (const each of [copy, inBetween]) {
      await putBack(each)
      const again = await one.start()
      await again.session.unlock(PASSPHRASE)
      expect(again.session.oldCopy.get()).toBe('older')
      await again.session.lock()
    }
  })

  test('data of another computer: said, and under a new incarnation', async () => {
    const one = await withGroup()
    one.setKnown({ mark: b, generation: 1 })
    const { session, incarnation } = await one.start()
    await session.unlock(PASSPHRASE)
    expect(session.oldCopy.get()).toBe('elsewhere')
    expect(incarnation()).toBeGreaterThan(0)
    await session.lock()
  })

  test('a host that cannot keep the number: nothing is said, now or later', async () => {
    const one = await withGroup()
    one.state.isBroken = true
    for (const _ of [1, 2]) {
      const { session } = await one.start()
      expect(await session.unlock(PASSPHRASE)).toMatchObject({ ok: true })
      expect(session.oldCopy.get()).toBeUndefined()
      await session.lock()
    }
    one.state.isBroken = false
    const { session } = await one.start()
    await session.unlock(PASSPHRASE)
    expect(session.oldCopy.get()).toBeUndefined()
    await session.lock()
  })

  test('everything is gone: it is not a welcome; a new beginning is one, and says nothing of an old copy', async () => {
    const one = await withGroup()
    const known = one.known()
    one.setKnown({ mark: known?.mark ?? '', generation: 1, backups: { folder: '/media/stick', series: '0123abcd' } })
    for (const name of NAMES) await deleteDatabase(name)
    const { session } = await one.start()
    expect(session.state.get()).toEqual({
      stage: 'first-run',
      lost: { folder: '/media/stick', latest: { at: 7, bytes: 3 } },
    })
    expect(await session.setUp({ name: 'Asha', passphrase: PASSPHRASE })).toMatchObject({ ok: true })
    expect(session.oldCopy.get()).toBeUndefined()
    expect(one.known()?.mark).not.toBe(known?.mark)
    await session.lock()
    const next = await one.start()
    await next.session.unlock(PASSPHRASE)
    expect(next.session.oldCopy.get()).toBeUndefined()
    await next.session.lock()
  })

  test('a first start, and one after wiping, are a welcome', async () => {
    const one = computer()
    const { session } = await one.start()
    expect(session.state.get()).toEqual({ stage: 'first-run' })
    await session.setUp({ name: 'Asha', passphrase: PASSPHRASE })
    await session.wipeComputer()
    expect((await one.start()).session.state.get()).toEqual({ stage: 'first-run' })
  })

  test('the keyring alone is gone: it says so, and offers nothing that would write over the rest', async () => {
    const one = await withGroup()
    await deleteDatabase(KEYRING_NAME)
    const { session } = await one.start()
    expect(session.state.get()).toEqual({ stage: 'blocked', reason: 'keyring-missing' })
  })
})
