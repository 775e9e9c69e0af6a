import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** One column and the name of the app, for what comes before the group is open. */
export function PlainLayout({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('common')
  return (
    <div className="t-plain">
      <header className="t-brand">{t('app')}</header>
      <main id="main">{children}</main>
    </div>
  )
}
