/** Sentences about what is said of a paper, made from the message catalogue. */
import type { i18n } from 'i18next'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import { when } from '../../../../ui/index.ts'
import type { Named } from '../../model/places.ts'
import type { Place } from '../../model/talk/anchor.ts'
import type { Proposal } from '../../model/talk/proposal.ts'
import type { ReadBy } from '../../model/talk/reading.ts'
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

const joined = (parts: Proposal['stretches'], kind: 'in' | 'out'): string =>
  parts.map((part) => (part.kind === 'kept' || part.kind === kind ? part.text : '')).join('')

/** The paragraph as it was when the words were proposed. */
export const wordsBefore = ({ stretches }: Proposal): string => joined(stretches, 'out')

/** 'Bob proposes other words for “We meet on Tuesdays”'. */
export function proposalHeading(speaking: Speaking, proposal: Proposal): string {
  const t = wordsOf(speaking)
  const isMine = speaking.people.some(({ id, isMe }) => isMe && id === proposal.by)
  const words = excerpt(wordsBefore(proposal))
  const values = { name: speakerOf(speaking, proposal.by), words }
  if (words === '') return t(isMine ? 'proposal.heading-you-no-place' : 'proposal.heading-no-place', values)
  return t(isMine ? 'proposal.heading-you' : 'proposal.heading', values)
}

/** What became of it, a sentence each. */
export function proposalLines(speaking: Speaking, proposal: Proposal): readonly string[] {
  const t = wordsOf(speaking)
  const { state, done, declined, paragraph, now, afterwards, isTakenBack } = proposal
  const values = (act: { readonly by: MemberId | undefined; readonly at: number }) => ({
    name: speakerOf(speaking, act.by),
    when: when(speaking.i18n, act.at, speaking.now),
  })
  const place =
    state !== 'open' && state !== 'declined'
      ? []
      : paragraph === 'changed'
        ? [t('proposal.changed', { now, afterwards })]
        : paragraph === 'same'
          ? []
          : [t(`proposal.${paragraph}`)]
  return [
    ...(done === undefined || state === 'declined' || state === 'open'
      ? []
      : [t(`proposal.state.${state}`, values(done))]),
    ...declined.map((one) =>
      one.reason === ''
        ? t('proposal.declined', values(one))
        : t('proposal.declined-why', { ...values(one), reason: one.reason }),
    ),
    ...(isTakenBack && state === 'accepted' ? [t('proposal.state.taken-back', values(proposal))] : []),
    ...place,
  ]
}

/** 'Bob has read this, as it was on 3 May. It has been changed since.' */
export function readLine(speaking: Speaking, { by, at, since }: ReadBy): string {
  const t = wordsOf(speaking)
  const isMine = speaking.people.some(({ id, isMe }) => isMe && id === by)
  const values = { name: speakerOf(speaking, by), when: when(speaking.i18n, at, speaking.now) }
  const line = t(isMine ? 'read.you' : 'read.line', values)
  return since === 'unknown' ? line : `${line} ${t(`read.${since}`)}`
}
