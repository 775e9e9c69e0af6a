import { useTranslation } from 'react-i18next'
import type { AppSession, SignalingView } from '../../../../shared/model/contexts.ts'
import { Notice, Section, Toggle, useLive } from '../../../ui/index.ts'

/** This computer as the group's meeting place; nothing where the host cannot be one. */
export function MeetingPlaceSection({ session }: { readonly session: AppSession }) {
  const { t } = useTranslation('safety')
  const view = useLive(session.signaling)
  if (view === undefined) return null
  return (
    <Section title={t('meeting-place.title')}>
      <p>{t('meeting-place.what')}</p>
      <Toggle
        id="meeting-place"
        label={t('meeting-place.switch')}
        checked={view.enabled}
        onChange={(enabled) => void session.setSignalingServer({ enabled, lan: view.lan })}
      />
      <Toggle
        id="meeting-place-lan"
        label={t('meeting-place.lan')}
        hint={t('meeting-place.lan-hint')}
        checked={view.lan}
        onChange={(lan) => void session.setSignalingServer({ enabled: view.enabled, lan })}
      />
      <Addresses view={view} />
    </Section>
  )
}

function Addresses({ view }: { readonly view: SignalingView }) {
  const { t } = useTranslation('safety')
  if (view.problem !== '') {
    const problem =
      view.problem === 'port-taken' ? t('meeting-place.problems.port-taken', { port: view.port }) : view.problem
    return <Notice tone="care" announce="soon" title={t('meeting-place.problem', { problem })} />
  }
  if (!view.enabled || view.addresses.length === 0) return null
  return (
    <div className="t-stack">
      <p>{t('meeting-place.addresses')}</p>
      <ul className="t-plain-list">
        {view.addresses.map((address) => (
          <li key={address}>
            <code>{address}</code>
          </li>
        ))}
      </ul>
    </div>
  )
}
