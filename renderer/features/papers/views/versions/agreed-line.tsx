import { useTranslation } from 'react-i18next'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { plainDay, TextLink } from '../../../../ui/index.ts'
import { type HeldPaper, knownPeople } from '../../model/places.ts'
import { timeOfDay } from '../../model/versions/day.ts'
import { useAgreements, useChangedSince, useVersions } from './use-versions.ts'
import { agreementLines } from './words.ts'

export interface AgreedLineProps {
  readonly held: HeldPaper
  readonly document: OpenDocument
}

/** On the paper: what was last agreed on, by whom, and whether it was changed since. Nothing where nothing was. */
export function AgreedLine({ held, document }: AgreedLineProps) {
  const { t, i18n } = useTranslation('versions')
  const { place, paper } = held
  const { list } = useVersions(document)
  const agreement = useAgreements(document).find(({ version }) => list.some(({ id }) => id === version))
  const isChanged = useChangedSince(
    document,
    list.find(({ id }) => id === agreement?.version),
  )
  if (agreement === undefined) return null
  return (
    <section className="t-changes" aria-label={t('agree.label')}>
      <p>{agreementLines(i18n, knownPeople(place), agreement).join(' ')}</p>
      {isChanged === true ? (
        <p>
          {t('agree.changed', { day: plainDay(i18n, timeOfDay(agreement.day)) })}{' '}
          <TextLink href={`/papers/${paper.id}/versions/${agreement.version}/changes`}>{t('agree.see')}</TextLink>
        </p>
      ) : isChanged === false ? (
        <p>{t('agree.unchanged')}</p>
      ) : null}
    </section>
  )
}
