/** One long paper in the product's editor, and in Tiptap with nothing but Yjs, as `window.writing`. */
import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import * as Y from 'yjs'
import { findMatches } from '../../renderer/ui/editor/find.ts'
import { lookFor } from '../../renderer/ui/editor/found.ts'
import { editorSchema } from '../../renderer/ui/editor/schema.ts'
import { laidOut, openEditor, type Which } from './editors.ts'

export interface WritingTimes {
  readonly letters: number
  /** From the bytes of the document until it is laid out. */
  readonly open: number
  /** Of each keystroke, with the layout that follows. */
  readonly typing: readonly number[]
  /** Shows the next place of a word and marks all. Of the plain editor: only finds them, since it has no search. */
  readonly search: number
  readonly found: number
}

const text = (words: string) => [{ type: 'text', text: words }]
const line = (words: string) => ({ type: 'paragraph', content: text(words) })
const SENTENCE = 'Whoever opens the room puts the kettle on, and nobody is asked to say more than they want to. '

/** A heading, three paragraphs, a list and a table: about a page. */
function page(number: number): readonly object[] {
  const cell = (words: string) => ({ type: 'tableCell', content: [line(words)] })
  return [
    { type: 'heading', attrs: { level: 2 }, content: text(`Evening ${number}`) },
    ...Array.from({ length: 3 }, () => line(SENTENCE.repeat(6))),
    {
      type: 'bulletList',
      content: ['Cups', 'Chairs', 'The key'].map((words) => ({
        type: 'listItem',
        content: [line(`${words}: ${SENTENCE}`)],
      })),
    },
    {
      type: 'table',
      content: ['first', 'second'].map((words) => ({
        type: 'tableRow',
        content: [cell(words), cell(SENTENCE), cell(`${number}`)],
      })),
    },
    line(`Said on evening ${number}.`),
  ]
}

function paperOf(pages: number): Uint8Array {
  const doc = new Y.Doc({ gc: false })
  const content = Array.from({ length: pages }, (_, index) => page(index)).flat()
  prosemirrorJSONToYXmlFragment(editorSchema(), { type: 'doc', content }, doc.getXmlFragment('content'))
  return Y.encodeStateAsUpdateV2(doc)
}

const writing = {
  /** Bytes of a paper of so many pages. */
  paper: undefined as Uint8Array | undefined,
  prepare(pages: number): void {
    this.paper = paperOf(pages)
  },
  measure(which: Which, keystrokes: number): WritingTimes {
    if (this.paper === undefined) throw new Error('no paper is prepared')
    const element = document.body.appendChild(document.createElement('main'))
    const started = performance.now()
    const doc = new Y.Doc({ gc: which === 'plain' })
    Y.applyUpdateV2(doc, this.paper)
    const { editor, destroy } = openEditor(which, doc.getXmlFragment('content'), element)
    laidOut(editor)
    const opened = performance.now() - started
    const letters = editor.state.doc.textContent.length
    editor.commands.setTextSelection(Math.floor(editor.state.doc.content.size / 2))
    const typing: number[] = []
    for (let stroke = 0; stroke < keystrokes; stroke++) {
      const before = performance.now()
      editor.view.dispatch(editor.state.tr.insertText('kettles '[stroke % 8] ?? ' '))
      laidOut(editor)
      typing.push(performance.now() - before)
    }
    if (editor.state.doc.textContent.length !== letters + keystrokes) throw new Error('letters are missing')
    const before = performance.now()
    if (which === 'teatray') lookFor(editor, 'kettle')
    const found = findMatches(editor.state.doc, 'kettle').length
    laidOut(editor)
    const search = performance.now() - before
    destroy()
    element.remove()
    return { letters, open: opened, typing, search, found }
  },
}

declare global {
  interface Window {
    writing: typeof writing
  }
}
window.writing = writing
