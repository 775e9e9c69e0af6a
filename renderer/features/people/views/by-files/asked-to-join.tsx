import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ok, fail } from '../../../../../shared/base/errors.ts'
import type { AppSession } from '../../../../../shared/model/contexts.ts'
import type { JoiningByFilesState } from '../../../../../shared/model/joining-by-files.ts'
import {
  announce,
  Button,
  ChooseFile,
  ConfirmDialog,
  longMoment,
  Notice,
  Page,
  Row,
  Section,
  Steps,
  useNow,
} from '../../../../ui/index.ts'
import { joiningFileName } from '../../model/file-names.ts'
import { CompareWords } from '../compare-words.tsx'
import { SaveButton } from './save-button.tsx'

const order = ['invitation', 'words', 'welcome'] as const

export function JoinSteps({ step }: { readonly step: (typeof order)[number] }) {
  const { t } = useTranslation('by-files')
  return <Steps steps={order.map((one) => t(`join.steps.${one}`))} current={order.indexOf(step)} />
}

interface AskedProps {
  readonly session: AppSession
  readonly state: Extract<JoiningByFilesState, { step: 'asked' }>
  /** Of a file that was opened just now. */
  readonly problem: ReactNode
  readonly busy: boolean
}

/** Everything that is left to do, in its order; each part says what it waits for. */
export function Asked({ session, state, problem, busy }: AskedProps) {
  const { t } = useTranslation('by-files')
  const [unsaved, setUnsaved] = useState(false)
  const { inviterName: inviter, groupName: group, agreed } = state
  const answer = async (same: boolean) => {
    const answered = await session.joiningByFiles.answer(same)
    setUnsaved(!answered.ok)
  }
  return (
    <Page
      title={t('join.asked', { group })}
      lead={<p>{t(agreed ? 'join.agreed-lead' : 'join.asked-lead', { inviter })}</p>}
      step={agreed ? 'agreed' : 'asked'}
      scope={{ kind: 'computer' }}
    >
      <JoinSteps step={agreed ? 'welcome' : 'words'} />
      {unsaved ? (
        <Notice tone="problem" announce="now" title={t('join.problem.storage-failed')}>
          {t('join.todo.storage-failed')}
        </Notice>
      ) : null}
      {problem}
      <SendRequest session={session} state={state} />
      <Section title={t('join.words', { inviter })}>
        {agreed ? (
          <Notice tone="good" title={t('join.words-done')} />
        ) : (
          <>
            <p>{t('join.words-what', { inviter })}</p>
            <CompareWords
              words={state.words}
              label={t('join.words-label')}
              ask={t('join.words-ask', { inviter })}
              differentMeans={t('join.words-means', { inviter })}
              same={t('join.same')}
              different={t('join.different')}
              onAnswer={answer}
            />
          </>
        )}
      </Section>
      <Section title={t('join.welcome')}>
        {agreed ? (
          <ChooseFile label={t('join.welcome-choose')}>{t('join.welcome-what', { inviter })}</ChooseFile>
        ) : (
          <p>{t('join.welcome-first', { inviter })}</p>
        )}
        {busy ? <output>{t('join.welcome-busy')}</output> : null}
      </Section>
      <StopJoining session={session} inviter={inviter} group={group} onUnsaved={() => setUnsaved(true)} />
    </Page>
  )
}

function SendRequest({ session, state }: Pick<AskedProps, 'session' | 'state'>) {
  const { t, i18n } = useTranslation('by-files')
  const now = useNow()
  const { inviterName: inviter, name, expiresAt, agreed } = state
  const until = longMoment(i18n, expiresAt)
  const make = () => {
    const bytes = session.joiningByFiles.requestFile()
    const fileName = joiningFileName(i18n, 'request', name, Date.now())
    return Promise.resolve(bytes === undefined ? fail('storage-failed') : ok({ bytes, name: fileName }))
  }
  return (
    <Section title={t('join.send', { inviter })}>
      <p>{t('join.send-what', { inviter, name })}</p>
      {agreed ? null : (
        <p>{now > expiresAt ? t('join.send-late', { inviter, until }) : t('join.send-until', { inviter, until })}</p>
      )}
      <SaveButton
        label={t('join.send-go')}
        again={t('join.send-again')}
        before={agreed}
        done={t('join.send-done')}
        next={t('join.send-next', { inviter })}
        make={make}
        problem={(refused) => t(`join.problem.${refused}`)}
      />
    </Section>
  )
}

interface StopProps {
  readonly session: AppSession
  readonly inviter: string
  readonly group: string
  readonly onUnsaved: () => void
}

function StopJoining({ session, inviter, group, onUnsaved }: StopProps) {
  const { t } = useTranslation('by-files')
  const [asking, setAsking] = useState(false)
  const stop = async () => {
    setAsking(false)
    const stopped = await session.joiningByFiles.putAway()
    if (stopped.ok) announce(t('join.stopped'))
    else onUnsaved()
  }
  return (
    <>
      <Row>
        <Button look="danger" onPress={() => setAsking(true)}>
          {t('join.stop')}
        </Button>
      </Row>
      <ConfirmDialog
        open={asking}
        title={t('join.stop-ask', { group })}
        confirm={t('join.stop-yes')}
        keep={t('join.stop-no')}
        danger
        onKeep={() => setAsking(false)}
        onConfirm={() => void stop()}
      >
        {t('join.stop-what', { inviter })}
      </ConfirmDialog>
    </>
  )
}
