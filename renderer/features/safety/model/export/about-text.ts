/** What is known of a text beside its words, as lines at the end of its page and as plain values. */
import type { FeatureText, Plain, TextVersion } from '../../../../../shared/model/feature.ts'
import { plainDay } from '../../../../ui/index.ts'
import type { Writing } from './write-texts.ts'

type Words = Pick<Writing, 't' | 'i18n'>

/** Noon, so that no time zone's midnight makes it another day. */
const noonOf = (day: string): number => Date.parse(`${day}T12:00:00`)

export const orderLines = ({ t, i18n }: Words, { order }: FeatureText): readonly string[] =>
  order === undefined
    ? []
    : [
        ...(order.labels.length === 0
          ? []
          : [t('order.labels', { labels: order.labels.join(', '), count: order.labels.length })]),
        ...(order.isUnderStartHere ? [t('order.start-here')] : []),
        ...(order.isTemplate ? [t('order.template')] : []),
        ...(order.lookAgainOn === null
          ? []
          : [t('order.look-again', { day: plainDay(i18n, noonOf(order.lookAgainOn)) })]),
      ]

export const versionLines = (words: Words, versions: readonly TextVersion[]): readonly string[] =>
  versions.flatMap((version) => linesOf(words, version))

function linesOf({ t, i18n }: Words, { name, by, at, note, agreed }: TextVersion): readonly string[] {
  const whom = (who: string): string => (who === '' ? t('nobody') : who)
  const day = at === null ? t('version.some-day') : plainDay(i18n, Date.parse(at))
  const list = (names: readonly string[]): string => names.map(whom).join(', ')
  const kept =
    name === '' ? t('version.by-itself', { day, by: whom(by) }) : t('version.kept', { name, day, by: whom(by) })
  const noted = note === '' ? [] : [t('version.note', { note })]
  if (agreed === null) return [kept, ...noted]
  const on = plainDay(i18n, noonOf(agreed.on))
  return [
    kept,
    ...noted,
    agreed.by.length === 0
      ? t('version.agreed-recorded', { day: on })
      : t('version.agreed', { day: on, names: list(agreed.by) }),
    ...agreed.alsoThere.map((one) => t('version.also-there', { name: one.name, by: whom(one.writtenDownBy) })),
  ]
}

export const versionsAsPlain = (versions: readonly TextVersion[]): Plain =>
  versions.map(({ name, note, by, at, agreed }) => ({
    name,
    note,
    by,
    at,
    agreed:
      agreed === null ? null : { on: agreed.on, by: agreed.by, alsoThere: agreed.alsoThere.map((one) => ({ ...one })) },
  }))
