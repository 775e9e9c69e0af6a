import { describe, expect, it } from 'vitest'
import { yXmlFragmentToProseMirrorRootNode } from '@tiptap/y-tiptap'
import * as Y from 'yjs'
import { templates } from '../../../../resources/templates/index.ts'
import type { CircleId, DocumentId, MemberId } from '../../../../shared/base/ids.ts'
import { pictureFile } from '../../../../tests/fixtures/pictures/read.ts'
import { addPicture, readPicture } from '../../../ui/editor/pictures/kept.ts'
import { editorSchema } from '../../../ui/editor/schema.ts'
import { createPaper, noteChange, offerAsTemplate, pinPaper } from './commands.ts'
import { labelKey } from './label-name.ts'
import { changeLabels } from './labels.ts'
import { bringBack, finishMove, leaveUnfinished, movePaper } from './move.ts'
import { encodeMove, movedField, paperRecord, type Move } from './paper.ts'
import { putRecord } from '../../../../shared/model/record.ts'
import { changedSinceMove, movedTo, paperById, papersInUse, papersMoved, unfinishedMove } from './selectors.ts'

const ann = 'a'.repeat(32) as MemberId
const bob = 'b'.repeat(32) as MemberId

/** One member's copy of a circle. `disk`: how many more flushes succeed. */
function circle(name: string, me: MemberId) {
  const documents = new Map<string, Y.Doc>()
  const disk = { left: Infinity }
  const made = {
    id: name.repeat(32) as CircleId,
    me,
    records: new Y.Doc(),
    documents,
    disk,
    open: (id: DocumentId) => {
      const doc = documents.get(id) ?? new Y.Doc({ gc: false })
      documents.set(id, doc)
      return Promise.resolve({
        id,
        doc,
        attribution: { insertedBy: () => me, deletedBy: () => me },
        presence: { get: () => undefined, subscribe: () => () => undefined },
        setPresence: () => undefined,
        flush: () => (disk.left-- > 0 ? Promise.resolve() : Promise.reject(new Error('disk'))),
        release: () => undefined,
      })
    },
  }
  return made
}
type Circle = ReturnType<typeof circle>

function meet(one: Circle, two: Circle): void {
  const share = (from: Y.Doc, to: Y.Doc): void => Y.applyUpdate(to, Y.encodeStateAsUpdate(from))
  share(one.records, two.records)
  share(two.records, one.records)
}

const titles = ({ records }: Circle): readonly string[] => papersInUse(records).map(({ title }) => title)
const wordsOf = (held: Circle, id: DocumentId): unknown =>
  yXmlFragmentToProseMirrorRootNode(held.documents.get(id)!.getXmlFragment('content'), editorSchema()).toJSON()

const minutes = templates.find(({ id }) => id === 'planning-minutes')!
const make = (planning: Circle): Promise<DocumentId> =>
  createPaper(planning, { title: 'Minutes', template: minutes.id, content: minutes.content }, 1)

async function planningAndGroup() {
  const planning = circle('1', ann)
  const group = circle('2', ann)
  return { planning, group, id: await make(planning) }
}

const moved = async (from: Circle, to: Circle, id: DocumentId, now: number): Promise<DocumentId> => {
  const answer = await movePaper(from, to, id, now)
  if (!answer.ok) throw new Error(answer.error)
  return answer.value
}

describe('a paper given to another circle', () => {
  it('has the pictures that it shows, and no others', async () => {
    const { planning, group, id } = await planningAndGroup()
    const doc = planning.documents.get(id)!
    const [lake, cup] = [await addPicture(doc, pictureFile('lake.jpg')), await addPicture(doc, pictureFile('cup.png'))]
    if (!lake.ok || !cup.ok) throw new Error('no room')
    const shown = new Y.XmlElement('picture')
    shown.setAttribute('hash', lake.value)
    shown.setAttribute('alt', 'The lake')
    doc.getXmlFragment('content').insert(0, [shown])
    const copy = group.documents.get(await moved(planning, group, id, 5))!
    expect([...copy.getMap('pictures').keys()]).toEqual([lake.value])
    expect(await readPicture(copy, lake.value)).toMatchObject({ ok: true })
  })

  it('is there with its structure, under another id, and here among the moved ones', async () => {
    const { planning, group, id } = await planningAndGroup()
    const copy = await moved(planning, group, id, 5)
    expect(copy).not.toBe(id)
    expect(wordsOf(group, copy)).toEqual(wordsOf(planning, id))
    expect(paperById(group.records, copy)).toMatchObject({
      title: 'Minutes',
      template: 'planning-minutes',
      createdAt: 5,
    })
    expect(titles(planning)).toEqual([])
    expect(papersMoved(planning.records).map((paper) => movedTo(paper))).toEqual([
      [{ state: 'done', to: group.id, by: ann, at: 5, changed: new Map(), copy }],
    ])
  })

  it('keeps its labels, its place under “Start here”, and that it is a template', async () => {
    const { planning, group, id } = await planningAndGroup()
    changeLabels(planning, paperById(planning.records, id)!, { on: ['Money', 'Safety'], off: [] })
    changeLabels(planning, paperById(planning.records, id)!, { on: [], off: [labelKey('Safety')] })
    pinPaper(planning, id, true)
    offerAsTemplate(planning, id, true)
    const copy = await moved(planning, group, id, 5)
    expect(paperById(group.records, copy)).toMatchObject({
      labels: new Map([['money', 'Money']]),
      pinned: true,
      isTemplate: true,
    })
    expect(JSON.stringify(group.records.toJSON())).not.toContain('afety')
  })

  it('keeps marks, links, ticks and tables', async () => {
    const { planning, group } = await planningAndGroup()
    const text = (words: string, ...marks: object[]) => ({
      type: 'text',
      text: words,
      ...(marks.length > 0 ? { marks } : {}),
    })
    const content = {
      type: 'doc',
      content: [
        {
          type: 'paragraph',
          content: [text('a', { type: 'bold' }), text('b', { type: 'link', attrs: { href: 'https://example.org/' } })],
        },
        {
          type: 'taskList',
          content: [
            { type: 'taskItem', attrs: { checked: true }, content: [{ type: 'paragraph', content: [text('done')] }] },
          ],
        },
        ...templates.flatMap((template) => template.content.content ?? []),
      ],
    }
    const id = await createPaper(planning, { title: 'All', template: 'empty', content }, 1)
    expect(wordsOf(group, await moved(planning, group, id, 2))).toEqual(wordsOf(planning, id))
  })

  it('keeps what a later version wrote and this one does not know', async () => {
    const { planning, group, id } = await planningAndGroup()
    const drawing = new Y.XmlElement('drawing')
    drawing.setAttribute('shape', 'circle')
    planning.documents.get(id)?.getXmlFragment('content').insert(0, [drawing])
    const copy = await moved(planning, group, id, 2)
    expect(group.documents.get(copy)?.getXmlFragment('content').toJSON()).toMatch(
      /^<drawing shape="circle"><\/drawing>/,
    )
  })

  it('tells the new circle nothing of the old one', async () => {
    const { planning, group, id } = await planningAndGroup()
    await moved(planning, group, id, 5)
    const told = JSON.stringify(group.records.getMap('paper').toJSON())
    expect(told).not.toContain(id)
    expect(told).not.toContain(planning.id)
  })

  it('does not take earlier words along', async () => {
    const { planning, group, id } = await planningAndGroup()
    const fragment = planning.documents.get(id)!.getXmlFragment('content')
    const secret = new Y.XmlElement('paragraph')
    secret.insert(0, [new Y.XmlText('SECRET WORDS')])
    fragment.insert(0, [secret])
    fragment.delete(0, 1)
    const copy = await moved(planning, group, id, 2)
    const bytes = Y.encodeStateAsUpdate(group.documents.get(copy)!)
    expect(new TextDecoder().decode(Y.encodeStateAsUpdate(planning.documents.get(id)!))).toContain('SECRET WORDS')
    expect(new TextDecoder().decode(bytes)).not.toContain('SECRET WORDS')
  })

  it('can be brought back; the copy stays where it is', async () => {
    const { planning, group, id } = await planningAndGroup()
    const copy = await moved(planning, group, id, 5)
    bringBack(planning, id)
    expect(titles(planning)).toEqual(['Minutes'])
    expect(papersMoved(planning.records)).toEqual([])
    expect(paperById(group.records, copy)).toBeDefined()
    const second = await moved(planning, group, id, 6)
    expect(movedTo(paperById(planning.records, id)!).map(({ copy: to }) => to)).toEqual([second])
  })

  it('says who changed the old one afterwards, whatever their clock says', async () => {
    const { planning, group, id } = await planningAndGroup()
    const bobs = circle('1', bob)
    noteChange({ ...planning, me: bob }, id, 100)
    meet(planning, bobs)
    const copy = await moved(planning, group, id, 200)
    const since = (): readonly MemberId[] => {
      const paper = paperById(planning.records, id)!
      return changedSinceMove(paper, paper.moves.get(copy)!)
    }
    expect(since()).toEqual([])
    noteChange(bobs, id, 150)
    meet(planning, bobs)
    expect(since()).toEqual([bob])
  })

  it('is two copies, both known to everybody, where two people move it at once', async () => {
    const { planning, group, id } = await planningAndGroup()
    const bobs = { planning: circle('1', bob), group: circle('2', bob), team: circle('3', bob) }
    meet(planning, bobs.planning)
    bobs.planning.documents.set(id, planning.documents.get(id)!)
    const first = await moved(planning, group, id, 5)
    const second = await moved(bobs.planning, bobs.team, id, 6)
    meet(planning, bobs.planning)
    meet(group, bobs.group)
    for (const { records } of [planning, bobs.planning])
      expect(movedTo(paperById(records, id)!).map(({ copy, by, to }) => [copy, by, to])).toEqual([
        [first, ann, group.id],
        [second, bob, bobs.team.id],
      ])
    expect(titles(bobs.group)).toEqual(['Minutes'])
    expect(titles(bobs.team)).toEqual(['Minutes'])
  })
})

describe('a move that was interrupted', () => {
  /** Every place where the disk can stop: each circle is written twice. */
  const stops = [
    ['planning', 0, false],
    ['group', 0, false],
    ['group', 1, true],
    ['planning', 1, true],
  ] as const

  it.each(stops)('leaves the paper in the list or a copy: %s circle after %i writes', async (where, left, hasCopy) => {
    const { planning, group, id } = await planningAndGroup()
    const target = where === 'planning' ? planning : group
    target.disk.left = left
    expect(await movePaper(planning, group, id, 5)).toMatchObject({ ok: false, error: 'storage-failed' })
    expect(titles(group)).toEqual(hasCopy ? ['Minutes'] : [])
    const paper = paperById(planning.records, id)!
    expect(titles(planning).length + titles(group).length).toBeGreaterThan(0)
    expect(movedTo(paper).length === 0 || hasCopy).toBe(true)
  })

  it('is finished without another copy where there is one', async () => {
    const { planning, group, id } = await planningAndGroup()
    group.disk.left = 1
    await movePaper(planning, group, id, 5)
    group.disk.left = Infinity
    const begun = unfinishedMove(paperById(planning.records, id)!, ann)!
    expect(await finishMove(planning, group, id, begun, 6)).toEqual({ ok: true, value: begun.copy })
    expect(titles(group)).toEqual(['Minutes'])
    expect(titles(planning)).toEqual([])
    expect(unfinishedMove(paperById(planning.records, id)!, ann)).toBeUndefined()
  })

  it('begins again where there is none, so that no words come twice', async () => {
    const { planning, group, id } = await planningAndGroup()
    group.disk.left = 0
    await movePaper(planning, group, id, 5)
    group.disk.left = Infinity
    const begun = unfinishedMove(paperById(planning.records, id)!, ann)!
    const answer = await finishMove(planning, group, id, begun, 6)
    expect(answer).toMatchObject({ ok: true })
    const copy = answer.ok ? answer.value : id
    expect(copy).not.toBe(begun.copy)
    expect(wordsOf(group, copy)).toEqual(wordsOf(planning, id))
    expect(titles(group)).toEqual(['Minutes'])
    expect(unfinishedMove(paperById(planning.records, id)!, ann)).toBeUndefined()
  })

  it('can be left alone, and is nobody else’s business', async () => {
    const { planning, group, id } = await planningAndGroup()
    group.disk.left = 0
    await movePaper(planning, group, id, 5)
    const paper = paperById(planning.records, id)!
    expect(unfinishedMove(paper, bob)).toBeUndefined()
    leaveUnfinished(planning, id, unfinishedMove(paper, ann)!)
    expect(unfinishedMove(paperById(planning.records, id)!, ann)).toBeUndefined()
    expect(titles(planning)).toEqual(['Minutes'])
  })

  it('does nothing where the paper is not here', async () => {
    const { planning, group } = await planningAndGroup()
    expect(await movePaper(planning, group, 'f'.repeat(32) as DocumentId, 5)).toMatchObject({ error: 'not-here' })
    expect(titles(group)).toEqual([])
  })
})

describe('records of papers', () => {
  const copy = 'c'.repeat(32) as DocumentId
  const stored = (records: Y.Doc, fields: object): void => {
    const record = records.getMap<Y.Map<unknown>>('paper').set('d'.repeat(32), new Y.Map())
    for (const [name, value] of Object.entries({ title: 'Old', createdBy: ann, createdAt: 1, ...fields }))
      record.set(name, value)
  }

  it('of version 1 are read: they have not moved', () => {
    const records = new Y.Doc()
    stored(records, { '#version': 1, template: 'empty', binnedAt: null, binnedBy: null, [`changed/${bob}`]: 7 })
    expect(paperById(records, 'd'.repeat(32))).toEqual({
      id: 'd'.repeat(32),
      title: 'Old',
      template: 'empty',
      createdBy: ann,
      createdAt: 1,
      binnedAt: null,
      binnedBy: null,
      changed: new Map([[bob, 7]]),
      moves: new Map(),
      reviewOn: null,
      pinned: false,
      labels: new Map(),
      isTemplate: false,
    })
  })

  it('of version 1 take a move and say the newest version then', () => {
    const records = new Y.Doc()
    stored(records, { '#version': 1 })
    const move: Move = { state: 'done', to: '2'.repeat(32) as CircleId, by: ann, at: 5, changed: new Map([[bob, 7.5]]) }
    putRecord(records, paperRecord, 'd'.repeat(32), { [movedField(copy)]: encodeMove(move) })
    expect(paperById(records, 'd'.repeat(32))?.moves).toEqual(new Map([[copy, move]]))
    expect(records.getMap<Y.Map<unknown>>('paper').get('d'.repeat(32))?.get('#version')).toBe(paperRecord.version)
  })

  it.each([
    ['no list', 'done'],
    ['numbers', [1, 2, 3, 4]],
    ['another state', ['lost', '2'.repeat(32), ann, '5']],
    ['no circle', ['done', 'planning', ann, '5']],
    ['no time', ['done', '2'.repeat(32), ann, 'soon']],
    ['nobody', ['done', '2'.repeat(32), '', '5']],
    ['too short', ['done']],
  ])('leave out a move that is garbled: %s', (_, value) => {
    const records = new Y.Doc()
    stored(records, { '#version': 2, [movedField(copy)]: value })
    const paper = paperById(records, 'd'.repeat(32))
    expect(paper?.title).toBe('Old')
    expect(paper?.moves.size).toBe(0)
  })
})
