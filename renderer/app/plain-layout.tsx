import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Help } from '../features/index.ts'
import { Button } from '../ui/index.ts'

/** One column and the name of the app, for what comes before the group is open. What was typed waits while help is read. */
export function PlainLayout({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('common')
  const [helping, setHelping] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setHelping(false)
    button.current?.focus()
  }
  return (
    <div className="t-plain">
      <header className="t-plain-head">
        <div className="t-brand">{t('app')}</div>
        <Button ref={button} look="quiet" onPress={helping ? close : () => setHelping(true)}>
          {helping ? t('back') : t('frame.help')}
        </Button>
      </header>
      <main id="main">
        {helping ? <Help /> : null}
        <div hidden={helping}>{children}</div>
      </main>
    </div>
  )
}
