import { useTranslation } from 'react-i18next'
import { ButtonLink, Page } from '../../ui/index.ts'

/** `another`: from inside a group, which stays as it is. */
export function StartOrJoin({ another = false }: { readonly another?: boolean }) {
  const { t } = useTranslation(['common', 'groups'])
  return (
    <Page
      title={another ? t('groups:start.title') : t('start.title')}
      lead={<p>{another ? t('groups:start.lead') : t('start.lead')}</p>}
      scope={{ kind: 'computer' }}
    >
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
