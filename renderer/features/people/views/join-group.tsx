import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createLive } from '../../../../shared/base/live.ts'
import type {
  AppSession,
  GroupContext,
  Joining,
  JoiningProblem,
  JoiningState,
  Standing,
} from '../../../../shared/model/contexts.ts'
import { Button, ButtonLink, Notice, Page, Row, Steps, useLive } from '../../../ui/index.ts'
import { CompareWords } from './compare-words.tsx'
import { TypeCode } from './type-code.tsx'
import { WaitingFor } from './waiting-for.tsx'

export interface JoinGroupProps {
  readonly session: AppSession
  /** The group, once it is open on this computer. */
  readonly group?: GroupContext
}

/** Type the code, compare words, get the papers. Leaving the screen loses nothing: the session holds what is under way. */
export function JoinGroup({ session, group }: JoinGroupProps) {
  const joining = useLive(session.joining)
  const standing = useLive<Standing | undefined>(group?.circle.standing ?? noGroup)?.state
  const isIn = standing === 'member' || standing === 'closed'
  const back = group === undefined || isIn ? '/start' : '/people'
  // One that had ended before this screen was opened is old news; so is how one came into a group that one is out of again.
  const [dismissed, setDismissed] = useState(() => {
    const step = joining?.state.get().step
    const isOld = step === 'done' && joining !== undefined && (told.has(joining) || (standing !== undefined && !isIn))
    return step === 'stopped' || isOld ? joining : undefined
  })
  const [text, setText] = useState('')
  return joining === undefined || joining === dismissed ? (
    <TypeCode session={session} text={text} onText={setText} back={back} />
  ) : (
    <OneJoining
      joining={joining}
      {...(group === undefined ? {} : { group })}
      back={back}
      onAgain={() => setDismissed(joining)}
    />
  )
}

const noGroup = createLive<Standing | undefined>(undefined)

const stepOf: Record<JoiningState['step'], number> = {
  preparing: 0,
  looking: 0,
  'compare-words': 1,
  'waiting-for-them': 1,
  receiving: 2,
  done: 2,
  stopped: 0,
}

export function JoinSteps({ step }: { readonly step: JoiningState['step'] }) {
  const { t } = useTranslation('people')
  const names = [t('joining.steps.code'), t('joining.steps.words'), t('joining.steps.receive')]
  return <Steps steps={names} current={stepOf[step]} />
}

interface OneJoiningProps {
  readonly joining: Joining
  readonly group?: GroupContext
  /** Where the way back leads. */
  readonly back: string
  readonly onAgain: () => void
}

function OneJoining({ joining, group, back, onAgain }: OneJoiningProps) {
  const { t } = useTranslation('people')
  const state = useLive(joining.state)
  const cancel = () => joining.cancel()
  const newcomer = useNewcomer(state)
  const isComputer = newcomer === 'computer'
  switch (state.step) {
    case 'preparing':
    case 'looking':
      return (
        <Page
          title={t('joining.looking.title')}
          lead={<p>{t('joining.looking.lead')}</p>}
          step="looking"
          scope={{ kind: 'computer' }}
        >
          <JoinSteps step={state.step} />
          {state.step === 'looking' && state.lost === true ? (
            <Notice tone="care" announce="now" title={t('joining.looking.lost')} />
          ) : null}
          {state.step === 'looking' ? <WaitingFor looking={state.looking} /> : null}
          <Row>
            <Button onPress={cancel}>{t('joining.looking.cancel')}</Button>
          </Row>
        </Page>
      )
    case 'compare-words':
      return (
        <Page
          title={t('joining.words.title')}
          lead={
            <p>
              {t(isComputer ? 'joining.computer.lead' : 'joining.words.lead', {
                inviter: state.inviterName,
                group: state.groupName,
              })}
            </p>
          }
          step="words"
          scope={{ kind: 'computer' }}
        >
          <JoinSteps step={state.step} />
          <CompareWords
            words={state.words}
            label={t('joining.words.label')}
            ask={isComputer ? t('joining.computer.ask') : t('joining.words.ask', { inviter: state.inviterName })}
            differentMeans={
              isComputer
                ? t('joining.computer.different-means')
                : t('joining.words.different-means', { inviter: state.inviterName })
            }
            same={t('joining.words.same')}
            different={t('joining.words.different')}
            onAnswer={(same) => joining.confirmWords(same)}
          />
        </Page>
      )
    case 'waiting-for-them':
      return (
        <Page
          title={
            isComputer ? t('joining.computer.waiting') : t('joining.waiting.title', { inviter: state.inviterName })
          }
          step="waiting"
          scope={{ kind: 'computer' }}
        >
          <JoinSteps step={state.step} />
          <p>
            {isComputer
              ? t('joining.computer.waiting-what')
              : t('joining.waiting.what', { inviter: state.inviterName, group: state.groupName })}
          </p>
          <Row>
            <Button onPress={cancel}>{t('joining.waiting.cancel')}</Button>
          </Row>
        </Page>
      )
    case 'receiving':
      return <Receiving received={state.received} expected={state.expected} />
    case 'done':
      return group === undefined ? (
        <Opening />
      ) : (
        <Done joining={joining} group={group} isComputer={state.newcomer === 'computer'} />
      )
    case 'stopped':
      return <Stopped reason={state.reason} isComputer={isComputer} back={back} onAgain={onAgain} />
  }
}

/** Whom the code lets in is known once the words are compared. */
function useNewcomer(state: JoiningState): 'person' | 'computer' {
  const [newcomer, setNewcomer] = useState<'person' | 'computer'>('person')
  if (state.step === 'compare-words' && state.newcomer !== newcomer) setNewcomer(state.newcomer)
  return newcomer
}

interface StoppedProps {
  readonly reason: JoiningProblem
  readonly isComputer: boolean
  readonly back: string
  readonly onAgain: () => void
}

function Stopped({ reason, isComputer, back, onAgain }: StoppedProps) {
  const { t } = useTranslation('people')
  // The code of another computer is good for one conversation, so it cannot be typed again.
  const title =
    isComputer && reason === 'connection-lost'
      ? t('joining.computer.lost')
      : isComputer && reason === 'cancelled-there'
        ? t('joining.computer.stopped-there')
        : t(`joining.problem.${reason}`)
  const actions = (
    <>
      <Button look="primary" onPress={onAgain}>
        {t('joining.stopped.again')}
      </Button>
      <ButtonLink href={back}>{t('joining.stopped.back')}</ButtonLink>
    </>
  )
  return (
    <Page title={t('joining.stopped.title')} step="stopped" scope={{ kind: 'computer' }}>
      <Notice tone="care" title={title} safe={t('joining.safe')} actions={actions} />
    </Page>
  )
}

function Receiving({ received, expected }: { readonly received: number; readonly expected: number }) {
  const { t } = useTranslation('people')
  return (
    <Page title={t('joining.receiving.title')} lead={<p>{t('joining.receiving.what')}</p>} step="receiving">
      <JoinSteps step="receiving" />
      <div className="t-stack">
        <progress
          className="t-progress"
          aria-label={t('joining.receiving.label')}
          value={expected === 0 ? undefined : received}
          max={Math.max(expected, 1)}
        />
        <p>{t('joining.receiving.progress', { received, expected })}</p>
        <p className="t-quiet">{t('joining.receiving.keep-open')}</p>
      </div>
    </Page>
  )
}

function Opening() {
  const { t } = useTranslation('people')
  return (
    <Page title={t('joining.done.title-plain')} step="opening">
      <p>{t('joining.done.opening')}</p>
    </Page>
  )
}

interface DoneProps {
  readonly joining: Joining
  readonly group: GroupContext
  readonly isComputer: boolean
}

/** The end of each is shown once: whoever comes back to this screen wants to type another code. */
const told = new WeakSet<Joining>()

function Done({ joining, group, isComputer }: DoneProps) {
  const { t } = useTranslation('people')
  useEffect(() => () => void told.add(joining), [joining])
  const name = useLive(group.circle.name)
  const people = useLive(group.circle.people)
  return (
    <Page
      title={t('joining.done.title', { group: name })}
      scope={{ kind: 'group', name, people: people.length }}
      step="done"
    >
      <Notice tone="good" title={t(isComputer ? 'joining.computer.done' : 'joining.done.what')} />
      <Row>
        <ButtonLink href="/today" look="primary">
          {t('joining.done.go')}
        </ButtonLink>
      </Row>
    </Page>
  )
}
