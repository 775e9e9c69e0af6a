/** The texts of one place, each as a page and as Markdown; what else is known of them goes into the place's JSON file. */
import { yXmlFragmentToProsemirrorJSON } from '@tiptap/y-tiptap'
import type { i18n as I18n } from 'i18next'
import type * as Y from 'yjs'
import { describeThrown } from '../../../../../shared/base/errors.ts'
import type { BesideText, FeatureText, Plain } from '../../../../../shared/model/feature.ts'
import { picturesOf } from '../../../../ui/editor/pictures/kept.ts'
import { type PageWords, toHtml } from '../../../../ui/editor/to-html.ts'
import { escapeAlt, type PictureText, toText } from '../../../../ui/editor/to-text.ts'
import { heading, page, paragraph } from '../../../../ui/files/html-page.ts'
import { createNamer, safeName } from '../../../../ui/files/safe-name.ts'
import { orderLines, versionLines, versionsAsPlain } from './about-text.ts'
import { saidAsHtml, saidAsJson, saidAsMarkdown } from './write-said.ts'

export const LONGEST_TITLE = 60

/** Of the JSON files. */
export const FORMAT = { format: 'teatray-export', version: 1 }
export const toJson = (value: Plain): string => `${JSON.stringify(value, null, 1)}\n`

export type Words = ReturnType<typeof wordsOf>
export const wordsOf = (i18n: I18n) => i18n.getFixedT(i18n.language, 'export')

/** What all parts of one export share. */
export interface Writing {
  readonly i18n: I18n
  readonly now: number
  readonly t: Words
  readonly put: (path: readonly string[], content: string | Uint8Array) => void
  readonly unread: string[]
  readonly count: { texts: number }
}

/** What index.html says of one place. */
export interface Listed {
  readonly path: readonly string[]
  readonly title: string
  readonly state: FeatureText['state']
}

/** Where it came from and how it stands, at the end of its page. */
type About = (text: FeatureText) => readonly string[]

export interface Written {
  readonly listed: readonly Listed[]
  readonly json: readonly Plain[]
}

const FOLDERS = { 'in-use': undefined, 'in-bin': 'bin', elsewhere: 'elsewhere' } as const

interface PictureFile {
  /** From the page that shows it. */
  readonly path: readonly string[]
  readonly bytes: Uint8Array
}

async function pictureFiles({ t }: Writing, content: Y.XmlFragment): Promise<ReadonlyMap<string, PictureFile>> {
  const pictures = await picturesOf(content)
  const ending = { jpeg: 'jpg', png: 'png' }
  return new Map(
    [...pictures].map(([hash, { bytes, kind }]) => [
      hash,
      { path: [t('folder.pictures'), `${hash.slice(0, 16)}.${ending[kind]}`], bytes },
    ]),
  )
}

const addressOf = ({ path }: PictureFile): string => path.map(encodeURIComponent).join('/')

async function filesOf(
  writing: Writing,
  text: FeatureText,
  content: Y.XmlFragment,
  title: string,
  about: readonly string[],
  beside: BesideText | undefined,
) {
  const [versions, said] = [beside?.versions() ?? [], beside?.said() ?? []]
  const { t, i18n } = writing
  const noPicture = (alt: string): string => (alt === '' ? t('file.picture') : t('file.picture-of', { alt }))
  const pictures = await pictureFiles(writing, content)
  const inShort = t('summary.label', { ns: 'editor' })
  const words: PageWords = { done: t('file.done'), toDo: t('file.to-do'), inShort, noPicture }
  const picture: PictureText = ({ hash, alt }) => {
    const file = pictures.get(hash)
    return file === undefined ? escapeAlt(noPicture(alt)) : `![${escapeAlt(alt)}](${addressOf(file)})`
  }
  const markdown = `${toText(content, 'markdown', { inShort, picture })}${saidAsMarkdown({ t, i18n }, said)}`
  const addresses = new Map([...pictures].map(([hash, file]) => [hash, addressOf(file)]))
  const body = `${text.isTitled ? heading(1, title) : ''}${toHtml(content, words, addresses)}${saidAsHtml({ t, i18n }, said)}`
  const lines = [...about, ...orderLines({ t, i18n }, text), ...versionLines({ t, i18n }, versions), t('file.from')]
  const end = `<footer>\n${lines.map(paragraph).join('')}</footer>\n`
  return {
    html: page({ language: i18n.language, title, body, end, images: "'self' file:" }),
    markdown: text.isTitled ? `# ${toTitle(title)}\n\n${markdown}` : markdown,
    content: yXmlFragmentToProsemirrorJSON(content) as Plain,
    versions: versionsAsPlain(versions),
    said: saidAsJson(said),
    pictures,
  }
}

const toTitle = (title: string): string => title.replaceAll(/[\\`*_[\]<>#]/g, '\\$&')

export async function writeTexts(
  writing: Writing,
  folder: readonly string[],
  texts: readonly FeatureText[],
  about: About,
): Promise<Written> {
  const { t, put, unread, count } = writing
  const listed: Listed[] = []
  const json: Plain[] = []
  const namers = new Map<string, (name: string) => string>()
  for (const text of texts) {
    const title = text.title.trim() === '' ? t('file.untitled') : text.title
    const state = FOLDERS[text.state]
    const into = [...folder, state === undefined ? t('folder.papers') : t(`folder.${state}`)]
    const namer = namers.get(into.join('/')) ?? createNamer()
    namers.set(into.join('/'), namer)
    const facts = { title: text.title, state: text.state, ...text.facts, ...text.order }
    const read = await text.read((content, beside) => readable(writing, text, content, title, about, beside))
    if (read === undefined) {
      unread.push(title)
      json.push({ ...facts, couldNotBeRead: true })
      continue
    }
    const name = namer(safeName(title, { longest: LONGEST_TITLE, instead: t('file.untitled') }))
    put([...into, `${name}.html`], read.html)
    put([...into, `${name}.md`], read.markdown)
    const below = into.slice(folder.length)
    for (const { path, bytes } of read.pictures.values()) put([...into, ...path], bytes)
    const pictures = [...read.pictures].map(([hash, { path }]) => [hash, [...below, ...path].join('/')])
    json.push({
      ...facts,
      file: [...below, name].join('/'),
      content: read.content,
      versions: read.versions,
      ...(text.isTitled ? { said: read.said } : {}),
      ...(pictures.length === 0 ? {} : { pictures: Object.fromEntries(pictures) as Plain }),
    })
    listed.push({ path: [...into, `${name}.html`], title, state: text.state })
    count.texts += 1
  }
  return { listed, json }
}

/** One text that nobody can read keeps none of the others from it: it is named. */
async function readable(
  writing: Writing,
  text: FeatureText,
  content: Y.XmlFragment | undefined,
  title: string,
  about: About,
  beside: BesideText | undefined,
) {
  if (content === undefined) return undefined
  try {
    return await filesOf(writing, text, content, title, about(text), beside)
  } catch (thrown) {
    console.warn(`export: a text could not be read: ${describeThrown(thrown)}`)
    return undefined
  }
}
