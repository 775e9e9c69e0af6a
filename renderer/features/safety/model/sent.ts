/** What left this computer, in words. Each sentence says only what was counted. */
import type { i18n } from 'i18next'
import type { UpdateFileLogEntry } from '../../../../shared/model/contexts.ts'
import type { Sent, SentLog, SentTo } from '../../../../shared/model/sent.ts'
import { longDay, longMoment, plainDay, timeOfDay, when } from '../../../ui/index.ts'
import { fileSize } from './file-name.ts'

/** A connection's line, or a file of the list of update files. */
export type SentItem = Omit<Sent, 'recipient'> & {
  readonly recipient: SentTo | { readonly to: 'file'; readonly person: string }
}

export interface SentDay {
  readonly day: number
  /** Newest first. */
  readonly items: readonly SentItem[]
}

const fileItem = ({ person, at, changes, bytes }: UpdateFileLogEntry): SentItem => ({
  recipient: { to: 'file', person },
  way: 'file',
  from: at,
  until: at,
  changes,
  bytes,
})

/** Newest first. */
export function allSent(logs: readonly SentLog[], files: readonly UpdateFileLogEntry[]): readonly SentItem[] {
  const made = files.filter(({ kind }) => kind === 'made').map(fileItem)
  return [...logs.flatMap(({ lines }) => lines), ...made].toSorted((a, b) => b.until - a.until)
}

/** Of all logs together; undefined where none has any. */
export function earlierOf(logs: readonly SentLog[]): SentLog['earlier'] {
  const [first, ...more] = logs.flatMap(({ earlier }) => earlier ?? [])
  if (first === undefined) return undefined
  return more.reduce(
    (all, one) => ({
      from: Math.min(all.from, one.from),
      until: Math.max(all.until, one.until),
      changes: all.changes + one.changes,
      bytes: all.bytes + one.bytes,
    }),
    first,
  )
}

const startOfDay = (time: number): number => new Date(time).setHours(0, 0, 0, 0)

export function byDay(items: readonly SentItem[]): readonly SentDay[] {
  const days = new Map<number, SentItem[]>()
  for (const item of items) {
    const day = startOfDay(item.until)
    days.set(day, [...(days.get(day) ?? []), item])
  }
  return [...days].map(([day, some]) => ({ day, items: some }))
}

const words = (i18n: i18n) => i18n.getFixedT(i18n.language, 'safety')

export function dayName(i18n: i18n, day: number, now: number): string {
  const t = words(i18n)
  const today = startOfDay(now)
  if (day === today) return t('sent.day.today')
  const yesterday = new Date(today).setDate(new Date(today).getDate() - 1)
  return day === yesterday ? t('sent.day.yesterday') : longDay(i18n, day)
}

export function timeLine(i18n: i18n, { from, until }: Pick<Sent, 'from' | 'until'>): string {
  const t = words(i18n)
  // Only where the clock was set on the way.
  if (startOfDay(from) !== startOfDay(until))
    return t('sent.time.far', { from: longMoment(i18n, from), until: longMoment(i18n, until) })
  const [first, last] = [timeOfDay(i18n, from), timeOfDay(i18n, until)]
  return first === last ? t('sent.time.one', { from: first }) : t('sent.time.span', { from: first, until: last })
}

function computerLine(i18n: i18n, recipient: Extract<SentTo, { readonly to: 'computer' }>): string {
  const t = words(i18n)
  const { person, isMe, computer, number, isRemoved } = recipient
  const named = computer === '' && number > 0 ? t('sent.to.number', { number }) : computer
  if (isMe) {
    const mine = named === '' ? t('sent.to.mine-one') : t('sent.to.mine', { computer: named })
    return isRemoved ? t('sent.to.removed-mine', { to: mine }) : mine
  }
  const whose =
    named === '' ? t('sent.to.person', { name: person }) : t('sent.to.computer', { name: person, computer: named })
  const to = person === '' ? t('sent.to.gone') : whose
  return isRemoved ? t('sent.to.removed', { to }) : to
}

/** 'to Bob (laptop)', 'a backup, into your folder for backups': for within a sentence. */
export function recipientLine(i18n: i18n, recipient: SentItem['recipient']): string {
  const t = words(i18n)
  if (recipient.to === 'computer') return computerLine(i18n, recipient)
  if (recipient.to !== 'file') return t(`sent.to.${recipient.to}`)
  return recipient.person === '' ? t('sent.to.file-all') : t('sent.to.file', { name: recipient.person })
}

export const changesLine = (i18n: i18n, count: number): string => words(i18n)('sent.changes', { count })

const amountLine = (i18n: i18n, { changes, bytes }: Pick<Sent, 'changes' | 'bytes'>): string => {
  const size = fileSize(i18n, bytes)
  return changes === 0 ? size : words(i18n)('sent.what', { changes: changesLine(i18n, changes), size })
}

/** '14:02 to 14:20: to Bob (laptop), on this network: 12 changes, 48 KB.' */
export function sentLine(i18n: i18n, item: SentItem): string {
  const t = words(i18n)
  const values = { time: timeLine(i18n, item), to: recipientLine(i18n, item.recipient), what: amountLine(i18n, item) }
  return item.way === 'file'
    ? t('sent.line-file', values)
    : t('sent.line', { ...values, way: t(`sent.way.${item.way}`) })
}

/** With the day before it, for where there is no heading. */
export const sentLineOn = (i18n: i18n, item: SentItem, now: number): string =>
  words(i18n)('sent.line-on', {
    day: dayName(i18n, startOfDay(item.until), now),
    line: sentLine(i18n, item),
  })

export const earlierLine = (i18n: i18n, earlier: NonNullable<SentLog['earlier']>): string =>
  words(i18n)('sent.earlier', {
    from: plainDay(i18n, earlier.from),
    until: plainDay(i18n, earlier.until),
    what: amountLine(i18n, earlier),
  })

/** 'yesterday', 'Tuesday', '3 March 2026': after 'since'. */
function sinceDay(i18n: i18n, time: number, now: number): string {
  const day = startOfDay(time)
  const daysAgo = Math.round((startOfDay(now) - day) / 86_400_000)
  if (daysAgo === 1) return words(i18n)('sent.day.since-yesterday')
  if (daysAgo > 1 && daysAgo < 7) return new Intl.DateTimeFormat(i18n.language, { weekday: 'long' }).format(day)
  return plainDay(i18n, day)
}

/** The first sentence. `scope`: what is not counted here may have left for another group. */
export function lastSentLine(i18n: i18n, last: SentItem | undefined, scope: 'group' | 'computer', now: number): string {
  const t = words(i18n)
  if (last === undefined) return t(`sent.none-${scope}`)
  const isToday = startOfDay(last.until) === startOfDay(now)
  // A clock that was set back: a day to come is no 'since'.
  if (isToday || last.until > now) return t(`sent.last-${scope}`, { when: when(i18n, last.until, now) })
  return t(`sent.since-${scope}`, { day: sinceDay(i18n, last.until, now) })
}
