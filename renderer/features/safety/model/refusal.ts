import type { i18n } from 'i18next'
import type { SyncStatus } from '../../../../shared/model/contexts.ts'
import { when } from '../../../ui/index.ts'

type Refusal = SyncStatus['refusals'][number]

/** What was turned away, when, from whom and why, in one line. Names without a sentence of their own are shown as they are. */
export function refusalLine(i18n: i18n, { at, reason, from }: Refusal, now: number): string {
  const t = i18n.getFixedT(i18n.language, 'safety')
  const known = i18n.exists(`refused.reasons.${reason}`, { ns: 'safety' })
  const because = known
    ? t(`refused.reasons.${reason}` as 'refused.reasons.garbage')
    : t('refused.reasons.other', { reason })
  const moment = sentenceStart(when(i18n, at, now))
  return from === undefined
    ? t('refused.line', { when: moment, reason: because })
    : t('refused.line-from', { when: moment, reason: because, from })
}

const sentenceStart = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
