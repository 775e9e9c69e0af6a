import { useTranslation } from 'react-i18next'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import { ButtonLink, Page, Row, Section, TextLink, useLive } from '../../../ui/index.ts'

interface StolenProps {
  readonly session: AppSession
  /** Whether one of this computer's groups is on the screen: then the missing computer can be taken out of it. */
  readonly inGroup: boolean
}

/** What to do, in order, on another computer than the one that is gone. */
export function Stolen({ session, inGroup }: StolenProps) {
  const { t } = useTranslation('recovery')
  const groups = useLive(session.groups).length
  return (
    <Page title={t('stolen.title')} lead={<p>{t('stolen.lead')}</p>} scope={{ kind: 'computer' }}>
      <Section title={t('stolen.first')}>
        {inGroup ? (
          <>
            <p>{t('stolen.first-own')}</p>
            <p>{t('stolen.first-organiser')}</p>
            {groups > 1 ? <p>{t('stolen.first-each')}</p> : null}
            <Row>
              <ButtonLink href="/people/computers" look="primary">
                {t('stolen.first-own-go')}
              </ButtonLink>
              <ButtonLink href="/people">{t('stolen.first-people-go')}</ButtonLink>
            </Row>
          </>
        ) : (
          <p>{t('stolen.first-no-group')}</p>
        )}
      </Section>
      <Section title={t('stolen.then')}>
        <p>{t('stolen.then-code')}</p>
        <p>{t('stolen.then-notes')}</p>
      </Section>
      <Section title={t('stolen.safe')}>
        <ul className="t-plain-list">
          <li>{t('stolen.safe-locked')}</li>
          <li>{t('stolen.safe-open')}</li>
          <li>{t('stolen.safe-one-press')}</li>
          <li>{t('stolen.safe-sheet')}</li>
        </ul>
      </Section>
      <Section title={t('stolen.found')}>
        <p>{t('stolen.found-what')}</p>
      </Section>
      <TextLink href="/safety">{t('back-safety')}</TextLink>
    </Page>
  )
}
