/** Sentences about versions, made from the message catalogue. */
import type { TFunction, i18n } from 'i18next'
import { when } from '../../../../ui/index.ts'
import type { Named } from '../../model/places.ts'
import type { Version } from '../../model/versions/version.ts'
import { nameWithin } from '../words.ts'

export const versionName = (t: TFunction<'versions'>, { why, name }: Version): string =>
  why === 'kept' ? name : t(`why.${why}`)

/** 'Kept yesterday, by Bob.' */
export function versionLine(i18n: i18n, people: readonly Named[], { why, by, at }: Version, now: number): string {
  const name = nameWithin(i18n.getFixedT(i18n.language, 'papers'), people, by)
  const t = i18n.getFixedT(i18n.language, 'versions')
  return t(why === 'kept' ? 'by' : 'by-itself', { when: when(i18n, at, now), name })
}
