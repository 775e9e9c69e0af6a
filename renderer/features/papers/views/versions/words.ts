/** Sentences about versions, made from the message catalogue. */
import type { TFunction, i18n } from 'i18next'
import { plainDay, when } from '../../../../ui/index.ts'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { Named } from '../../model/places.ts'
import type { Agreement } from '../../model/versions/agreement.ts'
import { timeOfDay } from '../../model/versions/day.ts'
import type { Version } from '../../model/versions/version.ts'
import { nameOf, nameWithin } from '../words.ts'

export const versionName = (t: TFunction<'versions'>, { why, name }: Version): string =>
  why === 'kept' ? name : t(`why.${why}`)

/** 'Kept yesterday, by Bob.' */
export function versionLine(i18n: i18n, people: readonly Named[], { why, by, at }: Version, now: number): string {
  const name = nameWithin(i18n.getFixedT(i18n.language, 'papers'), people, by)
  const t = i18n.getFixedT(i18n.language, 'versions')
  return t(why === 'kept' ? 'by' : 'by-itself', { when: when(i18n, at, now), name })
}

const listed = (i18n: i18n, names: readonly string[]): string =>
  new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(names)

/** 'Agreed on 3 November 2026 by Bob and you.', and who else was there by whose account; a sentence each. */
export function agreementLines(i18n: i18n, people: readonly Named[], agreement: Agreement): readonly string[] {
  const { day: on, members, recorded, uncounted } = agreement
  const t = i18n.getFixedT(i18n.language, 'versions')
  const papersT = i18n.getFixedT(i18n.language, 'papers')
  const day = plainDay(i18n, timeOfDay(on))
  const namesOf = (ids: readonly MemberId[]): string =>
    listed(
      i18n,
      ids.map((id) => nameWithin(papersT, people, id)),
    )
  const writers = [...new Set(recorded.map(({ by }) => by))]
  const first =
    members.length > 0
      ? t('agree.line', { day, names: namesOf(members) })
      : t('agree.line-recorded', { day, names: namesOf(writers) })
  return [
    first,
    ...writers.map((writer) =>
      t('agree.recorded', {
        name: nameOf(papersT, people, writer),
        names: listed(
          i18n,
          recorded.filter(({ by }) => by === writer).map(({ name }) => name),
        ),
      }),
    ),
    ...(uncounted === 0 ? [] : [t('agree.uncounted', { count: uncounted })]),
  ]
}
