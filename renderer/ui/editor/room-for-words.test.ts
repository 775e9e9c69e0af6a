import { prosemirrorJSONToYXmlFragment, ySyncPluginKey } from '@tiptap/y-tiptap'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { giveRoomForWords, keepRoomForWords } from './room-for-words.ts'
import { editorSchema } from './schema.ts'

const EMPTY = { type: 'doc', content: [{ type: 'paragraph', attrs: { prompt: 'What we hope for' } }] }

function meet(...docs: readonly Y.Doc[]): void {
  for (const from of docs)
    for (const to of docs) if (from !== to) Y.applyUpdate(to, Y.encodeStateAsUpdate(from), 'others')
}

const textOf = (doc: Y.Doc): Y.XmlText => {
  const paragraph = doc.getXmlFragment('content').get(0) as Y.XmlElement
  expect(paragraph.length).toBe(1)
  return paragraph.get(0) as Y.XmlText
}

describe('room for words', () => {
  it('is there before two people begin to write in one prompt', () => {
    const [ann, bob] = [new Y.Doc({ gc: false }), new Y.Doc({ gc: false })]
    prosemirrorJSONToYXmlFragment(editorSchema(), EMPTY, ann.getXmlFragment('content'))
    giveRoomForWords(ann.getXmlFragment('content'))
    meet(ann, bob)
    textOf(ann).insert(0, 'quiet')
    textOf(bob).insert(0, 'tea')
    meet(ann, bob)
    expect(['quiettea', 'teaquiet']).toContain(textOf(ann).toString())
    expect(textOf(bob).toString()).toBe(textOf(ann).toString())
  })

  it('is given by whoever makes the paragraph, and by nobody else', () => {
    const [ann, bob] = [new Y.Doc({ gc: false }), new Y.Doc({ gc: false })]
    keepRoomForWords(bob)
    ann.transact(() => ann.getXmlFragment('content').insert(0, [new Y.XmlElement('paragraph')]), ySyncPluginKey)
    meet(ann, bob)
    giveRoomForWords(bob.getXmlFragment('content'))
    expect((bob.getXmlFragment('content').get(0) as Y.XmlElement).length).toBe(0)
    bob.transact(() => bob.getXmlFragment('content').insert(0, [new Y.XmlElement('heading')]), ySyncPluginKey)
    expect(textOf(bob).length).toBe(0)
  })
})
