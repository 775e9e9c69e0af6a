import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession, Live, SyncSettings, SyncStatus } from '../../../../shared/model/contexts.ts'
import { createLive } from '../../../../shared/base/live.ts'
import {
  announce,
  Button,
  ErrorSummary,
  Field,
  type FieldProblem,
  Notice,
  Section,
  Toggle,
  useLive,
} from '../../../ui/index.ts'
import { badHelper, badMeetingPlace, splitLines } from '../model/addresses.ts'

interface CarryingProps {
  readonly session: AppSession
  readonly status: Live<SyncStatus> | undefined
}

const noStatus = createLive<SyncStatus | undefined>(undefined)

/** Changes part of how things travel; says so when it could not be kept. */
function useSyncSettings(session: AppSession) {
  const { sync } = useLive(session.settings)
  const [failed, setFailed] = useState(false)
  const change = async (part: Partial<SyncSettings>): Promise<boolean> => {
    const result = await session.changeSettings({ sync: { ...session.settings.get().sync, ...part } })
    setFailed(!result.ok)
    return result.ok
  }
  return { sync, failed, change }
}

function NotSaved({ failed }: { readonly failed: boolean }) {
  const { t } = useTranslation('safety')
  return failed ? <Notice tone="problem" announce="now" title={t('not-saved')} /> : null
}

export function LanSection({ session, status }: CarryingProps) {
  const { t } = useTranslation('safety')
  const { sync, failed, change } = useSyncSettings(session)
  const now = useLive<SyncStatus | undefined>(status ?? noStatus)?.lan
  return (
    <Section title={t('lan.title')}>
      <NotSaved failed={failed} />
      <Toggle
        id="lan"
        label={t('lan.switch')}
        hint={t('lan.hint')}
        checked={sync.lan}
        onChange={(lan) => void change({ lan })}
      />
      {now === undefined ? null : <output>{t(`lan.now.${now}`)}</output>}
    </Section>
  )
}

export function InternetSection({ session, status }: CarryingProps) {
  const { t } = useTranslation('safety')
  const { sync, failed, change } = useSyncSettings(session)
  const now = useLive<SyncStatus | undefined>(status ?? noStatus)?.internet
  const [meeting, setMeeting] = useState(() => sync.signalingAddresses.join('\n'))
  const [helpers, setHelpers] = useState(() => sync.iceServers.join('\n'))
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const problemOf = (field: string) => problems.find((problem) => problem.field === field)?.message

  const check = (): readonly FieldProblem[] => {
    const bad = badMeetingPlace(meeting)
    const badIce = badHelper(helpers)
    return [
      ...(bad === undefined ? [] : [{ field: 'meeting', message: t('internet.bad-address', { address: bad }) }]),
      ...(badIce === undefined ? [] : [{ field: 'helpers', message: t('internet.bad-ice', { address: badIce }) }]),
    ]
  }
  const save = async (part: Partial<SyncSettings> = {}) => {
    const found = check()
    setProblems(found)
    if (found.length > 0) return
    const kept = await change({ signalingAddresses: splitLines(meeting), iceServers: splitLines(helpers), ...part })
    if (kept) announce(t('internet.saved'))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save()
  }
  const toggle = (internet: boolean) => {
    if (!internet) return void change({ internet })
    if (splitLines(meeting).length === 0)
      return setProblems([{ field: 'meeting', message: t('internet.need-address') }])
    return void save({ internet })
  }

  return (
    <Section title={t('internet.title')}>
      <NotSaved failed={failed} />
      <ErrorSummary problems={problems} />
      <Toggle
        id="internet"
        label={t('internet.switch')}
        hint={t('internet.hint')}
        checked={sync.internet}
        onChange={toggle}
      />
      {now === undefined ? null : <output>{t(`internet.now.${now}`)}</output>}
      <p>{t('internet.who-sees')}</p>
      <form className="t-stack" onSubmit={submit} noValidate>
        <Field
          id="meeting"
          label={t('internet.addresses')}
          hint={t('internet.addresses-hint')}
          value={meeting}
          onChange={setMeeting}
          problem={problemOf('meeting')}
          lines={2}
          spellCheck={false}
          autoCapitalize="off"
        />
        <details className="t-details" open={problemOf('helpers') !== undefined || helpers !== ''}>
          <summary>{t('internet.difficult')}</summary>
          <Field
            id="helpers"
            label={t('internet.ice')}
            hint={t('internet.ice-hint')}
            value={helpers}
            onChange={setHelpers}
            problem={problemOf('helpers')}
            lines={2}
            spellCheck={false}
            autoCapitalize="off"
          />
        </details>
        <Button type="submit">{t('internet.save')}</Button>
      </form>
    </Section>
  )
}
