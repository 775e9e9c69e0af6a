/** In a page, because the window reads files with the browser's own parser: a file in, its structure, and out and in again. */
import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import * as Y from 'yjs'
import { toWord } from '../../renderer/features/papers/model/export/to-word.ts'
import { bringIn } from '../../renderer/features/papers/model/import/bring-in.ts'
import { readText } from '../../renderer/features/papers/model/import/read-text.ts'
import { parseApart } from '../../renderer/ui/editor/from-html.ts'
import { editorSchema } from '../../renderer/ui/editor/schema.ts'
import { toHtml } from '../../renderer/ui/editor/to-html.ts'
import { toText } from '../../renderer/ui/editor/to-text.ts'
import { blocks, comparable, withoutTitle } from './outline.ts'

export interface Brought {
  readonly problem?: string
  readonly title: string
  readonly outline: readonly string[]
  readonly html: string
}

const fragments: Y.XmlFragment[] = []

async function read(bytes: Uint8Array, name: string): Promise<Brought & { readonly words: Y.XmlFragment }> {
  const words = new Y.Doc({ gc: false }).getXmlFragment('content')
  const nothing = { title: '', outline: [], html: '', words }
  const text = await readText(bytes, name)
  if (!text.ok) return { ...nothing, problem: text.error }
  const brought = bringIn(text.value, name)
  if (!brought.ok) return { ...nothing, problem: brought.error }
  const { title, content } = brought.value
  if (content !== undefined) prosemirrorJSONToYXmlFragment(editorSchema(), content, words)
  const html = toHtml(words, { done: '', toDo: '', inShort: 'In short' })
  return { title, outline: comparable(outlineOf(html, 1)), html, words }
}

/** `up`: so many levels the headings stand below the page's own title. */
function outlineOf(html: string, up = 0): readonly string[] {
  return blocks(parseApart(html), 0).map((line) =>
    line.replace(/^(\s*)h(\d) /, (_, space: string, level: string) => `${space}h${Number(level) - up} `),
  )
}

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (letter) => letter.codePointAt(0) ?? 0)

export interface RoundTrips {
  bring(base64: string, name: string): Promise<Brought & { readonly id: number }>
  outline(html: string): readonly string[]
  /** Out and in again. */
  again(id: number, title: string, kind: 'word' | 'markdown' | 'html'): Promise<Brought>
}

const pick = (id: number): Y.XmlFragment => {
  const found = fragments[id]
  if (found === undefined) throw new Error(`no text ${id}`)
  return found
}

const plain = ({ problem, title, outline, html }: Brought): Brought => ({
  title,
  outline,
  html,
  ...(problem === undefined ? {} : { problem }),
})

const roundTrips: RoundTrips = {
  async bring(base64, name) {
    const brought = await read(fromBase64(base64), name)
    return { ...plain(brought), id: fragments.push(brought.words) - 1 }
  },
  outline: (html) => comparable(withoutTitle(outlineOf(html))),
  async again(id, title, kind) {
    const words = pick(id)
    if (kind === 'word')
      return plain(await read(await toWord({ title, words, language: 'en-GB', inShort: 'In short' }), 'again.docx'))
    const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
    // As take-out.ts sets a file's title.
    if (kind === 'markdown') {
      const below = toText(words, 'markdown').replaceAll(/^(#{1,3} )/gm, '#$1')
      return plain(await read(utf8(`# ${title}\n\n${below}`), 'again.md'))
    }
    return plain(
      await read(utf8(`<h1>${title}</h1>${toHtml(words, { done: '', toDo: '', inShort: 'In short' })}`), 'again.html'),
    )
  },
}
declare global {
  var roundTrips: RoundTrips
}
globalThis.roundTrips = roundTrips
