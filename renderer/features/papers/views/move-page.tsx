import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { systemClock } from '../../../../shared/base/clock.ts'
import type { CircleId, DocumentId } from '../../../../shared/base/ids.ts'
import { Button, ButtonLink, Choice, Notice, Page, Row, Section, Stack, Steps, TextLink } from '../../../ui/index.ts'
import { finishMove, type MoveProblem, movePaper } from '../model/move.ts'
import { type HeldPaper, moveTargets, type Place, readersAfterMove } from '../model/places.ts'
import { unfinishedMove } from '../model/selectors.ts'
import { movedLabelsLine } from './order/words.ts'
import './papers.css'
import { futureReadersLine, namesWithin, placeName, placeWithin, scopeOf, standingLine } from './words.ts'

export interface MovePageProps {
  readonly places: readonly Place[]
  readonly held: HeldPaper
  readonly onGiven: (copy: DocumentId) => void
}

/** For whom; then, by name, who will see it; then it is done. */
export function MovePage({ places, held, onGiven }: MovePageProps) {
  const { t, i18n } = useTranslation('papers')
  const { t: ofOrder } = useTranslation('order')
  const [, navigate] = useLocation()
  const { place, paper } = held
  const [started] = useState(held)
  const [chosen, setChosen] = useState<CircleId>()
  const [step, setStep] = useState(0)
  const [state, setState] = useState<'idle' | 'busy' | MoveProblem>('idle')
  const back = `/papers/${paper.id}`
  const title = t('move.title', { title: paper.title })
  // While the move is being made its own mark must not turn the screen into another one.
  const targets = moveTargets(places, state === 'busy' ? started : held)
  const target = targets.find(({ circle }) => circle.id === chosen) ?? targets[0]

  if (target === undefined) {
    const reason = standingLine(t, place)
    return (
      <Page title={title} scope={scopeOf(place)}>
        <p>{reason ?? t(places.length > 1 ? 'move.not-now' : 'move.nobody')}</p>
        {places.length > 1 ? null : <p>{t('move.nobody-why')}</p>}
        <p>
          <TextLink href={back}>{paper.title}</TextLink>
        </p>
      </Page>
    )
  }

  const give = async (): Promise<void> => {
    setState('busy')
    // After an attempt that broke off: one that got as far as a copy must not make a second.
    const begun = unfinishedMove(paper, place.circle.me)
    const given =
      begun?.to === target.circle.id
        ? await finishMove(place.circle, target.circle, paper.id, begun, systemClock.now())
        : await movePaper(place.circle, target.circle, paper.id, systemClock.now())
    if (!given.ok) {
      console.warn('move', given.error, given.detail)
      return setState(given.error)
    }
    onGiven(given.value)
    navigate(`/papers/${given.value}`)
  }
  const asksWho = targets.length > 1
  const steps = asksWho ? <Steps steps={[t('move.steps.choose'), t('move.steps.look')]} current={step} /> : null

  if (asksWho && step === 0) {
    return (
      <Page title={title} scope={scopeOf(place)}>
        {steps}
        <Choice
          id="move-to"
          label={t('move.choose')}
          hint={futureReadersLine(t, i18n, target)}
          value={target.circle.id}
          options={targets.map((one) => ({ value: one.circle.id, label: placeName(t, one) }))}
          onChange={(value) => setChosen(targets.find(({ circle }) => circle.id === value)?.circle.id)}
        />
        <Row>
          <Button look="primary" onPress={() => setStep(1)}>
            {t('move.next')}
          </Button>
          <ButtonLink href={back}>{t('move.keep')}</ButtonLink>
        </Row>
      </Page>
    )
  }

  const labels = movedLabelsLine(ofOrder, paper)
  const { all, fresh, behind } = readersAfterMove(place, target)
  return (
    <Page title={title} scope={scopeOf(place)} step="look">
      {steps}
      {state === 'idle' || state === 'busy' ? null : (
        <Notice
          tone="problem"
          announce="now"
          title={state === 'newer-version' ? t('newer-version') : t('move.failed')}
          safe={t('move.failed-safe')}
        />
      )}
      <Section title={t('move.readers')}>
        <p>{t('move.readers-lead', { circle: placeWithin(t, target) })}</p>
        <ul className="t-readers">
          {all.map((person) => {
            const name = person.isMe ? t('readers.me', { name: person.name }) : person.name
            return <li key={person.id}>{fresh.includes(person) ? t('move.fresh', { name }) : name}</li>
          })}
        </ul>
        {fresh.length === 0 ? <p>{t('move.fresh-none')}</p> : null}
      </Section>
      <Section title={t('move.what')}>
        <Stack>
          <p>{t('move.what-copy')}</p>
          {labels === undefined ? null : <p>{labels}</p>}
          <p>{t('move.what-stays')}</p>
          {behind.length === 0 ? null : <p>{t('move.what-behind', { names: namesWithin(t, i18n, behind) })}</p>}
          {fresh.length === 0 ? null : <p>{t('move.what-taken')}</p>}
        </Stack>
      </Section>
      <Row>
        <ButtonLink href={back}>{t('move.keep')}</ButtonLink>
        {asksWho ? <Button onPress={() => setStep(0)}>{t('move.again')}</Button> : null}
        <Button look="primary" busy={state === 'busy'} onPress={() => void give()}>
          {t('move.confirm', { count: all.length })}
        </Button>
      </Row>
    </Page>
  )
}
