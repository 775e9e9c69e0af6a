import type { i18n } from 'i18next'
import type { LookingWhere } from '../../../../shared/model/contexts.ts'

/** What a wait is waiting for: a sentence for each place, and one more when there is none left to look in. */
export function lookingLines(i18n: i18n, { lan, internet }: LookingWhere): readonly string[] {
  const t = i18n.getFixedT(i18n.language, 'people')
  if (lan === 'off' && internet === 'off') return [t('looking.nowhere')]
  return [t(`looking.lan.${lan}`), t(`looking.internet.${internet}`)]
}
