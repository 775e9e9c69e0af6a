import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { createLive } from '../../shared/base/live.ts'
import { Button, ConfirmDialog, type Passage, SkipLink, TextLink, useLive, WantedPassageContext } from '../ui/index.ts'
import { useSession } from './session-context.ts'

export interface NavigationItem {
  readonly href: string
  readonly label: string
  /** Further addresses that belong to it. */
  readonly covers?: readonly string[]
  /** Comes after the divider: stays on this computer. */
  readonly apart?: boolean
}

export interface FrameProps {
  readonly name?: string
  /** Under the name: the way to other groups. */
  readonly groups?: ReactNode
  /** The way to anywhere else. */
  readonly find?: ReactNode
  readonly items: readonly NavigationItem[]
  readonly footer: string
  readonly children: ReactNode
}

const isAt = (location: string, href: string): boolean => location === href || location.startsWith(`${href}/`)

const covers = ({ href, covers = [] }: NavigationItem, location: string): boolean =>
  [href, ...covers].some((start) => isAt(location, start))

/** Always the same places: areas at the side (above, when narrow), the sentence about saving at the bottom. */
export function Frame({ name, groups, find, items, footer, children }: FrameProps) {
  const { t } = useTranslation('common')
  const session = useSession()
  const [location] = useLocation()
  const [wanted] = useState(() => createLive<Passage | undefined>(undefined))
  const entry = (item: NavigationItem) => (
    <li key={item.href} data-apart={item.apart === true || undefined}>
      <Link href={item.href} aria-current={covers(item, location) ? 'page' : undefined}>
        {item.label}
      </Link>
    </li>
  )
  return (
    <WantedPassageContext value={wanted}>
      <div className="t-frame">
        <SkipLink />
        <header className="t-side">
          <div className="t-brand">
            {t('app')}
            {name === undefined ? null : <span className="t-group-name">{name}</span>}
            {groups}
          </div>
          {find}
          <nav aria-label={t('areas.label')}>
            <ul>{items.map(entry)}</ul>
          </nav>
          <div className="t-side-end">
            <Button onPress={() => void session.lock()}>{t('frame.lock')}</Button>
          </div>
        </header>
        <main id="main">{children}</main>
        <LockWaits />
        <footer className="t-footer" aria-label={t('frame.footer-label')}>
          <p>{footer}</p>
          <div className="t-footer-links">
            <TextLink href="/safety">{t('frame.safety')}</TextLink>
            <TextLink href="/help">{t('frame.help')}</TextLink>
          </div>
        </footer>
      </div>
    </WantedPassageContext>
  )
}

/** Locking would lose words that cannot be saved: the person decides, and staying open is the safe answer. */
function LockWaits() {
  const { t } = useTranslation('common')
  const session = useSession()
  const waits = useLive(session.lockWaits)
  return (
    <ConfirmDialog
      title={t('lock-waits.title')}
      open={waits}
      confirm={t('lock-waits.confirm')}
      keep={t('lock-waits.keep')}
      danger
      onConfirm={() => void session.lock({ loseUnsaved: true })}
      onKeep={() => session.stayOpen()}
    >
      <p>{t('lock-waits.what')}</p>
      <p>{t('lock-waits.todo')}</p>
    </ConfirmDialog>
  )
}
