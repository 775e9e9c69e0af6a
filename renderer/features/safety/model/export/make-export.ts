/**
 * Everything that this person can read, as open files in one archive: pages, Markdown, JSON, and the pictures that they show. It is not locked, and whoever has it reads
 * it all; so private notes are only looked at where the person asked for them, and nothing that opens or signs anything is ever in it.
 */
import { strToU8, zipSync, type Zippable } from 'fflate'
import type { i18n as I18n } from 'i18next'
import type { GroupContext, VaultContext } from '../../../../../shared/model/contexts.ts'
import type { Feature, FeatureText } from '../../../../../shared/model/feature.ts'
import { plainTime } from '../../../../../shared/model/plain-time.ts'
import { escapeHtml } from '../../../../ui/editor/to-html.ts'
import { plainDay } from '../../../../ui/index.ts'
import { bullets, heading, link, page, paragraph } from '../../../../ui/files/html-page.ts'
import { createNamer, safeName } from '../../../../ui/files/safe-name.ts'
import { writePlace } from './write-place.ts'
import { FORMAT, LONGEST_TITLE, toJson, wordsOf, writeTexts, type Writing } from './write-texts.ts'

const LONGEST_FOLDER = 40
/** What an archive can say of a time: others are told as the nearest. */
const [EARLIEST, LATEST] = [Date.UTC(1980, 0, 2), Date.UTC(2099, 11, 30)]

export interface ExportRequest {
  readonly groups: readonly GroupContext[]
  /** Undefined: private notes stay where they are. */
  readonly vault: VaultContext | undefined
  readonly features: readonly Feature<unknown>[]
  readonly i18n: I18n
  readonly now: number
}

export interface MadeExport {
  /** With its ending. */
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly texts: number
  /** Titles of what could not be read; each is named in the archive, too. */
  readonly unread: readonly string[]
}

async function writeGroup(
  writing: Writing,
  group: GroupContext,
  top: string,
  features: ExportRequest['features'],
): Promise<string> {
  const { t } = writing
  const folders = createNamer([t('folder.papers'), t('folder.bin'), t('folder.elsewhere'), t('file.group')])
  const parts = [await writePlace(writing, { group, circle: group.circle, folder: [top], features })]
  for (const circle of group.circles.get()) {
    const name = folders(safeName(circle.name.get(), { longest: LONGEST_FOLDER, instead: t('folder.circle') }))
    parts.push(await writePlace(writing, { group, circle, folder: [top, name], features }))
  }
  return parts.join('')
}

const textsOfNotes = (vault: VaultContext, features: ExportRequest['features']): readonly FeatureText[] =>
  features.flatMap((feature) => (feature.scope === 'device' ? (feature.texts?.(vault) ?? []) : []))

async function writeNotes(writing: Writing, vault: VaultContext, features: ExportRequest['features']): Promise<string> {
  const { t, put, now } = writing
  const folder = [t('folder.notes')]
  const { listed, json } = await writeTexts(writing, folder, textsOfNotes(vault, features), (text) => [
    t('place.notes'),
    ...(text.state === 'in-bin' ? [t('state.in-bin')] : []),
  ])
  put([...folder, t('file.notes')], toJson({ ...FORMAT, made: plainTime(now), kind: 'notes', texts: json }))
  const links = listed.map(({ path, title, state }) =>
    state === 'in-bin' ? `${link(path, title)} (${escapeHtml(t('index.note-in-bin'))})` : link(path, title),
  )
  return [
    heading(2, t('folder.notes')),
    paragraph(t('place.notes')),
    bullets(links) || paragraph(t('index.no-notes')),
  ].join('')
}

export async function makeExport(request: ExportRequest): Promise<MadeExport> {
  const { groups, vault, features, i18n, now } = request
  const t = wordsOf(i18n)
  const day = plainDay(i18n, now)
  const name = safeName(t('file.archive', { day }), { longest: LONGEST_TITLE, instead: 'Teatray' })
  const files: Zippable = {}
  const writing: Writing = {
    t,
    i18n,
    now,
    put: (path, content) => {
      // All in one folder, so that unpacking leaves one thing and not many. Pictures do not get smaller any more.
      files[[name, ...path].join('/')] = typeof content === 'string' ? strToU8(content) : [content, { level: 0 }]
    },
    unread: [],
    count: { texts: 0 },
  }
  const tops = createNamer([t('file.readme'), 'index.html', t('folder.notes')])
  const parts: string[] = []
  for (const group of groups) {
    const top = tops(safeName(group.circle.name.get(), { longest: LONGEST_FOLDER, instead: t('folder.group') }))
    parts.push(await writeGroup(writing, group, top, features))
  }
  if (vault !== undefined) parts.push(await writeNotes(writing, vault, features))
  const { unread } = writing
  const care = [t('readme.not-locked'), vault === undefined ? t('readme.no-notes') : t('readme.with-notes')]
  const missing = unread.length === 0 ? [] : [t('readme.unread', { titles: unread.join('; ') })]
  const lead = [t('readme.made', { day }), t('readme.what')]
  writing.put(
    ['index.html'],
    page({
      language: i18n.language,
      title: name,
      body: [
        heading(1, name),
        ...lead.map(paragraph),
        `<div class="care">\n${[...care, ...missing].map(paragraph).join('')}</div>\n`,
        ...parts,
      ].join(''),
    }),
  )
  const lines = [
    name,
    ...lead,
    ...care,
    ...missing,
    t('readme.index'),
    t('readme.markdown'),
    t('readme.json'),
    t('readme.not-in'),
  ]
  // As Windows' own editor wants it, which shows it everywhere else, too.
  writing.put([t('file.readme')], `${lines.join('\n\n')}\n`.replaceAll('\n', '\r\n'))
  const mtime = Math.min(LATEST, Math.max(EARLIEST, now))
  const bytes = zipSync(files, { level: 6, mtime })
  return { name: `${name}.zip`, bytes: new Uint8Array(bytes), texts: writing.count.texts, unread }
}
