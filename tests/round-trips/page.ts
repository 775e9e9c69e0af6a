/** In a page, because the window reads files with the browser's own parser: a file in, its structure, and out and in again. */
import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import * as Y from 'yjs'
import { createI18n } from '../../renderer/app/i18n.ts'
import { type FileKind, htmlWords, takeOut } from '../../renderer/features/papers/model/export/take-out.ts'
import { bringIn } from '../../renderer/features/papers/model/import/bring-in.ts'
import { readText } from '../../renderer/features/papers/model/import/read-text.ts'
import { parseApart } from '../../renderer/ui/editor/from-html.ts'
import { picturesIn } from '../../renderer/ui/editor/pictures/picture.ts'
import { editorSchema } from '../../renderer/ui/editor/schema.ts'
import { toHtml } from '../../renderer/ui/editor/to-html.ts'
import { putPictures } from '../../renderer/ui/editor/pictures/kept.ts'
import { blocks, comparable, withoutTitle } from './outline.ts'

export interface Brought {
  readonly problem?: string
  readonly title: string
  readonly outline: readonly string[]
  readonly html: string
  /** What each shows. */
  readonly pictures: readonly string[]
}

const i18n = createI18n()
const fragments: Y.XmlFragment[] = []

async function read(bytes: Uint8Array, name: string): Promise<Brought & { readonly words: Y.XmlFragment }> {
  const words = new Y.Doc({ gc: false }).getXmlFragment('content')
  const nothing = { title: '', outline: [], html: '', pictures: [], words }
  const text = await readText(bytes, name)
  if (!text.ok) return { ...nothing, problem: text.error }
  const brought = await bringIn(text.value, name)
  if (!brought.ok) return { ...nothing, problem: brought.error }
  const { title, content, pictures } = brought.value
  putPictures(words, pictures)
  if (content !== undefined) prosemirrorJSONToYXmlFragment(editorSchema(), content, words)
  // Without its pictures: the other program's account has none.
  const html = toHtml(words, { ...htmlWords(i18n), noPicture: () => '' })
  const shown = picturesIn(words).map(({ alt }) => alt)
  return { title, outline: comparable(outlineOf(html, 1)), html, pictures: shown, words }
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
  again(id: number, title: string, kind: FileKind): Promise<Brought>
}

const pick = (id: number): Y.XmlFragment => {
  const found = fragments[id]
  if (found === undefined) throw new Error(`no text ${id}`)
  return found
}

const plain = ({ problem, title, outline, html, pictures }: Brought): Brought => ({
  title,
  pictures,
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
    const { name, bytes } = await takeOut(kind, title, pick(id), i18n)
    return plain(await read(bytes, name))
  },
}
declare global {
  var roundTrips: RoundTrips
}
globalThis.roundTrips = roundTrips
