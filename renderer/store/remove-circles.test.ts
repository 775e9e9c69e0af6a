import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { randomBytes, utf8 } from '../../shared/base/bytes.ts'
import type { CircleId, DeviceId, DocumentId, HashId } from '../../shared/base/ids.ts'
import { openStore, type Store } from './store.ts'

const [gone, goneToo, stays] = ['a', 'b', 'c'].map((letter) => letter.repeat(32)) as [CircleId, CircleId, CircleId]
const device = 'd'.repeat(32) as DeviceId
const document = 'e'.repeat(32) as DocumentId
const hash = 'f'.repeat(64) as HashId
const rootKey = randomBytes(32)
const TABLES = ['circles', 'records', 'entries', 'snapshots', 'values', 'unreadable'] as const

let databases = 0
let name: string
let store: Store

async function open(): Promise<Store> {
  const opened = await openStore({ name, rootKey })
  if (!opened.ok) throw new Error(opened.error)
  return opened.value
}

async function fill(circle: CircleId): Promise<void> {
  const held = store.circle(circle)
  await held.putRecords([{ hash, bytes: utf8('record') }])
  const entries = [1, 2, 3].map((seq) => ({
    device,
    incarnation: 0,
    seq,
    from: seq,
    document,
    hash,
    bytes: utf8(`${seq}`),
  }))
  await held.putEntries(entries, { durability: 'strict' })
  await held.putSnapshot(document, utf8('snapshot'))
  await held.setValue('last-route', utf8('/papers'))
  await store.putCircle({ circle, bytes: utf8('note') })
}

async function onDisk<Value>(work: (db: Dexie) => PromiseLike<Value>): Promise<Value> {
  const db = await new Dexie(name).open()
  try {
    return await work(db)
  } finally {
    db.close()
  }
}

const counts = (): Promise<readonly number[]> =>
  onDisk((db) => Promise.all(TABLES.map((table) => db.table(table).count())))

beforeEach(async () => {
  name = `remove-test-${++databases}`
  store = await open()
  await store.putIdentity(utf8('me'))
  await store.setValue('settings', utf8('mine'))
  for (const circle of [gone, goneToo, stays]) await fill(circle)
})
afterEach(() => store.close())

test('every row of the circles goes, those moved aside too, and nothing of another', async () => {
  await onDisk((db) =>
    db
      .table('entries')
      .toCollection()
      .modify((row: { sealed: Uint8Array }) => {
        row.sealed[row.sealed.length - 1] = (row.sealed.at(-1) ?? 0) ^ 1
      }),
  )
  // Written again over rows that do not open: those are moved aside first.
  for (const circle of [gone, stays]) await fill(circle)
  expect(await counts()).toEqual([3, 3, 9, 3, 4, 6])

  await store.removeCircles([gone, goneToo])
  expect(await counts()).toEqual([1, 1, 3, 1, 2, 3])
  expect((await store.listCircles()).map(({ circle }) => circle)).toEqual([stays])
  expect(await store.circle(stays).entries({ device, incarnation: 0 }, 1, 9)).toHaveLength(3)
  expect(await store.circle(gone).records()).toEqual([])
  expect(await store.identity()).toMatchObject({ ok: true })
  expect(await store.value('settings')).toEqual(utf8('mine'))
})

test('who still holds the store of a circle that was removed brings nothing of it back; who comes into it again does', async () => {
  const before = store.circle(gone)
  await store.removeCircles([gone])
  await expect(before.setValue('last-route', utf8('/people'))).rejects.toThrow('was removed')
  await expect(before.putRecords([{ hash, bytes: utf8('record') }])).rejects.toThrow('was removed')
  await expect(before.putSnapshot(document, utf8('late'))).rejects.toThrow('was removed')
  await expect(before.putEntries([], { durability: 'relaxed' })).rejects.toThrow('was removed')
  expect((await counts())[1]).toBe(2)
  await fill(gone)
  expect(await store.circle(gone).value('last-route')).toEqual(utf8('/papers'))
})

test('where the storage refuses on the way, everything is still there', async () => {
  const before = await counts()
  // After the first table's rows were deleted, within the same transaction.
  const real = IDBObjectStore.prototype.delete
  let calls = 0
  vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function some(this: IDBObjectStore, key) {
    calls += 1
    if (calls > 1) throw new DOMException('the disk is full', 'QuotaExceededError')
    return real.call(this, key)
  })
  await expect(store.removeCircles([gone])).rejects.toThrow('disk is full')
  vi.restoreAllMocks()
  expect(calls).toBeGreaterThan(1)
  expect(await counts()).toEqual(before)
  await store.close()
  store = await open()
  expect((await store.listCircles()).map(({ circle }) => circle)).toContain(gone)
})
