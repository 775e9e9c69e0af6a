/** What was said about one text, for the end of its page and of its Markdown. */
import type { i18n as I18n } from 'i18next'
import type { Plain, SaidAbout } from '../../../../../shared/model/feature.ts'
import { plainTime } from '../../../../../shared/model/plain-time.ts'
import { escapeHtml } from '../../../../ui/editor/to-html.ts'
import { bullets, heading, paragraph } from '../../../../ui/files/html-page.ts'
import { plainDay } from '../../../../ui/index.ts'
import { type Words } from './write-texts.ts'

interface Telling {
  readonly t: Words
  readonly i18n: I18n
}

/** Others' clocks may have said anything. */
const dayOf = ({ i18n }: Telling, at: number): string => (plainTime(at) === null ? '' : plainDay(i18n, at))

function leadOf(telling: Telling, { kind, by, at, about, state }: SaidAbout): string {
  const { t } = telling
  const values = { by: by === '' ? t('nobody') : by, day: dayOf(telling, at), about }
  if (kind === 'read') return t('said.read', values)
  const lead = t(about === '' ? `said.${kind}-whole` : `said.${kind}`, values)
  return state === 'open' ? lead : `${lead} ${t(`said.state.${state}`)}`
}

const lineOf = (telling: Telling, key: 'reply' | 'reason', one: SaidAbout['replies'][number]): string =>
  telling.t(one.text === '' ? 'said.reason-none' : `said.${key}`, {
    by: one.by === '' ? telling.t('nobody') : one.by,
    day: dayOf(telling, one.at),
    text: one.text,
  })

const linesOf = (telling: Telling, { reasons, replies }: SaidAbout): readonly string[] => [
  ...reasons.map((one) => lineOf(telling, 'reason', one)),
  ...replies.map((one) => lineOf(telling, 'reply', one)),
]

export function saidAsHtml(telling: Telling, said: readonly SaidAbout[]): string {
  if (said.length === 0) return ''
  return [
    heading(2, telling.t('said.title')),
    ...said.flatMap((one) => [
      paragraph(leadOf(telling, one)),
      ...one.text.split('\n').map((line) => (line.trim() === '' ? '' : paragraph(line))),
      bullets(linesOf(telling, one).map(escapeHtml)),
    ]),
  ].join('')
}

const escaped = (text: string): string => text.replaceAll(/[\\`*_[\]<>#|~]/g, '\\$&')

/** People's own lines stand behind '> ', so that none of them is taken for a heading or a list. */
export function saidAsMarkdown(telling: Telling, said: readonly SaidAbout[]): string {
  if (said.length === 0) return ''
  const parts = said.flatMap((one) => [
    escaped(leadOf(telling, one)).replaceAll(/\s+/g, ' '),
    ...(one.text === '' ? [] : [escaped(one.text).replaceAll(/^/gm, '> ')]),
    ...linesOf(telling, one).map((line) => `- ${escaped(line).replaceAll(/\s+/g, ' ')}`),
  ])
  return `\n## ${telling.t('said.title')}\n\n${parts.join('\n\n')}\n`
}

export const saidAsJson = (said: readonly SaidAbout[]): Plain =>
  said.map(({ kind, by, at, about, text, state, reasons, replies }) => {
    const plainly = (one: SaidAbout['replies'][number]) => ({ by: one.by, at: plainTime(one.at), text: one.text })
    const more = { reasons: reasons.map(plainly), replies: replies.map(plainly) }
    return { kind, by, at: plainTime(at), about, text, state, ...more }
  })
