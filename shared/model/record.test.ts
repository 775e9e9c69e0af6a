import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import {
  allRecords,
  defineRecord,
  deleteRecord,
  getRecord,
  mayEditRecord,
  onRecords,
  putRecord,
  type Fields,
  type RecordDefinition,
} from './record.ts'

interface Task {
  readonly id: string
  readonly fields: Fields
}

const parse = (id: string, fields: Fields): Task | undefined =>
  typeof (fields['title'] ?? fields['name']) === 'string' ? { id, fields } : undefined

const task = (version: number, migrations: RecordDefinition<Task>['migrations'], minWriter = 1) =>
  defineRecord<Task>({ kind: 'task', scope: 'circle', version, minWriter, migrations, parse })

const first = task(1, [])
/** Version 2 renames title to name. */
const second = task(2, [({ title = '', ...fields }) => ({ ...fields, name: title })])
/** Version 3 adds a list, and versions below 2 may not write it. */
const third = task(3, [...second.migrations, (fields) => ({ ...fields, tags: ['new'] })], 2)

const stored = (doc: Y.Doc, id: string): unknown => doc.getMap<Y.Map<unknown>>('task').get(id)?.toJSON()

describe('a record', () => {
  it('is created, read, changed field by field and deleted', () => {
    const doc = new Y.Doc()
    putRecord(doc, first, 't', { title: 'Tea', done: false })
    putRecord(doc, first, 't', { done: true })
    expect(getRecord(doc, first, 't')?.fields).toEqual({ '#version': 1, title: 'Tea', done: true })
    expect(allRecords(doc, first)).toHaveLength(1)
    deleteRecord(doc, first, 't')
    expect(getRecord(doc, first, 't')).toBeUndefined()
  })

  it('merges the fields that two people set apart', () => {
    const [one, two] = [new Y.Doc(), new Y.Doc()]
    putRecord(one, first, 't', { title: 'Tea' })
    Y.applyUpdate(two, Y.encodeStateAsUpdate(one))
    putRecord(one, first, 't', { title: 'Tea and cake' })
    putRecord(two, first, 't', { owner: 'Ada' })
    Y.applyUpdate(two, Y.encodeStateAsUpdate(one))
    expect(getRecord(two, first, 't')?.fields).toMatchObject({ title: 'Tea and cake', owner: 'Ada' })
  })

  it('is skipped, not deleted, where it does not parse or has no good version', () => {
    const doc = new Y.Doc()
    putRecord(doc, first, 'bad', { title: 7 })
    putRecord(doc, first, 'odd', { title: 'Odd' })
    for (const version of [0, 1.5, -1, 'one', null]) {
      doc.getMap<Y.Map<unknown>>('task').get('odd')?.set('#version', version)
      expect(allRecords(doc, first)).toEqual([])
      expect(getRecord(doc, first, 'odd')).toBeUndefined()
    }
    expect([...doc.getMap('task').keys()]).toEqual(['bad', 'odd'])
  })

  it('tells its listeners of every change until they stop', () => {
    const doc = new Y.Doc()
    let heard = 0
    const stop = onRecords(doc, first, () => (heard += 1))
    putRecord(doc, first, 't', { title: 'Tea' })
    putRecord(doc, first, 't', { title: 'Cake' })
    stop()
    putRecord(doc, first, 't', { title: 'Biscuits' })
    expect(heard).toBe(2)
  })
})

describe('migrations', () => {
  it('upgrade on reading and leave what is stored alone', () => {
    const doc = new Y.Doc()
    putRecord(doc, first, 't', { title: 'Tea', colour: 'green' })
    expect(getRecord(doc, third, 't')?.fields).toMatchObject({ name: 'Tea', tags: ['new'], colour: 'green' })
    expect(stored(doc, 't')).toEqual({ '#version': 1, title: 'Tea', colour: 'green' })
  })

  it('run each exactly once, in order, from the version that is stored', () => {
    const ran: number[] = []
    const counting = task(
      4,
      [1, 2, 3].map((from) => (fields: Fields) => {
        ran.push(from)
        return fields
      }),
    )
    const doc = new Y.Doc()
    putRecord(doc, second, 't', { name: 'Tea' })
    getRecord(doc, counting, 't')
    expect(ran).toEqual([2, 3])
    ran.length = 0
    putRecord(doc, counting, 't', { name: 'Cake' })
    putRecord(doc, counting, 't', { name: 'Biscuits' })
    getRecord(doc, counting, 't')
    expect(ran).toEqual([2, 3])
  })

  it('are written with the first edit, so that no field is left behind at the older version', () => {
    const doc = new Y.Doc()
    putRecord(doc, first, 't', { title: 'Tea', colour: 'green' })
    putRecord(doc, third, 't', { done: true })
    expect(getRecord(doc, third, 't')?.fields).toMatchObject({
      name: 'Tea',
      tags: ['new'],
      colour: 'green',
      done: true,
    })
    expect(stored(doc, 't')).toMatchObject({ '#version': 3, '#minWriter': 2, name: 'Tea' })
  })

  it('do not overwrite the fields that the edit sets', () => {
    const doc = new Y.Doc()
    putRecord(doc, first, 't', { title: 'Tea' })
    putRecord(doc, second, 't', { name: 'Cake' })
    expect(getRecord(doc, second, 't')?.fields['name']).toBe('Cake')
  })

  it('must be as many as the versions need', () => {
    expect(() => task(3, [(fields) => fields])).toThrow(RangeError)
  })
})

describe('a record of a newer version', () => {
  it('keeps its version and its unknown fields when an older one edits it', () => {
    const doc = new Y.Doc()
    putRecord(doc, third, 't', { name: 'Tea', tags: ['a', 'b'] })
    expect(putRecord(doc, second, 't', { name: 'Cake' })).toEqual({ ok: true, value: undefined })
    expect(getRecord(doc, third, 't')?.fields).toMatchObject({ '#version': 3, name: 'Cake', tags: ['a', 'b'] })
  })

  it('is not edited below its minWriter', () => {
    const doc = new Y.Doc()
    putRecord(doc, third, 't', { name: 'Tea' })
    expect(mayEditRecord(doc, second, 't')).toBe(true)
    expect(mayEditRecord(doc, first, 't')).toBe(false)
    expect(putRecord(doc, first, 't', { title: 'Cake' })).toMatchObject({ ok: false, error: 'newer-version' })
    expect(stored(doc, 't')).toEqual({ '#version': 3, '#minWriter': 2, name: 'Tea' })
  })
})
