import { useTranslation } from 'react-i18next'
import { Page, Section, TextLink } from '../../../ui/index.ts'

const BACKUP = ['backup-1', 'backup-2', 'backup-3'] as const

/** What to do when a computer does not work any more: read on another one, or before it happens. */
export function Broken() {
  const { t } = useTranslation('recovery')
  return (
    <Page title={t('broken.title')} lead={<p>{t('broken.lead')}</p>} scope={{ kind: 'computer' }}>
      <Section title={t('broken.backup')}>
        <ol className="t-plain-list">
          {BACKUP.map((name) => (
            <li key={name}>{t(`broken.${name}`)}</li>
          ))}
        </ol>
        <p>{t('broken.backup-what')}</p>
        <p>{t('broken.backup-once')}</p>
      </Section>
      <Section title={t('broken.none')}>
        <p>{t('broken.none-code')}</p>
        <p>{t('broken.none-lost')}</p>
      </Section>
      <TextLink href="/safety">{t('back-safety')}</TextLink>
    </Page>
  )
}
