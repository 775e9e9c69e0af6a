import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeThrown } from '../../../../shared/base/errors.ts'
import type { AppSession, SignalingView } from '../../../../shared/model/contexts.ts'
import { Notice, Section, Toggle, useLive } from '../../../ui/index.ts'

/** This computer as the group's meeting place; nothing where the host cannot be one. */
export function MeetingPlaceSection({ session }: { readonly session: AppSession }) {
  const { t } = useTranslation('safety')
  const view = useLive(session.signaling)
  const [failed, setFailed] = useState(false)
  if (view === undefined) return null
  const change = (part: Partial<Pick<SignalingView, 'enabled' | 'lan'>>) => {
    setFailed(false)
    session.setSignalingServer({ enabled: view.enabled, lan: view.lan, ...part }).catch((thrown: unknown) => {
      console.warn('meeting place:', describeThrown(thrown))
      setFailed(true)
    })
  }
  return (
    <Section title={t('meeting-place.title')}>
      <p>{t('meeting-place.what')}</p>
      {failed ? <Notice tone="problem" announce="now" title={t('meeting-place.not-changed')} /> : null}
      <Toggle
        id="meeting-place"
        label={t('meeting-place.switch')}
        checked={view.enabled}
        onChange={(enabled) => change({ enabled })}
      />
      <Toggle
        id="meeting-place-lan"
        label={t('meeting-place.lan')}
        hint={t('meeting-place.lan-hint')}
        checked={view.lan}
        onChange={(lan) => change({ lan })}
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
