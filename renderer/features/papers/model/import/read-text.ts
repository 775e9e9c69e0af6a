/** A file, whatever it is, as harmless HTML. Pure, and never throws; runs in a worker. */
import { marked } from 'marked'
import { describeThrown, fail, ok, type Result } from '../../../../../shared/base/errors.ts'
import type { ImportProblem, LeftOut, ReadText } from './problems.ts'
import { recognise, type TextKind } from './recognise.ts'
import { simpleHtml } from './simple-html.ts'
import { wordToHtml } from './word-to-html.ts'

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** An empty line begins a paragraph; other line breaks stay what they are. */
const plainToHtml = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => `<p>${escape(paragraph.replaceAll(/^\n+|\s+$/g, '')).replaceAll('\n', '<br>')}</p>`)
    .join('')

function textToHtml(kind: TextKind, text: string): string {
  const whole = text.replace(/^\uFEFF/, '')
  if (kind === 'plain') return plainToHtml(whole)
  if (kind === 'html') return whole
  // What stands before the text in many tools' Markdown: facts about the file.
  return marked.parse(whole.replace(/^---\r?\n(?:[\w-]+:[^\n]*\r?\n)+---\r?\n/, ''), { async: false, gfm: true })
}

const NOTHING: Omit<LeftOut, 'pictures'> = { comments: 0, changes: 0, footnotes: 0, headers: 0 }

export async function readText(bytes: Uint8Array, name: string): Promise<Result<ReadText, ImportProblem>> {
  try {
    const recognised = recognise(bytes, name)
    if (!recognised.ok) return recognised
    const found = recognised.value
    const read =
      found.kind === 'word'
        ? await wordToHtml(bytes)
        : ok({ html: textToHtml(found.kind, found.text), pictures: [], leftOut: NOTHING })
    if (!read.ok) return read
    const simple = simpleHtml(read.value.html, read.value.pictures)
    if (!simple.ok) return simple
    const { html, title, pictures, picturesLeftOut } = simple.value
    if (pictures.length === 0 && html.replaceAll(/<[^>]*>|&nbsp;|\s/g, '') === '') return fail('nothing-in-it')
    return ok({ html, title, pictures, leftOut: { ...read.value.leftOut, pictures: picturesLeftOut } })
  } catch (thrown) {
    return fail('damaged', describeThrown(thrown))
  }
}
