import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { randomBytes, utf8 } from '../../shared/base/bytes.ts'
import type { CircleId, DeviceId, DocumentId, HashId } from '../../shared/base/ids.ts'
import type { StoredEntry } from '../../shared/sync/store.ts'
import { openStore, storeExists, type Store, type UnreadableRow } from './store.ts'

const circle = 'c'.repeat(32) as CircleId
const other = 'd'.repeat(32) as CircleId
const log = { device: 'a'.repeat(32) as DeviceId, incarnation: 0 }
const document = 'e'.repeat(32) as DocumentId

const entry = (seq: number, text = `entry ${seq}`): StoredEntry => ({
  ...log,
  seq,
  from: seq,
  document,
  hash: seq.toString(16).padStart(64, '0') as HashId,
  bytes: utf8(text),
})

let databases = 0
let name: string
let rootKey: Uint8Array
let unreadable: UnreadableRow[]
let store: Store

async function open(key = rootKey): Promise<Store> {
  const opened = await openStore({ name, rootKey: key, onUnreadable: (row) => unreadable.push(row) })
  if (!opened.ok) throw new Error(opened.error)
  return opened.value
}

/** The bare rows, as a thief or a failing disk has them. */
async function onDisk<Value>(work: (db: Dexie) => Promise<Value>): Promise<Value> {
  const db = await new Dexie(name).open()
  try {
    return await work(db)
  } finally {
    db.close()
  }
}

const spoil = (table: string): Promise<unknown> =>
  onDisk((db) =>
    db
      .table(table)
      .toCollection()
      .modify((row: { sealed: Uint8Array }) => {
        row.sealed[row.sealed.length - 1] = (row.sealed.at(-1) ?? 0) ^ 1
      }),
  )

beforeEach(async () => {
  name = `store-test-${++databases}`
  rootKey = randomBytes(32)
  unreadable = []
  store = await open()
})
afterEach(() => store.close())

describe('the store', () => {
  it('keeps identity, circles and settings over a restart', async () => {
    expect(await store.identity()).toEqual({ ok: true, value: undefined })
    await store.putIdentity(utf8('secrets'))
    await store.putCircle({ circle, bytes: utf8('one') })
    await store.putCircle({ circle, bytes: utf8('two') })
    await store.setValue('lock after', utf8('15'))
    await store.close()
    store = await open()
    expect(await store.identity()).toEqual({ ok: true, value: utf8('secrets') })
    expect(await store.listCircles()).toEqual([{ circle, bytes: utf8('two') }])
    expect(await store.value('lock after')).toEqual(utf8('15'))
    expect(await storeExists(name)).toBe(true)
    expect(await storeExists('another')).toBe(false)
  })

  it('keeps circles apart', async () => {
    await store.circle(circle).putEntries([entry(1)], { durability: 'strict' })
    await store.circle(circle).setValue('k', utf8('v'))
    expect(await store.circle(other).index()).toEqual([])
    expect(await store.circle(other).value('k')).toBeUndefined()
    expect(await store.value('k')).toBeUndefined()
  })

  it('shows nothing of identifiers and contents on the disk', async () => {
    await store.circle(circle).putEntries([entry(1, 'marker')], { durability: 'strict' })
    await store.circle(circle).putSnapshot(document, utf8('marker'))
    await store.circle(circle).setValue('marker', utf8('marker'))
    const rows = await onDisk((db) => Promise.all(db.tables.map((table) => table.toArray())))
    const text = JSON.stringify(rows, (_, value: unknown) =>
      value instanceof Uint8Array ? String.fromCodePoint(...value) : value,
    )
    expect(rows.flat()).toHaveLength(3)
    for (const secret of ['marker', circle, log.device, document]) expect(text).not.toContain(secret)
  })

  it('opens nothing with another root key, and says so', async () => {
    await store.putIdentity(utf8('secrets'))
    await store.close()
    store = await open(randomBytes(32))
    expect(await store.identity()).toMatchObject({ ok: false, error: 'row-unreadable' })
  })
})

describe('the identity with its circles', () => {
  it('is written in one transaction', async () => {
    await store.putIdentity(utf8('new secrets'), [{ circle, bytes: utf8('one') }])
    expect(await store.identity()).toEqual({ ok: true, value: utf8('new secrets') })
    expect(await store.listCircles()).toEqual([{ circle, bytes: utf8('one') }])
  })
})

describe('large entries', () => {
  it('are all read, few at a time', async () => {
    const group = store.circle(circle)
    const seqs = Array.from({ length: 150 }, (_, index) => index + 1)
    const large = seqs.map((seq) => ({ ...entry(seq), bytes: new Uint8Array(200_000).fill(seq) }))
    await group.putEntries(large, { durability: 'strict' })
    const getAll = vi.spyOn(IDBObjectStore.prototype, 'getAll')
    try {
      expect((await group.index()).map(({ seq }) => seq)).toEqual(seqs)
      const read = await group.entries(log, 1, 1000)
      expect(read.map(({ seq, bytes }) => [seq, bytes[0]])).toEqual(seqs.map((seq) => [seq, seq]))
      const rows = getAll.mock.results.map(({ value }) => (value as IDBRequest<readonly unknown[]>).result.length)
      // How large they are is known from the first ones.
      expect(rows).toEqual([100, 42, 8, 100, 42, 8])
    } finally {
      getAll.mockRestore()
    }
  }, 30_000)
})

describe('rows that do not open', () => {
  it('are named, once, and the rest is read', async () => {
    const group = store.circle(circle)
    await group.putEntries([entry(1), entry(2), entry(3)], { durability: 'strict' })
    await onDisk(async (db) => {
      const [, second] = await db.table('entries').toArray()
      await db.table('entries').put({ ...second, sealed: randomBytes(100) })
    })
    expect((await group.index()).map(({ seq }) => seq)).toEqual([1, 3])
    expect((await group.entries(log, 1, 2)).map(({ seq }) => seq)).toEqual([1, 3])
    expect(unreadable).toHaveLength(1)
    expect(unreadable[0]).toMatchObject({ table: 'entries', problem: 'row-unreadable' })
    expect(unreadable[0]?.key).toMatch(/\/2$/)
    expect(await onDisk((db) => db.table('entries').count())).toBe(3)
  })

  it('are noticed where two rows were swapped', async () => {
    const group = store.circle(circle)
    await group.putEntries([entry(1), entry(2)], { durability: 'strict' })
    await onDisk(async (db) => {
      const [one, two] = await db.table('entries').toArray()
      await db.table('entries').bulkPut([
        { ...one, sealed: two.sealed },
        { ...two, sealed: one.sealed },
      ])
    })
    expect(await group.index()).toEqual([])
    expect(await group.lastSeq(log)).toBe(2)
    expect(unreadable).toHaveLength(2)
  })

  it('make place for the same entry, and are kept aside', async () => {
    const group = store.circle(circle)
    await group.putEntries([entry(1)], { durability: 'strict' })
    await spoil('entries')
    await group.putEntries([entry(1)], { durability: 'strict' })
    expect(await group.entries(log, 1, 10)).toEqual([entry(1)])
    expect(await group.lastSeq(log)).toBe(1)
    expect(await onDisk((db) => db.table('unreadable').count())).toBe(1)
  })

  it('make place for a circle of the same id too, and are kept aside', async () => {
    await store.putCircle({ circle, bytes: utf8('one') })
    await spoil('circles')
    await store.putCircle({ circle, bytes: utf8('two') })
    await store.putCircle({ circle, bytes: utf8('three') })
    expect(await store.listCircles()).toEqual([{ circle, bytes: utf8('three') }])
    expect(await onDisk((db) => db.table('unreadable').count())).toBe(1)
  })

  it('of the identity: one of two is enough, and both are whole again', async () => {
    const damage = (id: string) =>
      onDisk(async (db) => void (await db.table('identity').put({ id, sealed: randomBytes(100) })))
    await store.putIdentity(utf8('secrets'))
    for (const id of ['me', 'me again', 'me']) {
      await damage(id)
      expect(await store.identity()).toEqual({ ok: true, value: utf8('secrets') })
    }
    expect(await onDisk((db) => db.table('unreadable').count())).toBe(3)
    await onDisk((db) => db.table('identity').delete('me'))
    expect(await store.identity()).toEqual({ ok: true, value: utf8('secrets') })
  })

  it('are never taken for something that was never there', async () => {
    await store.putIdentity(utf8('secrets'))
    await store.putCircle({ circle, bytes: utf8('one') })
    await store.circle(circle).putSnapshot(document, utf8('state'))
    await store.setValue('k', utf8('v'))
    for (const table of ['identity', 'circles', 'snapshots', 'values']) await spoil(table)
    expect(await store.identity()).toMatchObject({ ok: false, error: 'row-unreadable' })
    expect(await store.listCircles()).toEqual([])
    expect(await store.circle(circle).snapshot(document)).toBeUndefined()
    expect(await store.value('k')).toBeUndefined()
    expect(unreadable.map(({ table }) => table)).toEqual(['identity', 'identity', 'circles', 'snapshots', 'values'])
  })
})

describe('reading large circles', () => {
  it('goes page by page and misses none, unreadable ones included', async () => {
    const group = store.circle(circle)
    const all = Array.from({ length: 2100 }, (_, index) => entry(index + 1))
    await group.putEntries(all, { durability: 'relaxed' })
    expect((await group.index()).map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq))
    expect(await group.entries(log, 2, 2050)).toEqual(all.slice(1, 2051))
  })
})
