/** The texts of one place, each as a page and as Markdown; what else is known of them goes into the place's JSON file. */
import { yXmlFragmentToProsemirrorJSON } from '@tiptap/y-tiptap'
import type { i18n as I18n } from 'i18next'
import type * as Y from 'yjs'
import { describeThrown } from '../../../../../shared/base/errors.ts'
import type { FeatureText, Plain, TextVersion } from '../../../../../shared/model/feature.ts'
import { toHtml } from '../../../../ui/editor/to-html.ts'
import { toText } from '../../../../ui/editor/to-text.ts'
import { heading, page, paragraph } from '../../../../ui/files/html-page.ts'
import { createNamer, safeName } from '../../../../ui/files/safe-name.ts'
import { orderLines, versionLines, versionsAsPlain } from './about-text.ts'

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
  readonly put: (path: readonly string[], text: string) => void
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

function filesOf(
  { t, i18n }: Writing,
  text: FeatureText,
  content: Y.XmlFragment,
  title: string,
  about: readonly string[],
  versions: readonly TextVersion[],
) {
  const words = { done: t('file.done'), toDo: t('file.to-do'), inShort: t('summary.label', { ns: 'editor' }) }
  const markdown = toText(content, 'markdown', words)
  const body = `${text.isTitled ? heading(1, title) : ''}${toHtml(content, words)}`
  const lines = [...about, ...orderLines({ t, i18n }, text), ...versionLines({ t, i18n }, versions), t('file.from')]
  const end = `<footer>\n${lines.map(paragraph).join('')}</footer>\n`
  return {
    html: page({ language: i18n.language, title, body, end }),
    markdown: text.isTitled ? `# ${toTitle(title)}\n\n${markdown}` : markdown,
    content: yXmlFragmentToProsemirrorJSON(content) as Plain,
    versions: versionsAsPlain(versions),
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
    const read = await text.read((content, versions = () => []) =>
      readable(writing, text, content, title, about, versions),
    )
    if (read === undefined) {
      unread.push(title)
      json.push({ ...facts, couldNotBeRead: true })
      continue
    }
    const name = namer(safeName(title, { longest: LONGEST_TITLE, instead: t('file.untitled') }))
    put([...into, `${name}.html`], read.html)
    put([...into, `${name}.md`], read.markdown)
    json.push({
      ...facts,
      file: [...into.slice(folder.length), name].join('/'),
      content: read.content,
      versions: read.versions,
    })
    listed.push({ path: [...into, `${name}.html`], title, state: text.state })
    count.texts += 1
  }
  return { listed, json }
}

/** One text that nobody can read keeps none of the others from it: it is named. */
function readable(
  writing: Writing,
  text: FeatureText,
  content: Y.XmlFragment | undefined,
  title: string,
  about: About,
  versions: () => readonly TextVersion[],
) {
  if (content === undefined) return undefined
  try {
    return filesOf(writing, text, content, title, about(text), versions())
  } catch (thrown) {
    console.warn(`export: a text could not be read: ${describeThrown(thrown)}`)
    return undefined
  }
}
