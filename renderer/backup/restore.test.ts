import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  backUp,
  checked,
  circle,
  ENTRIES,
  entry,
  expectFirstRun,
  expectWhole,
  forgetAll,
  PASSPHRASE,
  restore,
  setUp,
} from '../../tests/fixtures/backup-installation.ts'
import { concat, type Bytes } from '../../shared/base/bytes.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { LEAST_COST } from '../keyring/argon2.ts'
import { KEYRING_NAME, readKeyring, setUpKeyring } from '../keyring/keyring.ts'
import { wasRestored } from '../keyring/restoring.ts'
import { openStore, STORE_NAME, storeExists } from '../store/store.ts'
import { encodeRows, readRows, writeArchive, type ArchiveSource } from './archive.ts'
import { finishInterruptedRestoring, restoreBackup } from './restore.ts'

// Restored some fifty times here; the sample is opened with the real one, in sample.test.ts.
vi.mock('../keyring/argon2.ts', async (original) => ({
  ...(await original<typeof import('../keyring/argon2.ts')>()),
  argon2id: (password: Uint8Array, salt: Uint8Array) => Promise.resolve(hash('not Argon2', salt, password)),
}))
vi.setConfig({ testTimeout: 60_000 })

let backup: Bytes
beforeAll(async () => {
  backup = await backUp(await setUp())
  await forgetAll()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await forgetAll()
})

describe('restoring', () => {
  it('brings back all of it, and says so until the store knows', async () => {
    const restored = await restore(backup)
    expect(restored.ok).toBe(true)
    expect(await wasRestored()).toEqual({ ok: true, value: true })
    await finishInterruptedRestoring()
    await expectWhole()
  })

  it('with another passphrase does nothing', async () => {
    expect(await restore(backup, 'another one')).toMatchObject({ ok: false, error: 'wrong-passphrase' })
    await expectFirstRun()
    expect((await restore(backup)).ok).toBe(true)
    await expectWhole()
  })

  it('over something does nothing, whatever is there', async () => {
    const rootKey = await setUp()
    const before = await backUp(rootKey)
    expect(await restore(backup)).toMatchObject({ ok: false, error: 'not-empty' })
    // A store without its keyring is a loss to be looked into, not a place to write.
    await Dexie.delete(KEYRING_NAME)
    expect(await restore(backup)).toMatchObject({ ok: false, error: 'not-empty' })
    expect(await storeExists()).toBe(true)
    expect(before.length).toBe(backup.length)
  })

  it('in place of a set-up that was cut off, where the person says so', async () => {
    const made = await setUpKeyring({ passphrase: 'half', label: '', cost: LEAST_COST })
    if (!made.ok) throw new Error(made.error)
    const empty = await openStore({ rootKey: made.value })
    if (empty.ok) await empty.value.close()
    expect(await restore(backup)).toMatchObject({ ok: false, error: 'not-empty' })
    expect((await restore(backup, PASSPHRASE, true)).ok).toBe(true)
    await expectWhole()
  })

  it('of what somebody else put together under this keyring is refused', async () => {
    // Their rows and a sum that is right, under a key of their own: the keyring is the true one.
    const archive = await checked(backup)
    const parts: Bytes[] = []
    const chunks: Bytes[] = []
    await readRows(archive, async (rows) => {
      chunks.push(encodeRows({ ...rows, rows: rows.rows.map((row) => ({ ...row })) }))
    })
    async function* payloads(): AsyncIterable<Bytes> {
      for (const chunk of chunks) yield chunk
    }
    await writeArchive({
      header: archive.header,
      payloads: payloads(),
      backupKey: new Uint8Array(32),
      write: async (bytes) => {
        parts.push(bytes)
      },
    })
    expect(await restore(concat(...parts))).toMatchObject({ ok: false, error: 'damaged' })
    await expectFirstRun()
  })

  it.each([
    [{ name: 'teatray', version: 99 }, 'newer-version'],
    [{ name: 'teatray-pictures', version: 1 }, 'newer-version'],
  ])('of a database this program does not know (%o) says that it is newer', async (database, error) => {
    const archive = await checked(backup)
    const databases = [...archive.header.databases.slice(1), { ...database, tables: [] }]
    const newer = { ...archive, header: { ...archive.header, databases } }
    expect(
      await restoreBackup({ archive: newer, secret: { passphrase: PASSPHRASE }, replacesUnfinished: false }),
    ).toMatchObject({ ok: false, error })
    await expectFirstRun()
  })

  it('from a file that fails half way leaves the first run', async () => {
    const archive = await checked(backup)
    let reads = 0
    const source: ArchiveSource = {
      size: backup.length,
      read: (offset, length) => {
        reads += 1
        return offset > 0 || reads > 1
          ? Promise.reject(new Error('pulled out'))
          : Promise.resolve(backup.slice(offset, offset + Math.min(length, 20_000)))
      },
    }
    const restored = await restoreBackup({
      archive: { ...archive, source },
      secret: { passphrase: PASSPHRASE },
      replacesUnfinished: false,
    })
    expect(restored).toMatchObject({ ok: false, error: 'unreadable' })
    await expectFirstRun()
  })
})

/** The process ends at the given request to the database: nothing it asks for afterwards happens. */
function dieAt(request: number): { readonly died: () => boolean } {
  let requests = 0
  const orDie = (): void => {
    requests += 1
    if (requests >= request) throw new DOMException('killed', 'AbortError')
  }
  for (const method of ['add', 'put', 'delete'] as const) {
    const real = IDBObjectStore.prototype[method] as (...args: unknown[]) => IDBRequest
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore, ...args: unknown[]) {
      orDie()
      return real.apply(this, args) as never
    })
  }
  const realDelete = IDBFactory.prototype.deleteDatabase
  vi.spyOn(IDBFactory.prototype, 'deleteDatabase').mockImplementation(function (this: IDBFactory, name: string) {
    orDie()
    return realDelete.call(this, name)
  })
  return { died: () => requests >= request }
}

describe('killed while it restores', () => {
  it('at any request to the database: the first run is still there, or all of it is', async () => {
    const outcomes = { firstRun: 0, whole: 0 }
    for (let request = 1; ; request += request < 8 ? 1 : 9) {
      const process = dieAt(request)
      await restore(backup).catch(() => undefined)
      const died = process.died()
      vi.restoreAllMocks()
      // The next start.
      await finishInterruptedRestoring()
      const keyring = await readKeyring()
      if (keyring.ok && keyring.value !== undefined) {
        outcomes.whole += 1
        await expectWhole()
      } else {
        outcomes.firstRun += 1
        await expectFirstRun()
      }
      await forgetAll()
      if (!died) break
    }
    expect(outcomes.firstRun).toBeGreaterThan(15)
    expect(outcomes.whole).toBeGreaterThan(0)
  }, 120_000)

  it('at each of the last requests: the mark and the keyring change in one moment', async () => {
    const counting = dieAt(Infinity)
    let last = 0
    const spied = vi.mocked(IDBObjectStore.prototype.put)
    await restore(backup)
    last = spied.mock.calls.length + vi.mocked(IDBObjectStore.prototype.add).mock.calls.length
    expect(counting.died()).toBe(false)
    vi.restoreAllMocks()
    await forgetAll()
    for (let request = last; request < last + 8; request++) {
      dieAt(request)
      await restore(backup).catch(() => undefined)
      vi.restoreAllMocks()
      await finishInterruptedRestoring()
      const keyring = await readKeyring()
      if (keyring.ok && keyring.value !== undefined) await expectWhole()
      else await expectFirstRun()
      await forgetAll()
    }
  }, 60_000)
})

describe('a backup is made at one moment', () => {
  it('while writing goes on: all that was there before, and of what comes meanwhile a beginning without gaps', async () => {
    const rootKey = await setUp()
    const store = await openStore({ rootKey })
    if (!store.ok) throw new Error(store.error)
    const writing = (async () => {
      for (let seq = ENTRIES + 1; seq <= ENTRIES + 60; seq++)
        await store.value.circle(circle).putEntries([entry(seq)], { durability: 'strict' })
    })()
    const made = await backUp(rootKey)
    await writing
    await store.value.close()
    await forgetAll()
    expect((await restore(made)).ok).toBe(true)
    const again = await openStore({ rootKey })
    if (!again.ok) throw new Error(again.error)
    const seqs = (await again.value.circle(circle).entries(entry(1), 1, 1000)).map(({ seq }) => seq)
    await again.value.close()
    expect(seqs.length).toBeGreaterThanOrEqual(ENTRIES)
    expect(seqs).toEqual(seqs.map((_, index) => index + 1))
  })

  it('a row that does not open is kept as it lies, and keeps none of the others from coming back', async () => {
    const rootKey = await setUp()
    const db = await new Dexie(STORE_NAME).open()
    const [key] = await db.table('entries').toCollection().primaryKeys()
    await db.table('entries').update(key, { sealed: new Uint8Array(50) })
    db.close()
    const made = await backUp(rootKey)
    await forgetAll()
    expect((await restore(made)).ok).toBe(true)
    const store = await openStore({ rootKey })
    if (!store.ok) throw new Error(store.error)
    expect(await store.value.circle(circle).entries(entry(1), 1, 1000)).toHaveLength(ENTRIES - 1)
    await store.value.close()
  })
})
