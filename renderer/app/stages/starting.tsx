import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/index.ts'

export function Starting() {
  const { t } = useTranslation('common')
  return (
    <Page title={t('starting.title')}>
      <p className="t-quiet">{t('starting.wait')}</p>
    </Page>
  )
}
