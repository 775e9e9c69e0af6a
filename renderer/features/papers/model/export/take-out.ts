/** One paper as a file that needs no Teatray. */
import type { i18n as I18n } from 'i18next'
import type * as Y from 'yjs'
import { type PageWords, toHtml } from '../../../../ui/editor/to-html.ts'
import { toDataAddress } from '../../../../ui/editor/pictures/data-address.ts'
import { picturesOf } from '../../../../ui/editor/pictures/kept.ts'
import { escapeAlt, type PictureText, toText } from '../../../../ui/editor/to-text.ts'
import { heading, page } from '../../../../ui/files/html-page.ts'
import { safeName } from '../../../../ui/files/safe-name.ts'

export type FileKind = 'word' | 'markdown' | 'html'

const ENDINGS: Readonly<Record<FileKind, string>> = { word: 'docx', markdown: 'md', html: 'html' }
const LONGEST = 60

export interface TakenOut {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/**
 * Pictures are in the file itself, which so stays one that Teatray and other programs can bring in again whole; at its end, so that
 * the text before them can be read by anybody.
 */
async function toMarkdown(
  words: Y.XmlFragment,
  { inShort, noPicture }: Pick<PageWords, 'inShort' | 'noPicture'>,
): Promise<string> {
  const pictures = await picturesOf(words)
  const names = new Map([...pictures.keys()].map((hash, index) => [hash, `picture-${index + 1}`]))
  const picture: PictureText = ({ hash, alt }) => {
    const name = names.get(hash)
    return name === undefined ? escapeAlt(noPicture(alt)) : `![${escapeAlt(alt)}][${name}]`
  }
  const text = toText(words, 'markdown', { inShort, picture })
  const ends = [...pictures].map(([hash, picture]) => `[${names.get(hash)}]: ${toDataAddress(picture)}\n`)
  return ends.length === 0 ? text : `${text}\n${ends.join('')}`
}

const escaped = (title: string): string => title.replaceAll(/[\\`*_[\]<>#]/g, '\\$&')
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** 'Picture: the lake' */
export const pictureLine = (i18n: I18n, alt: string): string => {
  const t = i18n.getFixedT(i18n.language, 'in-and-out')
  return alt === '' ? t('out.picture') : t('out.picture-of', { alt })
}

export const htmlWords = (i18n: I18n): PageWords => {
  const t = i18n.getFixedT(i18n.language, 'in-and-out')
  const inShort = i18n.getFixedT(i18n.language, 'editor')('summary.label')
  return { done: t('out.done'), toDo: t('out.to-do'), inShort, noPicture: (alt) => pictureLine(i18n, alt) }
}

export async function dataAddresses(words: Y.XmlFragment): Promise<ReadonlyMap<string, string>> {
  return new Map([...(await picturesOf(words))].map(([hash, picture]) => [hash, toDataAddress(picture)]))
}

async function bytesOf(
  kind: FileKind,
  title: string,
  words: Y.XmlFragment,
  i18n: I18n,
): Promise<Uint8Array<ArrayBuffer>> {
  const inShort = i18n.getFixedT(i18n.language, 'editor')('summary.label')
  const noPicture = (alt: string): string => pictureLine(i18n, alt)
  if (kind === 'markdown') {
    // The name is the one heading above all others.
    const below = (await toMarkdown(words, { inShort, noPicture })).replaceAll(/^((?:> )?)(#{1,3} )/gm, '$1#$2')
    return utf8(`# ${escaped(title)}\n\n${below}`)
  }
  if (kind === 'html') {
    const body = heading(1, title) + toHtml(words, htmlWords(i18n), await dataAddresses(words))
    return utf8(page({ language: i18n.language, title, body }))
  }
  const { toWord } = await import('./to-word.ts')
  return toWord({ title, words, language: i18n.language, inShort, noPicture })
}

export async function takeOut(kind: FileKind, title: string, words: Y.XmlFragment, i18n: I18n): Promise<TakenOut> {
  const instead = i18n.getFixedT(i18n.language, 'in-and-out')('out.untitled')
  const bytes = await bytesOf(kind, title, words, i18n)
  return { name: `${safeName(title, { longest: LONGEST, instead })}.${ENDINGS[kind]}`, bytes }
}
