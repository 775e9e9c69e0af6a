/** Sentences about papers, made from the message catalogue. */
import type { TFunction, i18n } from 'i18next'
import type { MemberId } from '../../../../shared/base/ids.ts'
import type { Person, SaveState } from '../../../../shared/model/contexts.ts'
import { type ReadingScope, saveLine, when } from '../../../ui/index.ts'
import type { Change, PictureChange } from '../model/changes.ts'
import type { Paper } from '../model/paper.ts'
import {
  isWritable,
  knownPeople,
  type HeldPaper,
  type Named,
  type Place,
  placeById,
  placeOfCopy,
} from '../model/places.ts'
import { changedSinceMove, lastChange, movedTo } from '../model/selectors.ts'

type T = TFunction<'papers'>

export const nameOf = (t: T, people: readonly Named[], id: MemberId | undefined): string => {
  const person = people.find((one) => one.id === id)
  return person === undefined ? t('somebody') : person.isMe ? t('you') : person.name
}

/** As nameOf(), where it does not begin the sentence. */
export const nameWithin = (t: T, people: readonly Named[], id: MemberId | undefined): string =>
  people.some((one) => one.id === id && one.isMe) ? t('you-within') : nameOf(t, people, id)

export function scopeOf({ circle, name, people, standing }: Place): ReadingScope {
  const withoutMe = standing.state === 'left' || standing.state === 'removed'
  const readers = people.filter(({ isMe }) => !withoutMe || !isMe).length
  return { kind: circle.scope, name, people: readers, withoutMe }
}

/** More names than this are no longer read through. */
const NAMES_AT_MOST = 8

/** Names in a sentence, this person first; `you` is how they are called there. */
function namesIn(t: T, i18n: i18n, people: readonly Person[], you: string): string {
  const names = people.toSorted((a, b) => Number(b.isMe) - Number(a.isMe)).map((one) => (one.isMe ? you : one.name))
  const more = names.length > NAMES_AT_MOST ? names.length - NAMES_AT_MOST + 1 : 0
  const shown = more === 0 ? names : [...names.slice(0, -more), t('readers.others', { count: more })]
  return new Intl.ListFormat(i18n.language, { style: 'long', type: 'conjunction' }).format(shown)
}

/** 'Alice, Bob and you', within a sentence. */
export const namesWithin = (t: T, i18n: i18n, people: readonly Person[]): string =>
  namesIn(t, i18n, people, t('you-within'))

const isAlone = (people: readonly Person[]): boolean => people.every(({ isMe }) => isMe)

/** 'You and Bob can read and change this.' `isReadOnly`: this paper cannot be changed, whatever else can be there. */
export function readersLine(t: T, i18n: i18n, place: Place, isReadOnly = !isWritable(place)): string {
  const { people, circle, name } = place
  if (isWritable(place) && isAlone(people))
    return circle.scope === 'group' ? t('readers.only-you') : t('readers.only-you-circle', { circle: name })
  if (people.length === 0) return ''
  const names = namesIn(t, i18n, people, t('you'))
  return t(isReadOnly ? 'readers.names-read' : 'readers.names', { names })
}

/** Who of the circle cannot read a paper, and why; undefined where everybody can. */
export const cannotLine = (t: T, i18n: i18n, { cannot }: Place): string | undefined =>
  cannot === undefined
    ? undefined
    : t('readers.cannot', { names: namesIn(t, i18n, cannot, t('you')), count: cannot.length })

/** The same before the paper is made. */
export const futureReadersLine = (t: T, i18n: i18n, { people }: Place): string =>
  isAlone(people) ? t('readers.will-only-you') : t('readers.will', { names: namesIn(t, i18n, people, t('you')) })

/** 'Everybody in the group', or 'Planning group: you, Bob and Cara'. */
export const readersShort = (t: T, i18n: i18n, { circle, name, people, cannot }: Place): string =>
  circle.scope === 'group'
    ? cannot === undefined
      ? t('readers.everybody')
      : t('readers.everybody-but', { names: namesWithin(t, i18n, cannot) })
    : people.length === 0
      ? name
      : t('readers.circle', { circle: name, names: namesWithin(t, i18n, people) })

/** How a place is called in a list to choose from. */
export const placeName = (t: T, { circle, name }: Place): string =>
  circle.scope === 'group' ? t('readers.everybody') : name

/** How a place is called within a sentence. */
export const placeWithin = (t: T, { circle, name }: Place): string =>
  circle.scope === 'group' ? t('readers.everybody-within') : name

/** Why nothing can be written there; undefined where something can. */
export function standingLine(
  t: T,
  { standing, standingIn: circle }: Place,
  length: 'standing' | 'standing-short' = 'standing',
): string | undefined {
  if (standing.state === 'member') return undefined
  if (standing.state !== 'removed') return t(`${length}.${standing.state}`, { circle })
  return t(`${length}.${standing.computerOnly ? 'removed-computer' : 'removed'}`, {
    circle,
    name: standing.by === '' ? t('somebody') : standing.by,
  })
}

export const paperSaveLine = (t: T, i18n: i18n, save: SaveState, { standingIn }: Place): string =>
  save.state === 'stopped' && save.reason === 'not-a-member'
    ? save.unsaved === true
      ? t('not-saved', { circle: standingIn })
      : ''
    : saveLine(i18n, save)

/** What became of a paper that was moved, a sentence each; with where its copies are that this person can read. */
export function movedLines(t: T, i18n: i18n, places: readonly Place[], { place, paper }: HeldPaper, now: number) {
  const moves = movedTo(paper)
  const people = knownPeople(place)
  const lines = moves.map((move) => {
    const to = placeById(places, move.to)
    const values = { name: nameOf(t, people, move.by), when: when(i18n, move.at, now) }
    return to === undefined ? t('moved.to-unknown', values) : t('moved.to', { ...values, circle: placeWithin(t, to) })
  })
  const copies = moves.flatMap(({ to, copy }) => {
    const at = placeOfCopy(places, to, copy)
    return at === undefined ? [] : [{ copy, circle: placeWithin(t, at) }]
  })
  const awaited = moves.flatMap(({ to, copy }) => {
    const at = placeOfCopy(places, to, copy) === undefined ? placeById(places, to) : undefined
    return at === undefined ? [] : [t('moved.on-its-way', { circle: placeWithin(t, at) })]
  })
  const since = new Set(moves.flatMap((move) => changedSinceMove(paper, move)))
  const names = [...since].map((id) => nameWithin(t, people, id))
  const changed =
    names.length === 0
      ? []
      : [t('moved.since', { names: new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(names) })]
  return { lines: [...lines, ...(moves.length > 1 ? [t('moved.more')] : []), ...awaited, ...changed], copies }
}

export function lastChangeLine(t: T, i18n: i18n, people: readonly Named[], paper: Paper, now: number): string {
  const { by, at } = lastChange(paper)
  const values = { name: nameWithin(t, people, by), when: when(i18n, at, now) }
  return paper.changed.size === 0 ? t('list.made', values) : t('list.changed', values)
}

/** Words that end in a full stop of their own need no second one behind them. */
const STOP_TWICE = /([.!?…]”)\.$/
const SHORT = 15
const EXCERPT = 90

const PICTURE_CHANGES = ['picture-added', 'picture-removed', 'picture-moved', 'picture-described'] as const
const isOfPicture = (kind: Change['kind']): kind is PictureChange => PICTURE_CHANGES.some((known) => known === kind)

const excerpt = (text: string): string => (text.length <= EXCERPT ? text : `${text.slice(0, EXCERPT).trimEnd()}…`)

/** 'Added “at two” in “We meet every two weeks…”, under “Meetings”.' */
export function changeLine(t: T, people: readonly Named[], change: Change): string {
  const { kind, text, block, under } = change
  const words = text.trim()
  const inBlock =
    words.length < SHORT && block !== words && block !== '' ? t('change.in', { block: excerpt(block) }) : ''
  const underHeading = under !== '' && under !== block ? t('change.under', { heading: under }) : ''
  const values = { text: words, place: `${inBlock}${underHeading}` }
  if (kind === 'crossed') return t('change.crossed', { ...values, remover: nameOf(t, people, change.removedBy) })
  if (isOfPicture(kind) && words === '') return t(`change.${kind}-bare`, values)
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
export function countLine(t: T, i18n: i18n, people: readonly Named[], { by, changes }: ChangesOf): string {
  const counts = (
    ['added', 'removed', 'moved', 'formatted', 'ticked', 'unticked', 'crossed', ...PICTURE_CHANGES] as const
  )
    .map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => t(`count.${kind}`, { count }))
  const list = new Intl.ListFormat(i18n.language, { style: 'long', type: 'conjunction' }).format(counts)
  return t('count.line', { name: nameOf(t, people, by), list })
}
