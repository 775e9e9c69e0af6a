import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { AppSession, GroupContext } from '../../../../shared/model/contexts.ts'
import { Button, ButtonLink, Notice, Page, Row, Section, useLive } from '../../../ui/index.ts'
import { Points } from './points.tsx'

export interface RemoveGroupProps {
  readonly session: AppSession
  readonly group: GroupContext
}

type Problem = 'still-in-it' | 'not-all-opens' | 'storage-failed'

/** For whoever is out of the group; whoever is in it is shown the way to leave. */
export function RemoveGroup({ session, group }: RemoveGroupProps) {
  const standing = useLive(group.circle.standing)
  const isIn = standing.state === 'member' || standing.state === 'closed'
  return isIn ? <StillIn group={group} /> : <Ask session={session} group={group} />
}

function StillIn({ group }: Pick<RemoveGroupProps, 'group'>) {
  const { t } = useTranslation('groups')
  const name = useLive(group.circle.name)
  return (
    <Page
      title={t('remove.title', { group: name })}
      lead={<p>{t('remove.still-lead')}</p>}
      scope={{ kind: 'computer' }}
    >
      <Notice title={t('remove.still-in-it')} />
      <Row>
        <ButtonLink href="/safety">{t('keep')}</ButtonLink>
        <ButtonLink href="/people/group/leave">{t('remove.leave', { group: name })}</ButtonLink>
      </Row>
    </Page>
  )
}

function Ask({ session, group }: RemoveGroupProps) {
  const { t } = useTranslation('groups')
  const [, navigate] = useLocation()
  const name = useLive(group.circle.name)
  // Only this computer knows of it until another one has heard.
  const hasLeft = useLive(group.circle.standing).state === 'left'
  const isOnly = useLive(session.groups).length <= 1
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const remove = async () => {
    setBusy(true)
    setProblem(undefined)
    const removed = await session.removeGroup(group.circle.id)
    setBusy(false)
    if (removed.ok) navigate('/groups/removed', { replace: true })
    else setProblem(removed.error)
  }
  return (
    <Page title={t('remove.title', { group: name })} lead={<p>{t('remove.lead')}</p>} scope={{ kind: 'computer' }}>
      {problem === undefined ? null : <Refused problem={problem} />}
      <Points
        title={t('does')}
        lines={[
          t('remove.papers', { group: name }),
          t('remove.for-good'),
          ...(hasLeft ? [t('remove.not-told')] : []),
          t('remove.traces'),
        ]}
      />
      <Points
        title={t('stays')}
        lines={[t('remove.others'), t(isOnly ? 'remove.rest-notes' : 'remove.rest'), t('remove.backups')]}
      />
      <Section title={t('before')}>
        <p>{t('remove.before')}</p>
        <ButtonLink href="/safety/backups">{t('backup')}</ButtonLink>
      </Section>
      <Row>
        <ButtonLink href="/safety">{t('keep')}</ButtonLink>
        <Button look="danger" busy={busy} onPress={() => void remove()}>
          {t('remove.go', { group: name })}
        </Button>
        {busy ? <output className="t-quiet">{t('remove.busy')}</output> : null}
      </Row>
    </Page>
  )
}

function Refused({ problem }: { readonly problem: Problem }) {
  const { t } = useTranslation('groups')
  if (problem === 'not-all-opens')
    return (
      <Notice tone="problem" announce="now" title={t('remove.not-all-opens')}>
        {t('remove.not-all-opens-todo')}
      </Notice>
    )
  return (
    <Notice
      tone="problem"
      announce="now"
      title={t(problem === 'storage-failed' ? 'not-saved' : 'remove.still-in-it')}
    />
  )
}

/** The clear end of it, whichever group is on the screen now. */
export function GroupRemoved() {
  const { t } = useTranslation('groups')
  return (
    <Page title={t('remove.done')} scope={{ kind: 'computer' }} over>
      <Notice tone="good" title={t('remove.done-what')} />
      <Row>
        <ButtonLink href="/" look="primary">
          {t('remove.done-go')}
        </ButtonLink>
      </Row>
    </Page>
  )
}
