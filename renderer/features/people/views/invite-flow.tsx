import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { DeviceId } from '../../../../shared/base/ids.ts'
import type { GroupContext, Inviting, InvitingState } from '../../../../shared/model/contexts.ts'
import { Button, ButtonLink, Notice, Page, Row, Steps, useLive } from '../../../ui/index.ts'
import { computerName } from '../model/people.ts'
import { CompareWords } from './compare-words.tsx'
import { ExplainComputer } from './explain-computer.tsx'
import { ExplainInvitation } from './explain-invitation.tsx'
import { useCircle } from './place.ts'
import { ShowCode } from './show-code.tsx'

type Newcomer = Inviting['newcomer']

interface InviteFlowProps {
  readonly group: GroupContext
  readonly newcomer: Newcomer
}

/** What they will see, the code, the words, done. Leaving the screen loses nothing: the invitation goes on by itself. */
export function InviteFlow({ group, newcomer }: InviteFlowProps) {
  const inviting = useLive(group.inviting)
  // One that had ended before this screen opened is history; a new invitation begins with the explanation.
  const [ended, setEnded] = useState(() => (isEnded(inviting?.state.get()) ? inviting : undefined))
  if (inviting !== undefined && inviting !== ended && inviting.newcomer === newcomer)
    return <OneInvitation group={group} inviting={inviting} onAgain={() => setEnded(inviting)} />
  return newcomer === 'person' ? <ExplainInvitation group={group} /> : <ExplainComputer group={group} />
}

const isEnded = (state: InvitingState | undefined): boolean => state?.step === 'done' || state?.step === 'stopped'

interface OneProps {
  readonly group: GroupContext
  readonly inviting: Inviting
  readonly onAgain: () => void
}

function OneInvitation({ group, inviting, onAgain }: OneProps) {
  const { t } = useTranslation('people')
  const state = useLive(inviting.state)
  const groupName = useLive(group.circle.name)
  const people = useLive(group.circle.people)
  const scope = { kind: 'group', name: groupName, people: people.length } as const
  const [, navigate] = useLocation()
  const { newcomer } = inviting
  const isComputer = newcomer === 'computer'
  const home = isComputer ? '/people/computers' : '/people'
  const leave = () => {
    inviting.stopWaiting()
    navigate(home)
  }
  switch (state.step) {
    case 'preparing':
    case 'waiting':
      return (
        <ShowCode
          group={group}
          inviting={inviting}
          looking={state.step === 'waiting' ? state.looking : undefined}
          lost={state.step === 'waiting' && state.lost === true}
        />
      )
    case 'compare-words':
      return (
        <Page
          title={t('inviting.words.title')}
          lead={<p>{isComputer ? t('computers.words.lead') : t('inviting.words.lead', { name: state.name })}</p>}
          step="words"
          scope={scope}
        >
          <InviteSteps current={2} newcomer={newcomer} />
          <CompareWords
            words={state.words}
            label={t('inviting.words.label')}
            ask={isComputer ? t('computers.words.ask') : t('inviting.words.ask', { name: state.name })}
            differentMeans={t(isComputer ? 'computers.words.different-means' : 'inviting.words.different-means')}
            same={t('inviting.words.same')}
            different={t('inviting.words.different')}
            onAnswer={(same) => inviting.confirmWords(same)}
          />
        </Page>
      )
    case 'admitting':
      return (
        <Page
          title={isComputer ? t('computers.admitting.title') : t('inviting.admitting.title', { name: state.name })}
          step="admitting"
          scope={scope}
        >
          <InviteSteps current={2} newcomer={newcomer} />
          <p>{t(isComputer ? 'computers.admitting.what' : 'inviting.admitting.what')}</p>
        </Page>
      )
    case 'done':
      return (
        <Page
          title={isComputer ? t('computers.done.title') : t('inviting.done.title', { name: state.name })}
          step="done"
          over
          scope={scope}
        >
          <Notice
            tone="good"
            title={
              isComputer ? t('computers.done.what') : t('inviting.done.what', { name: state.name, group: groupName })
            }
          />
          <Row>
            <Button look="primary" onPress={leave}>
              {t(isComputer ? 'computers.done.go' : 'inviting.done.back')}
            </Button>
          </Row>
        </Page>
      )
    case 'stopped':
      if (isComputer && (state.device !== undefined || state.reason === 'connection-lost'))
        return <HalfAdded group={group} device={state.device} onAgain={onAgain} />
      return (
        <Page
          title={t(isComputer ? 'computers.stopped.title' : 'inviting.stopped.title')}
          step="stopped"
          over
          scope={scope}
        >
          <Notice
            tone="care"
            title={t(`inviting.problem.${state.reason}`)}
            safe={t(isComputer ? 'computers.safe' : 'inviting.safe')}
            actions={
              <>
                <Button look="primary" onPress={onAgain}>
                  {t('inviting.stopped.again')}
                </Button>
                <ButtonLink href={home}>{t(isComputer ? 'computers.done.go' : 'inviting.stopped.back')}</ButtonLink>
              </>
            }
          />
        </Page>
      )
  }
}

interface HalfAddedProps {
  readonly group: GroupContext
  readonly device: DeviceId | undefined
  readonly onAgain: () => void
}

/** It broke off after both had compared: nobody here can know how far the other computer came. */
function HalfAdded({ group, device, onAgain }: HalfAddedProps) {
  const { t, i18n } = useTranslation('people')
  const { people, scope } = useCircle(group.circle)
  const computers = people.find((one) => one.isMe)?.computers ?? []
  const added = computers.find(({ id }) => id === device)
  const called = added === undefined ? undefined : computerName(i18n, computers, added)
  return (
    <Page title={t('computers.half.title')} step="stopped" over scope={scope}>
      <Notice tone="care" title={t('computers.half.what')}>
        <p>{t('computers.half.look')}</p>
        {called === undefined ? null : <p>{t('computers.half.take-out', { computer: called })}</p>}
      </Notice>
      <Row>
        <ButtonLink look="primary" href="/people/computers">
          {t('computers.done.go')}
        </ButtonLink>
        {added === undefined || called === undefined ? null : (
          <ButtonLink href={`/people/computer/${added.id}/out`}>
            {t('computers.take-out', { computer: called })}
          </ButtonLink>
        )}
        <Button onPress={onAgain}>{t('inviting.stopped.again')}</Button>
      </Row>
    </Page>
  )
}

export function InviteSteps({ current, newcomer }: { readonly current: number; readonly newcomer: Newcomer }) {
  const { t } = useTranslation('people')
  const names =
    newcomer === 'computer'
      ? [t('computers.explain.steps-explain'), t('computers.explain.steps-code'), t('inviting.steps.words')]
      : [t('inviting.steps.explain'), t('inviting.steps.code'), t('inviting.steps.words')]
  return <Steps steps={names} current={current} />
}
