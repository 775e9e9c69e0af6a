import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { isKnownContent, watchForUnknown } from './content-guard.ts'
import { editorSchema } from './schema.ts'

const schema = editorSchema()

/** A list with one item, and a table with one cell. */
function paper() {
  const doc = new Y.Doc({ gc: false })
  const words = doc.getXmlFragment('content')
  const line = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] })
  const content = [
    { type: 'bulletList', content: [{ type: 'listItem', content: [line('kept')] }] },
    { type: 'table', content: [{ type: 'tableRow', content: [{ type: 'tableCell', content: [line('cell')] }] }] },
  ]
  prosemirrorJSONToYXmlFragment(schema, { type: 'doc', content }, words)
  const at = (...path: readonly number[]): Y.XmlElement =>
    path.reduce<Y.XmlFragment>((parent, index) => parent.get(index) as Y.XmlElement, words) as Y.XmlElement
  return { doc, words, at }
}

type Paper = ReturnType<typeof paper>

const REFUSED: Readonly<Record<string, (paper: Paper) => void>> = {
  'an unknown kind in a list': ({ at }) => at(0).insert(0, [new Y.XmlElement('callout')]),
  'an unknown kind in a paragraph': ({ at }) => at(0, 0, 0).insert(0, [new Y.XmlElement('mention')]),
  'a known kind where none can be': ({ at }) => at(0).insert(0, [new Y.XmlElement('paragraph')]),
  'words beside the items of a list': ({ at }) => at(0).insert(0, [new Y.XmlText('loose')]),
  'words beside the paragraphs': ({ words }) => words.insert(0, [new Y.XmlText('loose')]),
  'an unknown mark': ({ at }) => (at(0, 0, 0).get(0) as Y.XmlText).format(0, 2, { highlight: {} }),
  'a mark with an unknown setting': ({ at }) =>
    (at(0, 0, 0).get(0) as Y.XmlText).format(0, 2, { link: { href: 'https://example.org', title: 'x' } }),
  'an unknown setting': ({ at }) => at(0, 0, 0).setAttribute('direction', 'rtl'),
  'a cell that would fill the memory': ({ at }) => at(1, 0, 0).setAttribute('colspan', 1e9 as unknown as string),
  'something that is no letter': ({ at }) => (at(0, 0, 0).get(0) as Y.XmlText).insertEmbed(0, { picture: 1 }),
}

describe('the guard', () => {
  it('lets the editor have what the schema holds, empty lists and items too', () => {
    const { words, at } = paper()
    expect(isKnownContent(words)).toBe(true)
    at(0, 0).delete(0, 1)
    at(1).delete(0, 1)
    expect(isKnownContent(words)).toBe(true)
    at(0).delete(0, 1)
    expect(isKnownContent(words)).toBe(true)
  })

  it.each(Object.entries(REFUSED))('keeps the editor off %s, when it is there and when it comes', (_, write) => {
    const theirs = paper()
    const doc = new Y.Doc({ gc: false })
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(theirs.doc))
    const words = doc.getXmlFragment('content')
    let told = 0
    watchForUnknown(words, () => (told += 1))
    write(theirs)
    expect(isKnownContent(theirs.words)).toBe(false)
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(theirs.doc))
    expect(told).toBe(1)
  })
})

describe('what a paper can hold', () => {
  it('may be empty, whatever it is: two people can leave it so, and what a third wrote must not go with it', () => {
    const needing = Object.values(schema.nodes).filter((type) => !type.contentMatch.validEnd)
    // The binding fills the paper itself in the view.
    expect(needing.map(({ name }) => name)).toEqual(['doc'])
  })
})
