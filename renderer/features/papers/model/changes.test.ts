import { initProseMirrorDoc, updateYFragment } from '@tiptap/y-tiptap'
import { Transform } from '@tiptap/pm/transform'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { MemberId } from '../../../../shared/base/ids.ts'
import type { Attribution } from '../../../../shared/model/contexts.ts'
import { editorSchema } from '../../../ui/editor/schema.ts'
import { byOthers, changesSince } from './changes.ts'

const schema = editorSchema()
const paragraph = (text: string) => schema.node('paragraph', null, text === '' ? [] : schema.text(text))
const heading = (text: string, level = 2) => schema.node('heading', { level }, schema.text(text))

interface Deletion {
  client: number
  clock: number
  length: number
  by: MemberId
}

/** People with a computer each, who edit as the editor does (its own diff into Yjs) and meet when told to. */
function setup(...names: string[]) {
  const deletions: Deletion[] = []
  const members = new Map<number, MemberId>()
  const people = names.map((name, index) => {
    const doc = new Y.Doc({ gc: false })
    doc.clientID = index + 1
    members.set(doc.clientID, name as MemberId)
    doc.on('afterTransaction', (transaction: Y.Transaction) => {
      if (!transaction.local) return
      for (const [client, items] of transaction.deleteSet.clients)
        for (const { clock, len } of items) deletions.push({ client, clock, length: len, by: name as MemberId })
    })
    const fragment = doc.getXmlFragment('content')
    const undoManager = new Y.UndoManager(fragment, { trackedOrigins: new Set(['edit']) })
    return {
      name: name as MemberId,
      doc,
      fragment,
      undo: () => undoManager.undo(),
      mark: () => Y.snapshot(doc),
      /** Edits by text: positions are looked up, as a person would. */
      edit(change: (transform: Transform) => void) {
        const { doc: now, meta } = initProseMirrorDoc(fragment, schema)
        const transform = new Transform(now)
        change(transform)
        doc.transact(() => updateYFragment(doc, fragment, transform.doc, meta), 'edit')
        undoManager.stopCapturing()
      },
      lines: () => initProseMirrorDoc(fragment, schema).doc.children.map((node) => node.textContent),
    }
  })
  const attribution: Attribution = {
    insertedBy: (client) => members.get(client),
    deletedBy: (client, clock) =>
      deletions.find((one) => one.client === client && clock >= one.clock && clock < one.clock + one.length)?.by,
  }
  const meet = () => {
    for (const from of people)
      for (const to of people) if (from !== to) Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc))
  }
  const since = (reader: (typeof people)[number], mark: Y.Snapshot) =>
    byOthers(changesSince(reader.fragment, mark, attribution), reader.name)
  return { people, attribution, meet, since }
}

function find(transform: Transform, text: string): number {
  let found = -1
  transform.doc.descendants((node, position) => {
    const index = node.isText ? (node.text?.indexOf(text) ?? -1) : -1
    if (index >= 0 && found < 0) found = position + index
    return true
  })
  if (found < 0) throw new Error(`no ${JSON.stringify(text)}`)
  return found
}

const insertAfter = (after: string, text: string) => (transform: Transform) =>
  transform.insert(find(transform, after) + after.length, schema.text(text))
const remove = (text: string) => (transform: Transform) => {
  const from = find(transform, text)
  transform.delete(from, from + text.length)
}

function withPaper() {
  const world = setup('ann', 'bob', 'cat')
  const [ann, bob, cat] = world.people
  if (ann === undefined || bob === undefined || cat === undefined) throw new Error('three people')
  ann.edit((transform) => {
    transform.replaceWith(0, transform.doc.content.size, [
      heading('How we decide'),
      paragraph('We meet every two weeks in the library.'),
      paragraph('Everyone has a voice.'),
      heading('Money'),
      paragraph('Two people look after it.'),
    ])
  })
  world.meet()
  return { ...world, ann, bob, cat }
}

const told = (changes: ReturnType<typeof changesSince>) =>
  changes.map(({ kind, by, text, under }) => ({ kind, by, text, under }))

describe('changes since a moment', () => {
  it('tells typing before an equal letter as it was typed', () => {
    const { people, meet, since } = setup('alice', 'bob')
    const [alice, bob] = people
    if (alice === undefined || bob === undefined) throw new Error('two people')
    alice.edit((transform) => transform.insert(0, paragraph('The rest stays.')))
    meet()
    const mark = alice.mark()
    for (const letter of 'This draft is new. ')
      bob.edit((transform) => transform.insert(find(transform, 'The rest'), schema.text(letter)))
    meet()
    expect(since(alice, mark).map(({ text, from, to }) => ({ text, from, to }))).toEqual([
      { text: 'This draft is new. ', from: 1, to: 20 },
    ])
  })

  it('tells typing as one stretch where its letters equal the ones after it', () => {
    const { people, meet, since } = setup('alice', 'bob')
    const [alice, bob] = people
    if (alice === undefined || bob === undefined) throw new Error('two people')
    alice.edit((transform) => transform.insert(0, paragraph('to fix one another.')))
    meet()
    const mark = alice.mark()
    // One letter at a time, as the editor hands typing to the paper.
    for (const letter of 'Bob says rest comes first. ')
      bob.edit((transform) => transform.insert(find(transform, 'another'), schema.text(letter)))
    meet()
    expect(since(alice, mark).map(({ kind, text }) => ({ kind, text }))).toEqual([
      { kind: 'added', text: 'Bob says rest comes first. ' },
    ])
  })

  it('are none where nothing happened, for the reader and the writer', () => {
    const { ann, bob, since } = withPaper()
    expect(since(bob, bob.mark())).toEqual([])
    expect(since(ann, ann.mark())).toEqual([])
  })

  it('say who added what, under which heading, and where it stands in the editor', () => {
    const { ann, bob, meet, since } = withPaper()
    const mark = ann.mark()
    bob.edit(insertAfter('every two weeks', ', at two,'))
    meet()
    const changes = since(ann, mark)
    expect(told(changes)).toEqual([{ kind: 'added', by: 'bob', text: ', at two,', under: 'How we decide' }])
    const { doc } = initProseMirrorDoc(ann.fragment, schema)
    expect(doc.textBetween(changes[0]!.from, changes[0]!.to)).toBe(', at two,')
    expect(changes[0]!.block).toBe('We meet every two weeks, at two, in the library.')
  })

  it('leave out what the reader did, also from another moment', () => {
    const { ann, bob, meet, since } = withPaper()
    const mark = ann.mark()
    ann.edit(insertAfter('library', ' or online'))
    bob.edit(insertAfter('voice', ' and a vote'))
    meet()
    expect(told(since(ann, mark))).toEqual([{ kind: 'added', by: 'bob', text: ' and a vote', under: 'How we decide' }])
    expect(since(ann, ann.mark())).toEqual([])
  })

  it('keep two people apart who edited one sentence at the same time, offline', () => {
    const { ann, bob, cat, meet, since } = withPaper()
    const mark = cat.mark()
    ann.edit(insertAfter('We meet', ', rain or shine,'))
    bob.edit(insertAfter('in the library', ' or by phone'))
    meet()
    expect(ann.lines()).toEqual(bob.lines())
    expect(ann.lines()[1]).toBe('We meet, rain or shine, every two weeks in the library or by phone.')
    expect(told(since(cat, mark))).toEqual([
      { kind: 'added', by: 'ann', text: ', rain or shine,', under: 'How we decide' },
      { kind: 'added', by: 'bob', text: ' or by phone', under: 'How we decide' },
    ])
  })

  it('tell two people’s insertions at the very same place apart', () => {
    const { ann, bob, cat, meet, since } = withPaper()
    const mark = cat.mark()
    ann.edit(insertAfter('library', ' AAA'))
    bob.edit(insertAfter('library', ' BBB'))
    meet()
    expect(
      since(cat, mark)
        .map(({ by, text }) => `${by}${text}`)
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(['ann AAA', 'bob BBB'])
  })

  it('say who removed words, by remover and not by writer', () => {
    const { ann, bob, meet, since } = withPaper()
    const mark = ann.mark()
    bob.edit(remove(' in the library'))
    meet()
    const changes = since(ann, mark)
    expect(told(changes)).toEqual([{ kind: 'removed', by: 'bob', text: ' in the library', under: 'How we decide' }])
    expect(changes[0]!.from).toBe(changes[0]!.to)
    expect(changes[0]!.block).toBe('We meet every two weeks.')
  })

  it('give each remover their part of one removed passage', () => {
    const { ann, bob, cat, meet, since } = withPaper()
    const mark = cat.mark()
    ann.edit(remove('every two weeks'))
    bob.edit(remove(' in the library'))
    meet()
    expect(told(since(cat, mark))).toEqual([
      { kind: 'removed', by: 'ann', text: 'every two weeks', under: 'How we decide' },
      { kind: 'removed', by: 'bob', text: ' in the library', under: 'How we decide' },
    ])
  })

  it('show words typed into a paragraph that somebody else removed at the same time', () => {
    const { ann, bob, cat, meet, since } = withPaper()
    const marks = [ann.mark(), bob.mark(), cat.mark()] as const
    ann.edit((transform) => {
      const from = find(transform, 'Everyone has') - 1
      transform.delete(from, from + 'Everyone has a voice.'.length + 2)
    })
    bob.edit(insertAfter('a voice', ', also by WhatsApp'))
    const afterTyping = bob.mark()
    meet()
    expect(ann.lines()).not.toContain('Everyone has a voice, also by WhatsApp.')
    const forAnn = since(ann, marks[0])
    expect(forAnn).toMatchObject([{ kind: 'crossed', by: 'bob', removedBy: 'ann', text: ', also by WhatsApp' }])
    const forCat = since(cat, marks[2])
    expect(forCat.map(({ kind, by, text }) => [kind, by, text])).toEqual([
      ['removed', 'ann', 'Everyone has a voice'],
      ['crossed', 'bob', ', also by WhatsApp'],
      ['removed', 'ann', '.'],
    ])
    // Bob had seen his own words: they are told as removed by Ann, from either of his marks.
    expect(since(bob, afterTyping).map(({ kind, by, text }) => [kind, by, text])).toEqual([
      ['removed', 'ann', 'Everyone has a voice, also by WhatsApp.'],
    ])
    expect(since(bob, marks[1]).map(({ kind, by, removedBy }) => [kind, by, removedBy])).toContainEqual([
      'crossed',
      'bob',
      'ann',
    ])
  })

  it('call a paragraph split in two a move, not a removal', () => {
    const { ann, bob, meet, since } = withPaper()
    const mark = ann.mark()
    bob.edit((transform) => transform.split(find(transform, ' in the library')))
    meet()
    expect(told(since(ann, mark))).toEqual([
      { kind: 'moved', by: 'bob', text: 'in the library.', under: 'How we decide' },
    ])
  })

  it('see what was typed after a split as added', () => {
    const { ann, bob, meet, since } = withPaper()
    const mark = ann.mark()
    bob.edit((transform) => transform.split(find(transform, ' in the library')))
    bob.edit(insertAfter('in the library.', ' There is a ramp.'))
    meet()
    expect(told(since(ann, mark))).toEqual([
      { kind: 'moved', by: 'bob', text: 'in the library.', under: 'How we decide' },
      { kind: 'added', by: 'bob', text: ' There is a ramp.', under: 'How we decide' },
    ])
  })

  it('call a paragraph made into a heading or a list item newly set out', () => {
    const { ann, bob, meet, since } = withPaper()
    const mark = ann.mark()
    bob.edit((transform) => {
      const from = find(transform, 'Everyone has') - 1
      const item = schema.node('listItem', null, [paragraph('Everyone has a voice.')])
      transform.replaceWith(from, from + 'Everyone has a voice.'.length + 2, schema.node('bulletList', null, [item]))
    })
    meet()
    expect(told(since(ann, mark))).toEqual([
      { kind: 'formatted', by: 'bob', text: 'Everyone has a voice.', under: 'How we decide' },
    ])
  })

  it('say who made words bold, linked them, or changed a heading’s size', () => {
    const { ann, bob, cat, meet, since } = withPaper()
    const mark = cat.mark()
    bob.edit((transform) => {
      const from = find(transform, 'Everyone')
      transform.addMark(from, from + 'Everyone'.length, schema.mark('bold'))
    })
    ann.edit((transform) => {
      transform.setNodeMarkup(find(transform, 'Money') - 1, undefined, { level: 3 })
    })
    meet()
    expect(told(since(cat, mark))).toEqual([
      { kind: 'formatted', by: 'bob', text: 'Everyone', under: 'How we decide' },
      { kind: 'formatted', by: 'ann', text: 'Money', under: 'Money' },
    ])
    const later = cat.mark()
    ann.edit((transform) => {
      const from = find(transform, 'Everyone')
      transform.removeMark(from, from + 'Everyone'.length, schema.mark('bold'))
    })
    meet()
    expect(told(since(cat, later))).toEqual([
      { kind: 'formatted', by: 'ann', text: 'Everyone', under: 'How we decide' },
    ])
    // Bold came and went: from the first mark, only the heading differs.
    expect(told(since(cat, mark))).toEqual([{ kind: 'formatted', by: 'ann', text: 'Money', under: 'Money' }])
  })

  it('say who ticked a box', () => {
    const { ann, bob, meet, since } = withPaper()
    ann.edit((transform) => {
      const item = schema.node('taskItem', { checked: false }, [paragraph('Book the hall')])
      transform.insert(transform.doc.content.size, schema.node('taskList', null, [item]))
    })
    meet()
    const mark = ann.mark()
    const tick = (checked: boolean) => (transform: Transform) => {
      transform.setNodeMarkup(find(transform, 'Book the hall') - 2, undefined, { checked })
    }
    bob.edit(tick(true))
    meet()
    expect(told(since(ann, mark))).toEqual([{ kind: 'ticked', by: 'bob', text: 'Book the hall', under: 'Money' }])
    bob.edit(tick(false))
    meet()
    expect(since(ann, mark)).toEqual([])
  })

  it('say nothing of words removed and put back', () => {
    const { ann, bob, meet, since } = withPaper()
    const mark = ann.mark()
    bob.edit(remove(' in the library'))
    bob.undo()
    meet()
    expect(ann.lines()[1]).toBe('We meet every two weeks in the library.')
    expect(since(ann, mark)).toEqual([])
  })

  it('say nothing of words typed and taken back before anybody looked', () => {
    const { ann, bob, meet, since } = withPaper()
    const mark = ann.mark()
    bob.edit(insertAfter('weeks', ' hmm'))
    bob.edit(remove(' hmm'))
    meet()
    expect(since(ann, mark)).toEqual([])
  })

  it('read cells of tables and know where they stand', () => {
    const { ann, bob, meet, since } = withPaper()
    ann.edit((transform) => {
      const cell = (text: string) => schema.node('tableCell', null, [paragraph(text)])
      const row = (...texts: string[]) => schema.node('tableRow', null, texts.map(cell))
      transform.insert(transform.doc.content.size, schema.node('table', null, [row('Who', 'What'), row('Ann', 'Tea')]))
    })
    meet()
    const mark = ann.mark()
    bob.edit(insertAfter('Tea', ' and cups'))
    meet()
    const changes = since(ann, mark)
    expect(told(changes)).toEqual([{ kind: 'added', by: 'bob', text: ' and cups', under: 'Money' }])
    const { doc } = initProseMirrorDoc(ann.fragment, schema)
    expect(doc.textBetween(changes[0]!.from, changes[0]!.to)).toBe(' and cups')
  })

  it('survive being stored: a snapshot read back gives the same answer', () => {
    const { ann, bob, meet, since } = withPaper()
    const mark = Y.decodeSnapshotV2(Y.encodeSnapshotV2(ann.mark()))
    bob.edit(insertAfter('Two people', ', or three,'))
    meet()
    expect(told(since(ann, mark))).toEqual([{ kind: 'added', by: 'bob', text: ', or three,', under: 'Money' }])
  })

  it('write nothing: reading leaves the paper as it was', () => {
    const { ann, bob, meet, since } = withPaper()
    const mark = ann.mark()
    bob.edit(remove('every two'))
    bob.edit(insertAfter('We', ' all'))
    meet()
    let updates = 0
    ann.doc.on('update', () => updates++)
    const before = Y.encodeStateAsUpdate(ann.doc)
    since(ann, mark)
    expect(updates).toBe(0)
    expect(Y.encodeStateAsUpdate(ann.doc)).toEqual(before)
  })
})
