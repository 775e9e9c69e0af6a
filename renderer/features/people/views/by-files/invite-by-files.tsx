import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { GroupContext } from '../../../../../shared/model/contexts.ts'
import type {
  FileInvitation,
  FileInvitationState,
  InvitationEnd,
} from '../../../../../shared/model/joining-by-files.ts'
import { ButtonLink, ChooseFile, longMoment, Notice, Page, Row, Section, Steps, useLive } from '../../../../ui/index.ts'
import { joiningFileName } from '../../model/file-names.ts'
import { CompareWords } from '../compare-words.tsx'
import { useCircle } from '../place.ts'
import { SaveButton } from './save-button.tsx'
import { ThreeFiles } from './three-files.tsx'

interface Props {
  readonly group: GroupContext
  readonly id: string
}

/** The inviter's side, from the invitation file to the welcome. What is under way is kept; this screen only shows it. */
export function InviteByFiles({ group, id }: Props) {
  const invitation = useLive(group.byFiles.invitations).find((one) => one.id === id)
  if (invitation === undefined) return <NotHere />
  const { state } = invitation
  switch (state.step) {
    case 'open':
      return <Open group={group} invitation={invitation} saved={state.saved} />
    case 'asked':
      return <Asked group={group} invitation={invitation} state={state} />
    case 'let-in':
      return <LetIn group={group} invitation={invitation} name={state.name} />
    case 'over':
      return <Over group={group} reason={state.reason} />
  }
}

type InviteStep = 'invitation' | 'words' | 'welcome'
const order: readonly InviteStep[] = ['invitation', 'words', 'welcome']

function InviteSteps({ step }: { readonly step: InviteStep }) {
  const { t } = useTranslation('by-files')
  const names = [t('invite.steps.invitation'), t('invite.steps.words'), t('invite.steps.welcome')]
  return <Steps steps={names} current={order.indexOf(step)} />
}

interface OneProps {
  readonly group: GroupContext
  readonly invitation: FileInvitation
}

function Open({ group, invitation, saved }: OneProps & { readonly saved: boolean }) {
  const { t, i18n } = useTranslation('by-files')
  const { scope } = useCircle(group.circle)
  const make = async () => {
    const made = await group.byFiles.makeFile(invitation.id)
    if (!made.ok) return made
    const { bytes, by } = made.value
    return { ok: true as const, value: { bytes, name: joiningFileName(i18n, 'invitation', by, Date.now()) } }
  }
  return (
    <Page title={t('invite.title')} lead={<p>{t('invite.lead')}</p>} step="open" scope={scope}>
      <InviteSteps step="invitation" />
      <ThreeFiles for="inviter" />
      <Section title={t('invite.file')}>
        <p>{t('invite.file-what')}</p>
        <SaveButton
          label={t('invite.file-go')}
          again={t('invite.file-again')}
          before={saved}
          done={t('invite.file-done')}
          next={t('invite.file-next')}
          make={make}
          problem={(problem) => t(`invite.problem.${problem}`)}
        />
      </Section>
      <Section title={t('invite.code')}>
        <p>{t('invite.code-what')}</p>
        <section className="t-code" aria-label={t('invite.code-label')}>
          {invitation.code}
        </section>
        <p>{t('invite.code-until', { until: longMoment(i18n, invitation.expiresAt) })}</p>
      </Section>
      <Section title={t('invite.wait')}>
        <ChooseFile label={t('invite.choose')}>{t('invite.wait-what')}</ChooseFile>
      </Section>
      <Row>
        <ButtonLink href="/people">{t('invite.back')}</ButtonLink>
      </Row>
    </Page>
  )
}

interface AskedProps extends OneProps {
  readonly state: Extract<FileInvitationState, { step: 'asked' }>
}

function Asked({ group, invitation, state }: AskedProps) {
  const { t } = useTranslation('by-files')
  const { scope } = useCircle(group.circle)
  const [refused, setRefused] = useState<InvitationEnd | 'storage-failed'>()
  const { name, words, instead } = state
  const answer = async (same: boolean) => {
    setRefused(undefined)
    const answered = await group.byFiles.answer(invitation.id, same)
    if (!answered.ok) setRefused(answered.error)
  }
  return (
    <Page
      title={t('invite.words', { name })}
      lead={<p>{t('invite.words-lead', { name })}</p>}
      // Another request has other words.
      step={words.join(' ')}
      scope={scope}
    >
      <InviteSteps step="words" />
      {refused === undefined ? null : (
        <Notice tone="problem" announce="now" title={t(`invite.problem.${refused}`)} safe={t('invite.safe')} />
      )}
      {instead === undefined ? null : <Notice tone="care" title={t('invite.words-instead', { name: instead })} />}
      <CompareWords
        words={words}
        label={t('invite.words-label')}
        ask={t('invite.words-ask', { name })}
        differentMeans={t('invite.words-means')}
        same={t('invite.same')}
        different={t('invite.different')}
        onAnswer={answer}
      />
      <p className="t-quiet">{t('invite.wait-words')}</p>
    </Page>
  )
}

function LetIn({ group, invitation, name }: OneProps & { readonly name: string }) {
  const { t, i18n } = useTranslation(['by-files', 'files'])
  const { scope } = useCircle(group.circle)
  const make = async () => {
    const made = await group.byFiles.makeWelcome(invitation.id)
    if (!made.ok) return made
    const { bytes, madeAt } = made.value
    return { ok: true as const, value: { bytes, name: joiningFileName(i18n, 'welcome', name, madeAt) } }
  }
  return (
    <Page title={t('invite.in', { name })} lead={<p>{t('invite.in-what', { name })}</p>} step="in" scope={scope}>
      <InviteSteps step="welcome" />
      <SaveButton
        label={t('invite.in-go')}
        again={t('invite.in-again')}
        done={t('invite.in-done')}
        next={t('invite.in-next', { name })}
        make={make}
        problem={(problem) => t(`files:give.problem.${problem}`)}
      />
      <p className="t-quiet">{t('invite.in-differ', { name })}</p>
      <Row>
        <ButtonLink href="/people">{t('invite.back')}</ButtonLink>
      </Row>
    </Page>
  )
}

function Over({ group, reason }: { readonly group: GroupContext; readonly reason: InvitationEnd }) {
  const { t } = useTranslation('by-files')
  const { scope } = useCircle(group.circle)
  return (
    <Page title={t('invite.over')} step="over" over scope={scope}>
      <Notice
        tone="care"
        title={t(`invite.problem.${reason}`)}
        safe={t('invite.safe')}
        actions={
          <>
            <ButtonLink look="primary" href="/people/invite">
              {t('invite.new')}
            </ButtonLink>
            <ButtonLink href="/people">{t('invite.back')}</ButtonLink>
          </>
        }
      />
    </Page>
  )
}

function NotHere() {
  const { t } = useTranslation('by-files')
  return (
    <Page title={t('invite.gone')} scope={{ kind: 'computer' }}>
      <p>{t('invite.gone-what')}</p>
      <Row>
        <ButtonLink href="/people">{t('invite.back')}</ButtonLink>
      </Row>
    </Page>
  )
}

/** Under the code, for two who never meet online. */
export function FilesInstead({ group, id }: Props) {
  const { t } = useTranslation('by-files')
  if (!useLive(group.byFiles.invitations).some((one) => one.id === id)) return null
  return (
    <Section title={t('way.title')}>
      <p>{t('way.what')}</p>
      <ButtonLink href={`/people/invite/files/${id}`}>{t('way.go')}</ButtonLink>
    </Section>
  )
}

interface LinkProps extends Props {
  /** When the invitation was made, in words. */
  readonly made: string
}

/** In the list of invitations: beside one that is open, or whose welcome may be saved again. */
export function FilesLink({ group, id, made }: LinkProps) {
  const { t } = useTranslation('by-files')
  const step = useLive(group.byFiles.invitations).find((one) => one.id === id)?.state.step
  if (step === undefined || step === 'over') return null
  const isAsked = step === 'asked'
  const what = isAsked ? 'look' : step === 'let-in' ? 'welcome' : 'short'
  const label = t(`way.${what}`)
  const full = t(`way.${what}-full`, { when: made })
  return (
    <ButtonLink href={`/people/invite/files/${id}`} look={isAsked ? 'primary' : 'secondary'} label={full}>
      {label}
    </ButtonLink>
  )
}
