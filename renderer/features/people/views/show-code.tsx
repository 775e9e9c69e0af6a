import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { GroupContext, Inviting, LookingWhere } from '../../../../shared/model/contexts.ts'
import { announce, Button, ConfirmDialog, longMoment, Notice, Page, Row, Section, useLive } from '../../../ui/index.ts'
import { FilesInstead } from './by-files/invite-by-files.tsx'
import { InviteSteps } from './invite-flow.tsx'
import { WaitingFor } from './waiting-for.tsx'

interface ShowCodeProps {
  readonly group: GroupContext
  readonly inviting: Inviting
  /** Undefined while still getting ready. */
  readonly looking: LookingWhere | undefined
  /** Somebody had typed the code, and the connection broke. */
  readonly lost: boolean
}

export function ShowCode({ group, inviting, looking, lost }: ShowCodeProps) {
  const { t, i18n } = useTranslation('people')
  const [, navigate] = useLocation()
  const name = useLive(group.circle.name)
  const people = useLive(group.circle.people)
  const [copied, setCopied] = useState<'yes' | 'no'>()
  const [asking, setAsking] = useState(false)
  const [refusal, setRefusal] = useState<'not-allowed' | 'code-used' | 'storage-failed'>()

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(inviting.code)
      setCopied('yes')
    } catch {
      // Some browsers and settings forbid it; the words can be read out or selected.
      setCopied('no')
    }
  }
  const isComputer = inviting.newcomer === 'computer'
  const stop = () => {
    inviting.stopWaiting()
    announce(t(isComputer ? 'computers.code.stopped' : 'inviting.code.stopped'))
    navigate(isComputer ? '/people/computers' : '/people')
  }
  const cancel = async () => {
    setAsking(false)
    const result = await group.cancelInvitation(inviting.id)
    if (!result.ok) return setRefusal(result.error)
    inviting.stopWaiting()
    announce(t('invitations.cancelled-done'))
    navigate('/people')
  }

  return (
    <Page
      title={t(isComputer ? 'computers.code.title' : 'inviting.code.title')}
      lead={<p>{t(isComputer ? 'computers.code.lead' : 'inviting.code.lead')}</p>}
      step="code"
      scope={{ kind: 'group', name, people: people.length }}
    >
      <InviteSteps current={1} newcomer={inviting.newcomer} />
      {refusal === undefined ? null : <Notice tone="care" announce="now" title={t(`invitations.refused.${refusal}`)} />}
      {lost ? (
        <Notice tone="care" announce="now" title={t(isComputer ? 'computers.code.lost' : 'inviting.code.lost')} />
      ) : null}
      <div className="t-stack">
        <section className="t-code" aria-label={t('inviting.code.label')}>
          {inviting.code}
        </section>
        <Row>
          <Button look="primary" onPress={() => void copy()}>
            {t('inviting.code.copy')}
          </Button>
          <output>
            {copied === 'yes' ? t('inviting.code.copied') : copied === 'no' ? t('inviting.code.copy-failed') : ''}
          </output>
        </Row>
        <p>{t(isComputer ? 'computers.code.how' : 'inviting.code.how')}</p>
        <p>
          {isComputer
            ? t('computers.code.expires')
            : t('inviting.code.expires', { until: longMoment(i18n, inviting.expiresAt) })}
        </p>
      </div>
      <Section title={t(isComputer ? 'computers.code.waits' : 'inviting.code.waits')}>
        {looking === undefined ? <p>{t('inviting.code.preparing')}</p> : <WaitingFor looking={looking} />}
        <p className="t-quiet">{t('inviting.code.leave')}</p>
        <Row>
          <Button onPress={stop}>{t('inviting.code.stop')}</Button>
          {isComputer ? null : (
            <Button look="danger" onPress={() => setAsking(true)}>
              {t('inviting.code.cancel')}
            </Button>
          )}
        </Row>
      </Section>
      {isComputer ? null : <FilesInstead group={group} id={inviting.id} />}
      <ConfirmDialog
        open={asking}
        title={t('invitations.cancel-ask')}
        confirm={t('invitations.cancel-yes')}
        keep={t('invitations.cancel-no')}
        danger
        onKeep={() => setAsking(false)}
        onConfirm={() => void cancel()}
      >
        {t('invitations.cancel-what')}
      </ConfirmDialog>
    </Page>
  )
}
