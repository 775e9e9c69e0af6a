import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { DocumentId, MemberId } from '../../../../shared/base/ids.ts'
import { putRecord } from '../../../../shared/model/record.ts'
import {
  binPaper,
  createPaper,
  noteChange,
  pinPaper,
  renamePaper,
  restorePaper,
  setReview,
  tidyTitle,
} from './commands.ts'
import { paperRecord, type Paper } from './paper.ts'
import { daysLeftInBin, isNewToMe, lastChange, paperById, papersInBin, papersInUse } from './selectors.ts'
import { addMark, decodeSeen, encodeSeen } from './seen.ts'

const DAY = 86_400_000
const ann = 'ann' as MemberId
const bob = 'bob' as MemberId

function circle(me: MemberId) {
  const records = new Y.Doc()
  const documents = new Map<string, Y.Doc>()
  let flushed = 0
  let released = 0
  return {
    me,
    records,
    documents,
    counts: () => ({ flushed, released }),
    open: (id: DocumentId) => {
      const doc = documents.get(id) ?? new Y.Doc({ gc: false })
      documents.set(id, doc)
      return Promise.resolve({
        id,
        doc,
        attribution: { insertedBy: () => me, deletedBy: () => me },
        presence: { get: () => undefined, subscribe: () => () => undefined },
        setPresence: () => undefined,
        flush: () => Promise.resolve(void flushed++),
        release: () => void released++,
      })
    },
  }
}

const content = {
  type: 'doc',
  content: [{ type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: 'Who we are' }] }],
}

describe('papers', () => {
  it('are made with their words on disk first', async () => {
    const here = circle(ann)
    const id = await createPaper(here, { title: '  Terms of\n reference ', template: 'terms-of-reference', content }, 5)
    expect(paperById(here.records, id)).toEqual({
      id,
      title: 'Terms of reference',
      template: 'terms-of-reference',
      createdBy: 'ann',
      createdAt: 5,
      binnedAt: null,
      binnedBy: null,
      changed: new Map(),
      moves: new Map(),
      reviewOn: null,
      pinned: false,
      labels: new Map(),
      isTemplate: false,
    })
    expect(here.documents.get(id)?.getXmlFragment('content').toJSON()).toContain('Who we are')
    expect(here.counts()).toEqual({ flushed: 2, released: 1 })
  })

  it('are not listed when their words could not be stored', async () => {
    const here = circle(ann)
    const open = here.open
    const broken = {
      ...here,
      open: async (id: DocumentId) => ({ ...(await open(id)), flush: () => Promise.reject(new Error('disk')) }),
    }
    await expect(createPaper(broken, { title: 'X', template: 'x', content }, 5)).rejects.toThrow('disk')
    expect(papersInUse(here.records)).toEqual([])
    expect(here.counts().released).toBe(1)
  })

  it('keep their name when the new one is empty', async () => {
    const here = circle(ann)
    const id = await createPaper(here, { title: 'Plan', template: 'empty' }, 1)
    renamePaper(here, id, '   ')
    expect(paperById(here.records, id)?.title).toBe('Plan')
    renamePaper(here, id, 'Our plan')
    expect(paperById(here.records, id)?.title).toBe('Our plan')
    expect(tidyTitle('x'.repeat(300))).toHaveLength(200)
  })

  it('go to the bin for 30 days and come back as they were', async () => {
    const here = circle(ann)
    const id = await createPaper(here, { title: 'Plan', template: 'empty' }, 1)
    binPaper(here, id, 10 * DAY)
    expect(papersInUse(here.records)).toEqual([])
    expect(papersInBin(here.records, 39 * DAY).map((paper) => [paper.title, paper.binnedBy])).toEqual([['Plan', 'ann']])
    expect(papersInBin(here.records, 40 * DAY)).toEqual([])
    restorePaper(here, id)
    expect(papersInUse(here.records).map(({ title }) => title)).toEqual(['Plan'])
    expect(papersInBin(here.records, 11 * DAY)).toEqual([])
  })

  it('count the bin’s days so that the last one is 1 and a clock set back adds none', () => {
    expect(daysLeftInBin(0, 0)).toBe(30)
    expect(daysLeftInBin(0, 30 * DAY - 1)).toBe(1)
    expect(daysLeftInBin(0, 30 * DAY)).toBe(0)
    expect(daysLeftInBin(5 * DAY, 0)).toBe(30)
  })

  it('know who changed them last, and list that first', async () => {
    const here = circle(ann)
    const first = await createPaper(here, { title: 'First', template: 'empty' }, 1)
    await createPaper(here, { title: 'Second', template: 'empty' }, 2)
    noteChange({ ...here, me: bob }, first, 3)
    expect(papersInUse(here.records).map(({ title }) => title)).toEqual(['First', 'Second'])
    expect(lastChange(paperById(here.records, first)!)).toEqual({ by: 'bob', at: 3 })
  })

  it('have a day to look at them again, or none, whatever rubbish stands there', async () => {
    const here = circle(ann)
    const id = await createPaper(here, { title: 'First', template: 'empty' }, 1)
    const day = () => paperById(here.records, id)?.reviewOn
    expect(day()).toBeNull()
    setReview(here, id, '2027-11-01')
    expect(day()).toBe('2027-11-01')
    putRecord(here.records, paperRecord, id, { reviewOn: '2027-02-30' })
    expect(day()).toBeNull()
  })

  it('of a version that knows neither moves nor days are read, and are upgraded when they are changed', async () => {
    const here = circle(ann)
    const id = await createPaper(here, { title: 'First', template: 'empty' }, 1)
    const stored = here.records.getMap<Y.Map<unknown>>('paper').get(id)
    stored?.set('#version', 1)
    expect(paperById(here.records, id)).toMatchObject({ title: 'First', reviewOn: null })
    setReview(here, id, '2027-11-01')
    expect(stored?.get('#version')).toBe(paperRecord.version)
  })

  it('are put under “Start here” and taken out again, also those that an older version made', () => {
    const here = circle(ann)
    const id = 'a'.repeat(32) as DocumentId
    const older = new Y.Map(
      Object.entries({ '#version': 2, title: 'Old', createdBy: 'ann', createdAt: 1, 'from-the-future': 'kept' }),
    )
    here.records.getMap('paper').set(id, older)
    expect(paperById(here.records, id)?.pinned).toBe(false)
    expect(pinPaper(here, id, true).ok).toBe(true)
    expect(paperById(here.records, id)).toMatchObject({ title: 'Old', pinned: true })
    expect(older.toJSON()).toMatchObject({ '#version': paperRecord.version, 'from-the-future': 'kept' })
    pinPaper(here, id, false)
    expect(paperById(here.records, id)?.pinned).toBe(false)
    older.set('pinned', 'perhaps')
    expect(paperById(here.records, id)?.pinned).toBe(false)
  })

  it('may be binned here and put under “Start here” there at once', async () => {
    const here = circle(ann)
    const id = await createPaper(here, { title: 'Terms', template: 'empty' }, 1)
    const there = circle(bob)
    Y.applyUpdate(there.records, Y.encodeStateAsUpdate(here.records))
    binPaper(here, id, 2)
    pinPaper(there, id, true)
    Y.applyUpdate(here.records, Y.encodeStateAsUpdate(there.records))
    expect(paperById(here.records, id)).toMatchObject({ title: 'Terms', binnedAt: 2, pinned: true })
  })

  it('skip, and never delete, a record they cannot read', () => {
    const here = circle(ann)
    putRecord(here.records, paperRecord, 'not-an-id', { title: 'X', createdBy: 'ann', createdAt: 1 })
    expect(papersInUse(here.records)).toEqual([])
    expect(here.records.getMap('paper').size).toBe(1)
  })
})

describe('what I have seen', () => {
  const paper = (changed: [MemberId, number][], createdBy = ann): Paper => ({
    id: 'x' as DocumentId,
    title: '',
    template: 'empty',
    createdBy,
    createdAt: 1,
    binnedAt: null,
    binnedBy: null,
    changed: new Map(changed),
    moves: new Map(),
    reviewOn: null,
    pinned: false,
    labels: new Map(),
    isTemplate: false,
  })
  const mark = (text: string, at: number) => {
    const doc = new Y.Doc({ gc: false })
    doc.clientID = 1
    doc.getText('t').insert(0, text)
    return { at, snapshot: Y.snapshot(doc) }
  }

  it('is stored and read back', () => {
    const seen = { marks: [mark('two', 1_800_000_000_000), mark('o', 7)], changed: new Map([[bob, 12.5]]) }
    const back = decodeSeen(encodeSeen(seen))
    expect(back?.changed).toEqual(seen.changed)
    expect(back?.marks.map(({ at }) => at)).toEqual([1_800_000_000_000, 7])
    expect(Y.equalSnapshots(back!.marks[0]!.snapshot, seen.marks[0]!.snapshot)).toBe(true)
  })

  it('is nothing where the bytes are cut, empty or of another version', () => {
    const bytes = encodeSeen({ marks: [mark('text', 1)], changed: new Map() })
    expect(decodeSeen(bytes.slice(0, 5))).toBeUndefined()
    expect(decodeSeen(new Uint8Array())).toBeUndefined()
    expect(decodeSeen(Uint8Array.from([9, ...bytes.slice(1)]))).toBeUndefined()
  })

  it('keeps a few earlier marks, and one only where nothing was new', () => {
    let seen = addMark(undefined, mark('', 1), new Map())
    seen = addMark(seen, mark('', 2), new Map())
    expect(seen.marks.map(({ at }) => at)).toEqual([2])
    for (let at = 3; at < 12; at++) seen = addMark(seen, mark('x'.repeat(at), at), new Map())
    expect(seen.marks.map(({ at }) => at)).toEqual([11, 10, 9, 8, 7])
  })

  it('tells new from old by what was seen of each person, whatever the clocks say', () => {
    const seen = { marks: [mark('', 100)], changed: new Map([[bob, 50]]) }
    expect(isNewToMe(paper([[bob, 50]]), seen, ann)).toBe(false)
    // Bob's change was made before Ann last looked, and arrived after.
    expect(isNewToMe(paper([[bob, 60]]), seen, ann)).toBe(true)
    expect(
      isNewToMe(
        paper([
          [bob, 50],
          [ann, 200],
        ]),
        seen,
        ann,
      ),
    ).toBe(false)
    // Ann's own, later change does not cover up somebody else's.
    expect(
      isNewToMe(
        paper([
          [bob, 60],
          [ann, 200],
        ]),
        seen,
        ann,
      ),
    ).toBe(true)
    expect(isNewToMe(paper([]), undefined, ann)).toBe(false)
    expect(isNewToMe(paper([], bob), undefined, ann)).toBe(true)
  })
})
