/** Sentences about what is said of a paper, made from the message catalogue. */
import type { i18n } from 'i18next'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import { when } from '../../../../ui/index.ts'
import type { Named } from '../../model/places.ts'
import type { Place } from '../../model/talk/anchor.ts'
import type { Comment, Said } from '../../model/talk/talk.ts'
import { nameOf, nameWithin } from '../words.ts'

const EXCERPT = 60

/** In one line. */
export function excerpt(text: string, longest = EXCERPT): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length <= longest ? line : `${line.slice(0, longest).trimEnd()}…`
}

export interface Speaking {
  readonly i18n: i18n
  readonly people: readonly Named[]
  readonly now: number
}

const wordsOf = ({ i18n }: Speaking) => i18n.getFixedT(i18n.language, 'talk')

export const speakerOf = ({ i18n, people }: Speaking, by: MemberId | undefined): string =>
  nameOf(i18n.getFixedT(i18n.language, 'papers'), people, by)

const speakerWithin = ({ i18n, people }: Speaking, by: MemberId | undefined): string =>
  nameWithin(i18n.getFixedT(i18n.language, 'papers'), people, by)

/** 'Bob, about “on Tuesdays”': no two comments of one person on other words have the same. */
export function headingOf(speaking: Speaking, { by, isAboutWords }: Comment, place: Place | undefined): string {
  const t = wordsOf(speaking)
  const name = speakerOf(speaking, by)
  if (!isAboutWords) return t('heading.paper', { name })
  const words = place === undefined || place.state === 'not-here' ? '' : excerpt(place.words)
  return words === '' ? t('heading.no-place', { name }) : t('heading.words', { name, words })
}

/** Undefined where the words are in the text. */
export function placeLine(speaking: Speaking, { isAboutWords }: Comment, place: Place | undefined): string | undefined {
  const t = wordsOf(speaking)
  if (!isAboutWords || place?.state === 'here') return undefined
  if (place?.state !== 'taken-out') return t('place.not-here')
  return place.words.trim() === ''
    ? t('place.taken-out-unknown')
    : t('place.taken-out', { words: excerpt(place.words, 300) })
}

export function saidLine(speaking: Speaking, { by, at, isRewritten, isTakenBack }: Said): string {
  const t = wordsOf(speaking)
  if (isTakenBack) return t('taken-back', { name: speakerWithin(speaking, by) })
  const values = { name: speakerOf(speaking, by), when: when(speaking.i18n, at, speaking.now) }
  return t(isRewritten ? 'said-changed' : 'said', values)
}

export function settledLine(speaking: Speaking, { settled }: Comment): string | undefined {
  if (settled === undefined) return undefined
  const { by, at } = settled
  const values = { name: speakerWithin(speaking, by), when: when(speaking.i18n, at, speaking.now) }
  return wordsOf(speaking)('settle.line', values)
}
