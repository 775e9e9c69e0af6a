import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { fromUtf8, utf8 } from '../../../../shared/base/bytes.ts'
import { describeThrown, type Result } from '../../../../shared/base/errors.ts'
import type { CircleId, DocumentId } from '../../../../shared/base/ids.ts'
import type { CircleContext, LocalValues } from '../../../../shared/model/contexts.ts'
import {
  Button,
  ButtonLink,
  Choice,
  ErrorSummary,
  Field,
  type FieldProblem,
  Notice,
  Page,
  Row,
  TextLink,
} from '../../../ui/index.ts'
import { LONGEST_TITLE, tidyTitle } from '../model/commands.ts'
import type { StartProblem } from '../model/own-templates.ts'
import type { Place } from '../model/places.ts'
import { futureReadersLine, placeName, standingLine } from './words.ts'

const LAST_FOR = 'paper-for'

/** For whom the last paper was made on this computer. Undefined until it has been read. */
export function useLastFor(local: LocalValues): { readonly circle: string | undefined } | undefined {
  const [answer, setAnswer] = useState<{ readonly circle: string | undefined }>()
  useEffect(() => {
    let left = false
    local.get(LAST_FOR).then(
      (bytes) => {
        if (!left) setAnswer({ circle: bytes === undefined ? undefined : fromUtf8(bytes) })
      },
      (thrown: unknown) => {
        console.warn('last for', describeThrown(thrown))
        if (!left) setAnswer({ circle: undefined })
      },
    )
    return () => {
      left = true
    }
  }, [local])
  return answer
}

/** In place of the form where this person can write nowhere. */
export function NowhereToWrite({ title, places }: { readonly title: string; readonly places: readonly Place[] }) {
  const { t } = useTranslation('papers')
  const [group] = places
  return (
    <Page title={title} lead={<p>{t('list.nowhere')}</p>}>
      <p>{(group === undefined ? undefined : standingLine(t, group)) ?? t('list.nowhere-why')}</p>
      <p>
        <TextLink href="/papers">{t('back')}</TextLink>
      </p>
    </Page>
  )
}

export interface PaperFormProps {
  /** What the ids of its fields begin with. */
  readonly id: string
  /** Where something can be written. */
  readonly places: readonly Place[]
  readonly place: Place
  readonly local: LocalValues
  readonly title: string
  /** What it is made from, above the rest of the form. */
  readonly children?: ReactNode
  /** What the person should know once they have chosen for whom it is. */
  readonly care?: ReactNode
  readonly submit: string
  /** Another way on, beside the button that makes the paper. */
  readonly other?: ReactNode
  readonly onPlace: (place: CircleId | undefined) => void
  readonly onTitle: (title: string) => void
  readonly make: (circle: CircleContext, title: string) => Promise<Result<DocumentId, StartProblem>>
}

/** For whom, and under which name: the end of every way to a new paper. Then it is opened. */
export function PaperForm(props: PaperFormProps) {
  const { id, places, place, local, title, children, care, submit, other, onPlace, onTitle, make } = props
  const { t, i18n } = useTranslation('papers')
  const { t: ofOrder } = useTranslation('order')
  const [, navigate] = useLocation()
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [state, setState] = useState<'idle' | 'busy' | StartProblem>('idle')
  const asksWho = places.length > 1

  const create = async (): Promise<void> => {
    setState('busy')
    try {
      const made = await make(place.circle, title)
      if (!made.ok) {
        console.warn('new paper', made.error, made.detail)
        return setState(made.error)
      }
      if (asksWho) await local.set(LAST_FOR, utf8(place.circle.id))
      navigate(`/papers/${made.value}`)
    } catch (thrown) {
      console.warn('new paper', describeThrown(thrown))
      setState('failed')
    }
  }
  const send = (event: FormEvent): void => {
    event.preventDefault()
    if (state === 'busy') return
    if (tidyTitle(title) === '') return setProblems([{ field: `${id}-title`, message: t('rename.problem.empty') }])
    setProblems([])
    void create()
  }
  return (
    <>
      <ErrorSummary problems={problems} />
      {state === 'idle' || state === 'busy' ? null : (
        <Notice
          tone="problem"
          announce="now"
          title={state === 'failed' ? t('new.failed') : ofOrder('templates.no-words')}
          safe={t('new.failed-safe')}
        />
      )}
      <form className="t-stack" onSubmit={send} noValidate>
        {children}
        {asksWho ? (
          <Choice
            id={`${id}-for`}
            label={t('new.for')}
            hint={futureReadersLine(t, i18n, place)}
            value={place.circle.id}
            options={places.map((one) => ({ value: one.circle.id, label: placeName(t, one) }))}
            onChange={(value) => onPlace(places.find(({ circle }) => circle.id === value)?.circle.id)}
          />
        ) : (
          <p>{futureReadersLine(t, i18n, place)}</p>
        )}
        {care}
        <Field
          id={`${id}-title`}
          label={t('rename.label')}
          hint={t('rename.hint')}
          problem={problems[0]?.message}
          value={title}
          onChange={onTitle}
          maxLength={LONGEST_TITLE}
        />
        <Row>
          <Button type="submit" look="primary" busy={state === 'busy'}>
            {submit}
          </Button>
          {other}
          <ButtonLink href="/papers">{t('cancel')}</ButtonLink>
        </Row>
      </form>
    </>
  )
}
