import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { randomBytes, utf8 } from '../../shared/base/bytes.ts'
import type { DocumentId } from '../../shared/base/ids.ts'
import { pad, unpad } from './padding.ts'
import { openVault, type UnreadableNote, type Vault } from './vault.ts'

const note = 'a'.repeat(32) as DocumentId
const other = 'b'.repeat(32) as DocumentId
let databases = 0
let name: string
let rootKey: Uint8Array
let unreadable: UnreadableNote[]
let vault: Vault

async function open(): Promise<Vault> {
  const opened = await openVault({ name, rootKey, onUnreadable: (row) => unreadable.push(row) })
  if (!opened.ok) throw new Error(opened.error)
  return opened.value
}
async function reopen(): Promise<void> {
  await vault.close()
  vault = await open()
}
async function write(id: DocumentId, text: string): Promise<void> {
  const { doc, flush, release } = await vault.context.open(id)
  doc.getText('text').insert(doc.getText('text').length, text)
  await flush()
  release()
}
async function readNote(id: DocumentId): Promise<string> {
  const opened = await vault.context.open(id)
  const text = opened.doc.getText('text').toJSON()
  opened.release()
  return text
}
async function onDisk<Value>(work: (db: Dexie) => Promise<Value>): Promise<Value> {
  const db = await new Dexie(name).open()
  try {
    return await work(db)
  } finally {
    db.close()
  }
}
const rows = (): Promise<number> => onDisk((db) => db.table('updates').count())
const failPuts = () =>
  vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
    throw new DOMException('The disk is full.', 'QuotaExceededError')
  })

beforeEach(async () => {
  name = `vault-test-${++databases}`
  rootKey = randomBytes(32)
  unreadable = []
  vault = await open()
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  await vault.close()
})

describe('a note', () => {
  it('is there after a restart, with its record and its values', async () => {
    await write(note, 'Slept badly. ')
    vault.context.records.getMap('note').set('title', 'Tuesday')
    await vault.context.local.set('place', utf8('42'))
    await reopen()
    await write(note, 'Better now.')
    await reopen()
    expect(await readNote(note)).toBe('Slept badly. Better now.')
    expect(vault.context.records.getMap('note').get('title')).toBe('Tuesday')
    expect(await vault.context.local.get('place')).toEqual(utf8('42'))
    expect(await vault.context.local.get('nothing')).toBeUndefined()
  })

  it('is on disk within 800 ms of typing, without being asked', async () => {
    const { doc } = await vault.context.open(note)
    doc.getText('text').insert(0, 'Tea')
    expect(vault.context.save.get()).toEqual({ state: 'saving' })
    const began = performance.now()
    await vi.waitFor(() => expect(vault.context.save.get()).toEqual({ state: 'saved' }), { timeout: 800, interval: 10 })
    expect(performance.now() - began).toBeLessThan(800)
    expect(await rows()).toBe(1)
  })

  it('is one document for all who have it open, and outlives the one who lets go', async () => {
    const [one, two] = await Promise.all([vault.context.open(note), vault.context.open(note)])
    expect(one.doc).toBe(two.doc)
    one.release()
    one.release()
    two.doc.getText('text').insert(0, 'still here')
    await two.flush()
    expect(await readNote(note)).toBe('still here')
  })

  it('is saved when it is let go in mid-sentence', async () => {
    const opened = await vault.context.open(note)
    opened.doc.getText('text').insert(0, 'half a sen')
    opened.release()
    await reopen()
    expect(await readNote(note)).toBe('half a sen')
  })

  it('is folded into one row now and then, and loses nothing by it', async () => {
    const { doc, flush } = await vault.context.open(note)
    for (let edit = 0; edit < 150; edit++) {
      doc.getText('text').insert(edit, String(edit % 10))
      await flush()
    }
    expect(await rows()).toBeLessThan(70)
    await reopen()
    expect(await readNote(note)).toHaveLength(150)
  })

  it('is destroyed with every row of it, and the words of its record with it', async () => {
    await write(note, 'to go')
    await write(other, 'to stay')
    vault.context.records.getMap('note').set('title', 'to go too')
    await vault.flush()
    vault.context.records.getMap('note').delete('title')
    const before = await rows()
    await vault.context.destroy(note)
    expect(await rows()).toBeLessThan(before)
    // One of the other note, one of the records.
    expect(await rows()).toBe(2)
    await reopen()
    expect(await readNote(note)).toBe('')
    expect(await readNote(other)).toBe('to stay')
    expect(vault.context.records.getMap('note').size).toBe(0)
  })

  it('is not written again by somebody who still had it open when it was destroyed', async () => {
    const { doc, flush } = await vault.context.open(note)
    doc.getText('text').insert(0, 'to go')
    await vault.context.destroy(note)
    doc.getText('text').insert(0, 'late')
    await flush()
    await reopen()
    expect(await readNote(note)).toBe('')
  })
})

describe('when writing stops', () => {
  it('says why, keeps what was saved, and keeps what was not in memory', async () => {
    await write(note, 'saved. ')
    const { doc, flush } = await vault.context.open(note)
    failPuts()
    doc.getText('text').insert(7, 'unsaved')
    await expect(flush()).rejects.toThrow('disk is full')
    expect(vault.context.save.get()).toEqual({ state: 'stopped', reason: 'storage-failed' })
    expect(vault.resumeWrites()).toBe(false)
    await expect(vault.flush()).rejects.toThrow('disk is full')
    expect(await readNote(note)).toBe('saved. unsaved')
    vi.restoreAllMocks()
    await reopen()
    expect(await readNote(note)).toBe('saved. ')
  })

  it('goes on after a low disk, with everything typed meanwhile', async () => {
    const opened = await vault.context.open(note)
    vault.stopWrites('disk-low')
    opened.doc.getText('text').insert(0, 'typed meanwhile')
    await expect(opened.flush()).rejects.toThrow('stopped')
    expect(vault.context.save.get()).toEqual({ state: 'stopped', reason: 'disk-low' })
    opened.release()
    expect(vault.resumeWrites()).toBe(true)
    await vi.waitFor(() => expect(vault.context.save.get()).toEqual({ state: 'saved' }))
    await reopen()
    expect(await readNote(note)).toBe('typed meanwhile')
  })
})

describe('what does not open', () => {
  const spoilFirst = (): Promise<unknown> =>
    onDisk(async (db) => {
      const [first] = await db.table('updates').toArray()
      await db.table('updates').put({ ...first, sealed: randomBytes(600) })
    })

  it('is named, the rest is read, and nothing of it is folded away', async () => {
    await write(note, 'first')
    await vault.close()
    await spoilFirst()
    vault = await open()
    const { doc, flush } = await vault.context.open(note)
    for (let edit = 0; edit < 80; edit++) {
      doc.getText('text').insert(0, 'x')
      await flush()
    }
    expect(unreadable).toMatchObject([{ table: 'updates', problem: 'row-unreadable' }])
    expect(await rows()).toBe(81)
    await reopen()
    expect(await readNote(note)).toHaveLength(80)
  })

  it('is the whole vault with another root key: nothing is written over it', async () => {
    await write(note, 'mine')
    await vault.close()
    const right = rootKey
    rootKey = randomBytes(32)
    expect(await openVault({ name, rootKey })).toMatchObject({ ok: false, error: 'row-unreadable' })
    rootKey = right
    vault = await open()
    expect(await readNote(note)).toBe('mine')
  })

  it('is the whole vault without its key: no new key is made over old notes', async () => {
    await write(note, 'mine')
    await vault.close()
    await onDisk((db) => db.table('key').clear())
    expect(await openVault({ name, rootKey })).toMatchObject({ ok: false, error: 'row-unreadable' })
    expect(await rows()).toBe(1)
  })
})

describe('padding', () => {
  it('comes off again, and gives short notes one length', () => {
    for (const length of [0, 1, 507, 508, 509, 4096, 100_000]) {
      const payload = new Uint8Array(length).fill(7)
      expect(unpad(pad(payload))).toEqual(payload)
      expect(pad(payload).length).toBeLessThan(Math.max(1030, length * 1.14))
    }
    expect(new Set([0, 1, 100, 500].map((length) => pad(new Uint8Array(length)).length)).size).toBe(1)
    expect(unpad(Uint8Array.of(0, 0))).toBeUndefined()
    expect(unpad(Uint8Array.of(0, 0, 0, 9, 1))).toBeUndefined()
  })

  it('hides the length of what is typed on the disk', async () => {
    await write(note, 'a')
    await write(other, 'a whole sentence that says rather more')
    const lengths = await onDisk(async (db) => (await db.table('updates').toArray()).map((row) => row.sealed.length))
    expect(new Set(lengths).size).toBe(1)
  })
})
