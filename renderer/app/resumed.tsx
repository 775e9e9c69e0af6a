import { useTranslation } from 'react-i18next'
import { TextLink } from '../ui/index.ts'

/** "You were ...": says why the app did not open at Today. */
export function Resumed({ title }: { readonly title: string }) {
  const { t } = useTranslation('common')
  return (
    <p className="t-resumed" role="note">
      {t('frame.resumed', { title })} <TextLink href="/today">{t('frame.resumed-today')}</TextLink>
    </p>
  )
}
