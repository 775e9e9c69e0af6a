import { useTranslation } from 'react-i18next'
import { ButtonLink, Page } from '../../ui/index.ts'

export function StartOrJoin() {
  const { t } = useTranslation('common')
  return (
    <Page title={t('start.title')} lead={<p>{t('start.lead')}</p>} scope={{ kind: 'computer' }}>
      <div className="t-choices">
        <section className="t-card">
          <h2>{t('start.new-title')}</h2>
          <p>{t('start.new')}</p>
          <ButtonLink href="/start/new" look="primary">
            {t('start.new-go')}
          </ButtonLink>
        </section>
        <section className="t-card">
          <h2>{t('start.join-title')}</h2>
          <p>{t('start.join')}</p>
          <ButtonLink href="/join" look="primary">
            {t('start.join-go')}
          </ButtonLink>
        </section>
      </div>
    </Page>
  )
}
