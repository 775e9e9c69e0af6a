import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { describeThrown } from '../../../../../shared/base/errors.ts'
import { kindOfFile } from '../../../../../shared/base/file-kinds.ts'
import type { AppSession } from '../../../../../shared/model/contexts.ts'
import type {
  InvitationFileProblem,
  JoiningByFilesState,
  WelcomeProblem,
} from '../../../../../shared/model/joining-by-files.ts'
import {
  ButtonLink,
  Button,
  ChooseFile,
  Notice,
  Page,
  Row,
  Section,
  takeFiles,
  useLive,
  type WaitingFile,
  waitingFiles,
} from '../../../../ui/index.ts'
import { Asked, JoinSteps } from './asked-to-join.tsx'
import { OpenInvitation } from './open-invitation.tsx'
import { ThreeFiles } from './three-files.tsx'

/** The largest is a welcome; larger ones are refused without being read. */
const MOST_BYTES = 64 * 1024 * 1024

type FileProblem = InvitationFileProblem | WelcomeProblem | 'unreadable' | 'too-large' | 'request' | 'one-at-a-time'

interface Refused {
  readonly file: string
  readonly problem: FileProblem
}

export interface HeldInvitation {
  readonly name: string
  readonly bytes: Uint8Array
}

interface Props {
  readonly session: AppSession
}

/** What became of one file: an invitation to be opened with a code, or a problem; a welcome that was good changes the state. */
async function look(
  { joiningByFiles }: AppSession,
  file: WaitingFile,
): Promise<{ readonly held: HeldInvitation } | { readonly problem: FileProblem } | undefined> {
  if (file.size > MOST_BYTES) return { problem: 'too-large' }
  try {
    const bytes = await file.read()
    const { step } = joiningByFiles.state.get()
    switch (kindOfFile(bytes)) {
      case 'invitation':
        return step === 'asked' ? { problem: 'one-at-a-time' } : { held: { name: file.name, bytes } }
      case 'request':
        return { problem: 'request' }
      case 'update': {
        const opened = await joiningByFiles.openWelcome(bytes)
        return opened.ok ? undefined : { problem: opened.error }
      }
      default:
        return { problem: 'not-this-kind' }
    }
  } catch (thrown) {
    console.warn('a file for joining:', describeThrown(thrown))
    return { problem: 'unreadable' }
  }
}

/** Takes the files that wait, one after the other. */
function useFiles(session: AppSession) {
  const [held, setHeld] = useState<HeldInvitation>()
  const [refused, setRefused] = useState<Refused>()
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    const lookAt = async (files: readonly WaitingFile[]): Promise<void> => {
      setRefused(undefined)
      setBusy(true)
      for (const file of files) {
        const found = await look(session, file)
        if (found === undefined) continue
        if ('held' in found) setHeld(found.held)
        else setRefused({ file: file.name, problem: found.problem })
      }
      setBusy(false)
    }
    const take = (): void => {
      const files = takeFiles()
      if (files.length > 0) void lookAt(files)
    }
    queueMicrotask(take)
    return waitingFiles.subscribe(take)
  }, [session])
  return { held, setHeld, refused, busy }
}

/** The newcomer's side: the invitation, the request, the words, the welcome. What is under way is kept; this screen only shows it. */
export function JoinByFiles({ session }: Props) {
  const state = useLive(session.joiningByFiles.state)
  const { held, setHeld, refused, busy } = useFiles(session)
  const problem = refused === undefined ? null : <FileRefused refused={refused} />
  switch (state.step) {
    case 'none':
      return held === undefined ? (
        <ChooseInvitation problem={problem} />
      ) : (
        <OpenInvitation
          session={session}
          held={held}
          onOther={() => setHeld(undefined)}
          onDone={() => setHeld(undefined)}
        />
      )
    case 'asked':
      return <Asked session={session} state={state} problem={problem} busy={busy} />
    case 'opening':
      return <Opening groupName={state.groupName} />
    case 'words-differ':
      return <Differ session={session} inviter={state.inviterName} />
    case 'done':
      return <Done session={session} state={state} />
  }
}

function FileRefused({ refused: { file, problem } }: { readonly refused: Refused }) {
  const { t } = useTranslation('by-files')
  return (
    <Notice
      tone="care"
      announce="now"
      title={t(`join.problem.${problem}`)}
      safe={problem === 'storage-failed' ? undefined : t('join.safe')}
    >
      <p>{t('join.problem.title', { file })}</p>
      <p>{t(`join.todo.${problem}`)}</p>
    </Notice>
  )
}

function ChooseInvitation({ problem }: { readonly problem: ReactNode }) {
  const { t } = useTranslation('by-files')
  return (
    <Page title={t('join.title')} lead={<p>{t('join.lead')}</p>} step="choose" scope={{ kind: 'computer' }}>
      <JoinSteps step="invitation" />
      {problem}
      <ThreeFiles for="newcomer" />
      <Section title={t('join.choose-title')}>
        <ChooseFile label={t('join.choose')}>{t('join.choose-what')}</ChooseFile>
      </Section>
      <Row>
        <ButtonLink href="/start">{t('join.back')}</ButtonLink>
      </Row>
    </Page>
  )
}

function Opening({ groupName }: { readonly groupName: string }) {
  const { t } = useTranslation('by-files')
  return (
    <Page title={t('join.opening', { group: groupName })} step="opening" scope={{ kind: 'computer' }}>
      <JoinSteps step="welcome" />
      <p>{t('join.opening-what')}</p>
    </Page>
  )
}

function Differ({ session, inviter }: Props & { readonly inviter: string }) {
  const { t } = useTranslation('by-files')
  const again = () => void session.joiningByFiles.putAway()
  return (
    <Page title={t('join.differ')} step="differ" over scope={{ kind: 'computer' }}>
      <Notice
        tone="care"
        title={t('join.differ-what')}
        safe={t('join.differ-safe')}
        actions={
          <>
            <Button look="primary" onPress={again}>
              {t('join.again')}
            </Button>
            <ButtonLink href="/start">{t('join.back')}</ButtonLink>
          </>
        }
      >
        {t('join.differ-todo', { inviter })}
      </Notice>
    </Page>
  )
}

interface DoneProps extends Props {
  readonly state: Extract<JoiningByFilesState, { step: 'done' }>
}

function Done({ session, state }: DoneProps) {
  const { t } = useTranslation('by-files')
  const { groups, joiningByFiles } = session
  const group = useLive(groups).find(({ id }) => id === state.group)
  const isElsewhere = group?.isShown === false
  useEffect(() => {
    if (isElsewhere) session.switchTo(state.group)
  }, [isElsewhere, session, state.group])
  // Said once: whoever comes back wants to join another group.
  useEffect(
    () => () => {
      if (!isElsewhere) void joiningByFiles.putAway()
    },
    [isElsewhere, joiningByFiles],
  )
  const isWhole = state.opened !== undefined && state.opened.weLack === 0 && state.opened.waiting === 0
  return (
    <Page title={t('join.done', { group: group?.name ?? '' })} step="done" over>
      {isWhole ? (
        <Notice tone="good" announce="soon" title={t('join.done-what')}>
          {t('join.done-next')}
        </Notice>
      ) : (
        <Notice
          tone="care"
          announce="soon"
          title={t('join.done-partly')}
          actions={<ButtonLink href="/safety/files/open">{t('join.done-partly-go')}</ButtonLink>}
        />
      )}
      <Row>
        <ButtonLink href="/today" look="primary">
          {t('join.done-go')}
        </ButtonLink>
      </Row>
    </Page>
  )
}

/** On the screen where a code is typed. */
export function JoinWithFiles() {
  const { t } = useTranslation('by-files')
  return (
    <Section title={t('way.title')}>
      <p>{t('join.way')}</p>
      <ButtonLink href="/join/files">{t('join.way-go')}</ButtonLink>
    </Section>
  )
}

/** Where there is no group yet, every file is about joining one. */
export function GoToJoinByFiles() {
  const [location, navigate] = useLocation()
  const isWaiting = useLive(waitingFiles).length > 0
  useEffect(() => {
    if (isWaiting && location !== '/join/files') navigate('/join/files')
  }, [isWaiting, location, navigate])
  return null
}

/** On other screens, so that nobody has to remember how far they are. */
export function FileJoiningNotice({ session }: Props) {
  const { t } = useTranslation('by-files')
  const state = useLive(session.joiningByFiles.state)
  const [location] = useLocation()
  if (state.step !== 'asked' || location === '/join/files') return null
  return (
    <div className="t-above-page">
      <Notice
        title={t('join.under-way', { group: state.groupName })}
        actions={<ButtonLink href="/join/files">{t('join.under-way-go')}</ButtonLink>}
      />
    </div>
  )
}
