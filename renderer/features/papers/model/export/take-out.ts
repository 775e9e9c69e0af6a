/** One paper as a file that needs no Teatray. */
import type { i18n as I18n } from 'i18next'
import type * as Y from 'yjs'
import { toHtml } from '../../../../ui/editor/to-html.ts'
import { toText } from '../../../../ui/editor/to-text.ts'
import { heading, page } from '../../../../ui/files/html-page.ts'
import { safeName } from '../../../../ui/files/safe-name.ts'

export type FileKind = 'word' | 'markdown' | 'html'

const ENDINGS: Readonly<Record<FileKind, string>> = { word: 'docx', markdown: 'md', html: 'html' }
const LONGEST = 60

export interface TakenOut {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

const escaped = (title: string): string => title.replaceAll(/[\\`*_[\]<>#]/g, '\\$&')
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

async function bytesOf(
  kind: FileKind,
  title: string,
  words: Y.XmlFragment,
  i18n: I18n,
): Promise<Uint8Array<ArrayBuffer>> {
  const t = i18n.getFixedT(i18n.language, 'in-and-out')
  const inShort = i18n.getFixedT(i18n.language, 'editor')('summary.label')
  if (kind === 'markdown') {
    // The name is the one heading above all others.
    const below = toText(words, 'markdown', { inShort }).replaceAll(/^((?:> )?)(#{1,3} )/gm, '$1#$2')
    return utf8(`# ${escaped(title)}\n\n${below}`)
  }
  if (kind === 'html') {
    const body = heading(1, title) + toHtml(words, { done: t('out.done'), toDo: t('out.to-do'), inShort })
    return utf8(page({ language: i18n.language, title, body }))
  }
  const { toWord } = await import('./to-word.ts')
  return toWord({ title, words, language: i18n.language, inShort })
}

export async function takeOut(kind: FileKind, title: string, words: Y.XmlFragment, i18n: I18n): Promise<TakenOut> {
  const instead = i18n.getFixedT(i18n.language, 'in-and-out')('out.untitled')
  const bytes = await bytesOf(kind, title, words, i18n)
  return { name: `${safeName(title, { longest: LONGEST, instead })}.${ENDINGS[kind]}`, bytes }
}
