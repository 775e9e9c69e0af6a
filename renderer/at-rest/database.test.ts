import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openDatabase, WritesStopped, type Database, type StopReason } from './database.ts'

const versions = [{ version: 1, stores: { rows: 'id' } }]
let databases = 0
let name: string
let heard: (StopReason | undefined)[]
let database: Database

async function open(): Promise<Database> {
  const opened = await openDatabase({ name, versions, onStopped: (reason) => heard.push(reason) })
  if (!opened.ok) throw new Error(opened.error)
  return opened.value
}

const put = (id: number, durability: 'strict' | 'relaxed' = 'strict'): Promise<void> =>
  database.write(durability, (db) => db.table('rows').put({ id }))
const ids = (): Promise<unknown> => database.read((db) => db.table('rows').toCollection().primaryKeys())
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (thrown: unknown) => thrown,
  )

/** Dexie takes `transaction` from the connection when it opens, so what watches it must be there before. */
async function reopenWatched() {
  await database.close()
  const began = vi.spyOn(IDBDatabase.prototype, 'transaction')
  database = await open()
  began.mockClear()
  return began
}

beforeEach(async () => {
  name = `database-test-${++databases}`
  heard = []
  database = await open()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await database.close()
})

describe('writing', () => {
  it('puts what is asked for in one breath into one transaction', async () => {
    const began = await reopenWatched()
    await Promise.all(Array.from({ length: 100 }, (_, id) => put(id, 'relaxed')))
    expect(began).toHaveBeenCalledTimes(1)
    expect(await ids()).toHaveLength(100)
  })

  it('is strict where one of those who share a transaction asks for it', async () => {
    const began = await reopenWatched()
    await Promise.all([put(1, 'relaxed'), put(2, 'strict')])
    await put(3, 'relaxed')
    expect(began.mock.calls.map(([, , options]) => options?.durability)).toEqual(['strict', 'relaxed'])
  })

  it('resolves only after the transaction has completed', async () => {
    const completed = vi.fn<() => void>()
    await database.write('strict', (db) => {
      Dexie.currentTransaction.on('complete', completed)
      return db.table('rows').put({ id: 1 })
    })
    expect(completed).toHaveBeenCalledTimes(1)
  })

  it('stops at the first error: nothing of it is stored, nothing is tried again, reading goes on', async () => {
    await put(1)
    const opened = vi.spyOn(IDBFactory.prototype, 'open')
    const attempts = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('The disk is full.', 'QuotaExceededError')
    })
    expect(await failure(put(2))).toBeInstanceOf(WritesStopped)
    expect(await failure(put(3))).toMatchObject({ name: 'WritesStopped', reason: 'storage-failed' })
    expect(attempts).toHaveBeenCalledTimes(1)
    expect(opened).not.toHaveBeenCalled()
    expect(heard).toEqual(['storage-failed'])
    expect(database.resumeWrites()).toBe(false)
    expect(await ids()).toEqual([1])
  })

  it('does not reopen a database that has gone (Dexie would, up to three times)', async () => {
    const began = await reopenWatched()
    const opened = vi.spyOn(IDBFactory.prototype, 'open')
    began.mockImplementation(() => {
      throw new DOMException('The database connection is closing.', 'InvalidStateError')
    })
    expect(await failure(put(1))).toBeInstanceOf(WritesStopped)
    expect(await failure(ids())).toBeInstanceOf(WritesStopped)
    expect(began).toHaveBeenCalledTimes(2)
    expect(opened).not.toHaveBeenCalled()
    expect(database.stopped()).toBe('storage-failed')
  })

  it('pauses while the disk is low, and goes on when asked', async () => {
    const under = put(1)
    await under
    database.stopWrites('disk-low')
    expect(await failure(put(2))).toMatchObject({ reason: 'disk-low' })
    expect(database.resumeWrites()).toBe(true)
    await put(3)
    expect(await ids()).toEqual([1, 3])
    expect(heard).toEqual(['disk-low', undefined])
  })

  it('refuses what waits when it is stopped', async () => {
    const first = put(1)
    const second = put(2)
    database.stopWrites('disk-low')
    expect(await failure(first)).toBeInstanceOf(WritesStopped)
    expect(await failure(second)).toBeInstanceOf(WritesStopped)
    expect(await ids()).toEqual([])
  })

  it('does not resume after a failure that came while the disk was low', async () => {
    database.stopWrites('disk-low')
    database.stopWrites('storage-failed')
    expect(database.resumeWrites()).toBe(false)
    expect(heard).toEqual(['disk-low', 'storage-failed'])
  })

  it('finishes what was asked for before closing, and refuses what comes after', async () => {
    const last = put(7)
    await database.close()
    await last
    expect(await failure(put(8))).toBeInstanceOf(WritesStopped)
    database = await open()
    expect(await ids()).toEqual([7])
  })
})

describe('opening', () => {
  it('leaves a newer database alone', async () => {
    await database.close()
    const newer = new Dexie(name)
    newer.version(1).stores({ rows: 'id' })
    newer.version(2).stores({ rows: 'id', more: 'id' })
    await newer.open()
    newer.close()
    const opened = vi.spyOn(IDBFactory.prototype, 'open')
    expect(await openDatabase({ name, versions })).toMatchObject({ ok: false, error: 'newer-version' })
    expect(opened).not.toHaveBeenCalled()
  })

  it('names the failure of the storage, after one attempt', async () => {
    const opened = vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('Internal error.', 'UnknownError')
    })
    expect(await openDatabase({ name: 'fails', versions })).toMatchObject({ ok: false, error: 'storage-failed' })
    expect(opened).toHaveBeenCalledTimes(1)
  })
})
