import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Result } from '../../../../shared/base/errors.ts'
import type { ManageProblem } from '../../../../shared/model/contexts.ts'
import { Button, ButtonLink, Notice, Page, type ReadingScope, Row, Section } from '../../../ui/index.ts'

export interface Points {
  readonly title: string
  readonly lines: readonly string[]
}

export interface DecisionProps {
  readonly title: string
  readonly scope: ReadingScope
  readonly lead?: string
  /** What it does, and what it does not. */
  readonly points: readonly Points[]
  readonly children?: ReactNode
  /** What the button does, with the name. */
  readonly confirm: string
  readonly danger?: boolean
  /** Where the way back leads. */
  readonly back: string
  readonly act: () => Promise<Result<unknown, ManageProblem>>
  readonly done: {
    readonly title: string
    /** The first is what happened. */
    readonly lines: readonly [string, ...string[]]
    readonly href: string
    readonly go: string
  }
}

/**
 * Asks before something weighty, on a page of its own: what it does, what it cannot do, a button with the name, and a way back.
 * What is shown afterwards is the end of it.
 */
export function Decision(props: DecisionProps) {
  const { title, scope, lead, points, children, confirm, danger = false, back, act, done } = props
  const { t } = useTranslation('people')
  const [step, setStep] = useState<'asking' | 'busy' | 'done'>('asking')
  const [refusal, setRefusal] = useState<ManageProblem>()
  const go = async () => {
    setStep('busy')
    setRefusal(undefined)
    const result = await act()
    setStep(result.ok ? 'done' : 'asking')
    if (!result.ok) setRefusal(result.error)
  }
  if (step === 'done') {
    const [what, ...more] = done.lines
    return (
      <Page title={done.title} scope={scope} step="done" over>
        <Notice tone="good" title={what}>
          {more.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </Notice>
        <Row>
          <ButtonLink href={done.href} look="primary">
            {done.go}
          </ButtonLink>
        </Row>
      </Page>
    )
  }
  return (
    <Page title={title} scope={scope} {...(lead === undefined ? {} : { lead: <p>{lead}</p> })} step="asking">
      {refusal === undefined ? null : <Notice tone="problem" announce="now" title={t(`refused.${refusal}`)} />}
      {children}
      {points.map((one) => (
        <Section key={one.title} title={one.title}>
          <ul className="t-plain-list">
            {one.lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Section>
      ))}
      <Row>
        <ButtonLink href={back}>{t('keep')}</ButtonLink>
        <Button look={danger ? 'danger' : 'primary'} busy={step === 'busy'} onPress={() => void go()}>
          {confirm}
        </Button>
      </Row>
    </Page>
  )
}

/** What somebody wanted to change has gone meanwhile. */
export function Gone() {
  const { t } = useTranslation('people')
  return (
    <Page title={t('gone.title')} lead={<p>{t('gone.what')}</p>}>
      <Row>
        <ButtonLink href="/people">{t('gone.back')}</ButtonLink>
      </Row>
    </Page>
  )
}
