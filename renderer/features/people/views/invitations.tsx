import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { GroupContext, InvitationSummary } from '../../../../shared/model/contexts.ts'
import {
  announce,
  Button,
  ConfirmDialog,
  longMoment,
  Notice,
  Row,
  Section,
  useLive,
  useNow,
  when,
} from '../../../ui/index.ts'
import { FilesLink } from './by-files/invite-by-files.tsx'

type Refusal = 'not-allowed' | 'code-used' | 'code-expired' | 'code-cancelled' | 'code-not-here' | 'storage-failed'

export function Invitations({ group }: { readonly group: GroupContext }) {
  const { t, i18n } = useTranslation('people')
  const now = useNow()
  const [, navigate] = useLocation()
  const invitations = useLive(group.invitations)
  const [asking, setAsking] = useState<InvitationSummary>()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()

  const resume = async (invitation: InvitationSummary) => {
    setRefusal(undefined)
    const result = await group.resumeInvitation(invitation.id)
    if (result.ok) navigate('/people/invite')
    else setRefusal(result.error)
  }

  const cancel = async (invitation: InvitationSummary) => {
    setBusy(true)
    setRefusal(undefined)
    const result = await group.cancelInvitation(invitation.id)
    setBusy(false)
    setAsking(undefined)
    if (result.ok) announce(t('invitations.cancelled-done'))
    else setRefusal(result.error)
  }

  const state = (invitation: InvitationSummary): string => {
    if (invitation.state === 'open')
      return t('invitations.state.open', { until: longMoment(i18n, invitation.expiresAt) })
    if (invitation.state === 'expired')
      return t('invitations.state.expired', { when: when(i18n, invitation.expiresAt, now) })
    if (invitation.state === 'used' && invitation.usedBy !== undefined)
      return t('invitations.state.used-by', { name: invitation.usedBy })
    return t(`invitations.state.${invitation.state}`)
  }

  return (
    <Section title={t('invitations.title')}>
      {refusal === undefined ? null : <Notice tone="care" announce="now" title={t(`invitations.refused.${refusal}`)} />}
      {invitations.length === 0 ? <p className="t-quiet">{t('invitations.none')}</p> : null}
      <ul className="t-list">
        {invitations.map((invitation) => {
          const made = when(i18n, invitation.createdAt, now)
          return (
            <li key={invitation.id}>
              <div>
                {state(invitation)}
                <br />
                <span className="t-quiet">{t('invitations.made', { when: made, by: invitation.invitedBy })}</span>
                <br />
                <span className="t-quiet">{t(`invitations.for.${invitation.role}.${invitation.history}`)}</span>
              </div>
              {invitation.state === 'open' ? (
                <Row>
                  <Button label={t('invitations.resume-full', { when: made })} onPress={() => void resume(invitation)}>
                    {t('invitations.resume')}
                  </Button>
                  <FilesLink group={group} id={invitation.id} made={made} />
                  <Button label={t('invitations.cancel-full', { when: made })} onPress={() => setAsking(invitation)}>
                    {t('invitations.cancel')}
                  </Button>
                </Row>
              ) : (
                <FilesLink group={group} id={invitation.id} made={made} />
              )}
            </li>
          )
        })}
      </ul>
      <ConfirmDialog
        open={asking !== undefined}
        title={t('invitations.cancel-ask')}
        confirm={t('invitations.cancel-yes')}
        keep={t('invitations.cancel-no')}
        danger
        busy={busy}
        onKeep={() => setAsking(undefined)}
        onConfirm={() => {
          if (asking !== undefined) void cancel(asking)
        }}
      >
        {t('invitations.cancel-what')}
      </ConfirmDialog>
    </Section>
  )
}
