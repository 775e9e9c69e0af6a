/** Sentences about papers, made from the message catalogue. */
import type { TFunction, i18n } from 'i18next'
import type { MemberId } from '../../../../shared/base/ids.ts'
import type { CircleContext, Person } from '../../../../shared/model/contexts.ts'
import { listNames, type ReadingScope, useLive, when } from '../../../ui/index.ts'
import type { Change } from '../model/changes.ts'
import type { Paper } from '../model/paper.ts'
import { lastChange } from '../model/selectors.ts'

type T = TFunction<'papers'>

export const nameOf = (t: T, people: readonly Person[], id: MemberId | undefined): string => {
  const person = people.find((one) => one.id === id)
  return person === undefined ? t('somebody') : person.isMe ? t('you') : person.name
}

/** As nameOf(), where it does not begin the sentence. */
export const nameWithin = (t: T, people: readonly Person[], id: MemberId | undefined): string =>
  people.some((one) => one.id === id && one.isMe) ? t('you-within') : nameOf(t, people, id)

export function useScope(circle: CircleContext): ReadingScope {
  const people = useLive(circle.people)
  return { kind: circle.scope, name: useLive(circle.name), people: people.length }
}

export function readersLine(t: T, i18n: i18n, people: readonly Person[]): string {
  const others = people.filter(({ isMe }) => !isMe).map(({ name }) => name)
  return others.length === 0
    ? t('readers.only-you')
    : t('readers.names', { names: listNames(i18n, [t('you'), ...others]) })
}

export function lastChangeLine(t: T, i18n: i18n, people: readonly Person[], paper: Paper, now: number): string {
  const { by, at } = lastChange(paper)
  const values = { name: nameWithin(t, people, by), when: when(i18n, at, now) }
  return paper.changed.size === 0 ? t('list.made', values) : t('list.changed', values)
}

/** Words that end in a full stop of their own need no second one behind them. */
const STOP_TWICE = /([.!?…]”)\.$/
const SHORT = 15
const EXCERPT = 90

const excerpt = (text: string): string => (text.length <= EXCERPT ? text : `${text.slice(0, EXCERPT).trimEnd()}…`)

/** 'Added “at two” in “We meet every two weeks…”, under “Meetings”.' */
export function changeLine(t: T, people: readonly Person[], change: Change): string {
  const { kind, text, block, under } = change
  const words = text.trim()
  const inBlock =
    words.length < SHORT && block !== words && block !== '' ? t('change.in', { block: excerpt(block) }) : ''
  const underHeading = under !== '' && under !== block ? t('change.under', { heading: under }) : ''
  const values = { text: words, place: `${inBlock}${underHeading}` }
  if (kind === 'crossed') return t('change.crossed', { ...values, remover: nameOf(t, people, change.removedBy) })
  if (kind === 'removed' && words === '') return t('change.removed-unknown', values)
  return t(`change.${kind}`, values).replace(STOP_TWICE, '$1')
}

export interface ChangesOf {
  readonly by: MemberId | undefined
  readonly changes: readonly Change[]
}

export function byPerson(changes: readonly Change[]): readonly ChangesOf[] {
  const groups = new Map<MemberId | undefined, Change[]>()
  for (const change of changes) groups.set(change.by, [...(groups.get(change.by) ?? []), change])
  return [...groups].map(([by, own]) => ({ by, changes: own }))
}

/** 'Bob added 2 passages and removed 1.' */
export function countLine(t: T, i18n: i18n, people: readonly Person[], { by, changes }: ChangesOf): string {
  const counts = (['added', 'removed', 'moved', 'formatted', 'ticked', 'unticked', 'crossed'] as const)
    .map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => t(`count.${kind}`, { count }))
  const list = new Intl.ListFormat(i18n.language, { style: 'long', type: 'conjunction' }).format(counts)
  return t('count.line', { name: nameOf(t, people, by), list })
}
