/** Whatever three people do apart, nobody's words vanish without being told, and every position told is right. */
import fc from 'fast-check'
import { initProseMirrorDoc, updateYFragment } from '@tiptap/y-tiptap'
import { Transform } from '@tiptap/pm/transform'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import type { MemberId } from '../../../../shared/base/ids.ts'
import type { Attribution } from '../../../../shared/model/contexts.ts'
import { editorSchema } from '../../../ui/editor/schema.ts'
import { byOthers, changesSince } from './changes.ts'
import { toText } from '../../../ui/editor/to-text.ts'

const schema = editorSchema()
const NAMES = ['ann', 'bob', 'cat'] as const

type Act =
  | {
      readonly who: number
      readonly does: 'write' | 'remove' | 'split' | 'bold' | 'list' | 'removeBlock'
      readonly at: number
    }
  | { readonly does: 'meet' }

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      who: fc.nat({ max: 2 }),
      does: fc.constantFrom('write', 'write', 'remove', 'split', 'bold', 'list', 'removeBlock'),
      at: fc.nat({ max: 1000 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'meet' } as const) },
)

function world() {
  const deleted: { client: number; clock: number; length: number; by: MemberId }[] = []
  const docs = NAMES.map((name, index) => {
    const doc = new Y.Doc({ gc: false })
    doc.clientID = index + 1
    doc.on('afterTransaction', (transaction: Y.Transaction) => {
      if (!transaction.local) return
      for (const [client, items] of transaction.deleteSet.clients)
        for (const { clock, len } of items) deleted.push({ client, clock, length: len, by: name as MemberId })
    })
    return doc
  })
  const attribution: Attribution = {
    insertedBy: (client) => NAMES[client - 1] as MemberId | undefined,
    deletedBy: (client, clock) =>
      deleted.find((one) => one.client === client && clock >= one.clock && clock < one.clock + one.length)?.by,
  }
  return { docs, attribution }
}

const contentOf = (doc: Y.Doc): Y.XmlFragment => doc.getXmlFragment('content')

function edit(doc: Y.Doc, change: (transform: Transform) => void): void {
  const { doc: now, meta } = initProseMirrorDoc(contentOf(doc), schema)
  const transform = new Transform(now)
  change(transform)
  doc.transact(() => updateYFragment(doc, contentOf(doc), transform.doc, meta))
}

function perform(transform: Transform, does: string, at: number, word: string): void {
  const blocks: { from: number; to: number }[] = []
  transform.doc.descendants((node, position) => {
    if (node.isTextblock) blocks.push({ from: position + 1, to: position + 1 + node.content.size })
  })
  const block = blocks[at % Math.max(blocks.length, 1)]
  if (block === undefined) {
    transform.insert(0, schema.node('paragraph', null, schema.text(word)))
    return
  }
  const inside = block.from + (at % (block.to - block.from + 1))
  const end = Math.min(block.to, inside + 6)
  if (does === 'write') transform.insert(inside, schema.text(word))
  else if (does === 'remove' && end > inside) transform.delete(inside, end)
  else if (does === 'split') transform.split(inside)
  else if (does === 'bold' && end > inside) transform.addMark(inside, end, schema.mark('bold'))
  else if (does === 'removeBlock' && transform.doc.childCount > 1) {
    const found = transform.doc.resolve(block.from)
    transform.delete(found.before(1), found.after(1))
  } else if (does === 'list') {
    const found = transform.doc.resolve(block.from)
    if (found.depth !== 1 || !found.parent.isTextblock) return
    const item = schema.node('listItem', null, [found.parent])
    transform.replaceWith(found.before(), found.after(), schema.node('bulletList', null, [item]))
  }
}

function meet(docs: readonly Y.Doc[]): void {
  for (const from of docs) for (const to of docs) if (from !== to) Y.applyUpdate(to, Y.encodeStateAsUpdate(from))
}

it('tells every word that came or went, with its right place', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 1, maxLength: 14 }), (acts) => {
      const { docs, attribution } = world()
      edit(docs[0]!, (transform) =>
        transform.replaceWith(
          0,
          transform.doc.content.size,
          ['first words here', 'second words there'].map((text) => schema.node('paragraph', null, schema.text(text))),
        ),
      )
      meet(docs)
      const marks = docs.map((doc) => Y.snapshot(doc))
      const written: { word: string; who: number; at: number }[] = []
      for (const [index, one] of acts.entries()) {
        if (one.does === 'meet') {
          meet(docs)
          continue
        }
        // Private-use letters, one each, so that no two are equal by chance and none can be cut in two.
        const word = String.fromCodePoint(0xe000 + index)
        edit(docs[one.who]!, (transform) => perform(transform, one.does, one.at, word))
        if (one.does === 'write') written.push({ word, who: one.who, at: index })
      }
      meet(docs)
      // Yjs takes out formatting marks that have become needless when they arrive; that is an edit, and travels too.
      meet(docs)
      const texts = docs.map((doc) => contentOf(doc).toJSON())
      expect(new Set(texts).size).toBe(1)
      docs.forEach((doc, reader) => {
        const all = changesSince(contentOf(doc), marks[reader]!, attribution)
        const others = byOthers(all, NAMES[reader] as MemberId)
        const { doc: shown } = initProseMirrorDoc(contentOf(doc), schema)
        const misplaced = all.filter(({ kind, from, to, text }) => {
          if (to > shown.content.size) return true
          return kind === 'added'
            ? shown.textBetween(from, to, '', '\n') !== text
            : kind !== 'formatted' && kind !== 'moved' && from !== to
        })
        expect(misplaced).toEqual([])
        const now = toText(contentOf(doc))
        const untold = written.filter(({ word, who, at }) => {
          if (who === reader || others.some(({ text }) => text.includes(word))) return false
          // Only the writer's own later acts may make words go without a word about it.
          const ownDoing = acts
            .slice(at + 1)
            .some((later) => later.does !== 'meet' && later.who === who && later.does !== 'write')
          // Removed by the writer, and at the same time set out anew by the reader, whose copy of the words stays in the
          // text: the items do not say that a copy is one, so it is told to everybody but the reader.
          const copied = acts
            .slice(at + 1)
            .some((later) => later.does !== 'meet' && later.who === reader && ['split', 'list'].includes(later.does))
          return ownDoing ? now.includes(word) && !copied : true
        })
        expect(untold).toEqual([])
      })
    }),
    { numRuns: 300 },
  )
}, 60_000)
