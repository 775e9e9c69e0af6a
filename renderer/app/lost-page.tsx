import { useTranslation } from 'react-i18next'
import { ButtonLink, Page, Row } from '../ui/index.ts'

export function LostPage() {
  const { t } = useTranslation('common')
  return (
    <Page title={t('frame.lost-title')} lead={<p>{t('frame.lost')}</p>}>
      <Row>
        <ButtonLink href="/">{t('frame.lost-back')}</ButtonLink>
      </Row>
    </Page>
  )
}
