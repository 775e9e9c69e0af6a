import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { templates } from '../../../../resources/templates/index.ts'
import { fromUtf8, utf8 } from '../../../../shared/base/bytes.ts'
import { describeThrown } from '../../../../shared/base/errors.ts'
import type { CircleId } from '../../../../shared/base/ids.ts'
import type { LocalValues } from '../../../../shared/model/contexts.ts'
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
import { createPaper, LONGEST_TITLE, tidyTitle } from '../model/commands.ts'
import { isWritable, type Place, suggestedPlace } from '../model/places.ts'
import { futureReadersLine, placeName, scopeOf, standingLine } from './words.ts'

const KINDS = [
  'terms-of-reference',
  'group-agreement',
  'first-invitation',
  'meeting-agenda',
  'online-guidelines',
  'facilitators-card',
  'planning-minutes',
  'plan',
  'session-plan',
  'role-card',
  'handover',
  'signposting',
  'empty',
] as const
type Kind = (typeof KINDS)[number]
const isKind = (value: string): value is Kind => KINDS.some((kind) => kind === value)

export const LAST_FOR = 'paper-for'

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

export interface NewPaperProps {
  readonly places: readonly Place[]
  readonly local: LocalValues
  /** The circle whose papers the person was looking at. */
  readonly wanted: CircleId | undefined
}

export function NewPaper({ places, local, wanted }: NewPaperProps) {
  const { t } = useTranslation('papers')
  const [kind, setKind] = useState<Kind>('terms-of-reference')
  const [chosen, setChosen] = useState(wanted)
  const last = useLastFor(local)
  const open = places.filter(isWritable)
  const audience = templates.find(({ id }) => id === kind)?.audience
  const place = open.find(({ circle }) => circle.id === chosen) ?? suggestedPlace(places, audience, last?.circle)
  if (place === undefined) {
    const [group] = places
    return (
      <Page title={t('new.title')} lead={<p>{t('list.nowhere')}</p>}>
        <p>{(group === undefined ? undefined : standingLine(t, group)) ?? t('list.nowhere-why')}</p>
        <p>
          <TextLink href="/papers">{t('back')}</TextLink>
        </p>
      </Page>
    )
  }
  return (
    <Page title={t('new.title')} scope={scopeOf(place)} lead={<p>{t('new.lead')}</p>}>
      {last === undefined ? null : (
        <NewPaperForm places={open} place={place} kind={kind} local={local} onPlace={setChosen} onKind={setKind} />
      )}
      <div>
        <p>{t('import.link-more', { ns: 'in-and-out' })}</p>
        <p>
          <TextLink href="/papers/import">{t('import.link', { ns: 'in-and-out' })}</TextLink>
        </p>
      </div>
    </Page>
  )
}

interface FormProps {
  /** Where something can be written. */
  readonly places: readonly Place[]
  readonly place: Place
  readonly kind: Kind
  readonly local: LocalValues
  readonly onPlace: (place: CircleId | undefined) => void
  readonly onKind: (kind: Kind) => void
}

function NewPaperForm({ places, place, kind, local, onPlace, onKind }: FormProps) {
  const { t, i18n } = useTranslation('papers')
  const [, navigate] = useLocation()
  const [typed, setTyped] = useState<string>()
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const [day] = useState(() => new Intl.DateTimeFormat(i18n.language, { dateStyle: 'long' }).format(new Date()))
  // A name is suggested until the person types one.
  const title = typed ?? (kind === 'empty' ? '' : t(`new.names.${kind}`, { day }))
  const asksWho = places.length > 1

  const create = async (): Promise<void> => {
    setState('busy')
    try {
      const content = templates.find(({ id }) => id === kind)?.content
      const id = await createPaper(place.circle, { title, template: kind, content }, Date.now())
      if (asksWho) await local.set(LAST_FOR, utf8(place.circle.id))
      navigate(`/papers/${id}`)
    } catch (thrown) {
      console.warn('new paper', describeThrown(thrown))
      setState('failed')
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (state === 'busy') return
    if (tidyTitle(title) === '') return setProblems([{ field: 'new-title', message: t('rename.problem.empty') }])
    setProblems([])
    void create()
  }
  return (
    <>
      <ErrorSummary problems={problems} />
      {state === 'failed' ? (
        <Notice tone="problem" announce="now" title={t('new.failed')} safe={t('new.failed-safe')} />
      ) : null}
      <form className="t-stack" onSubmit={submit} noValidate>
        <Choice
          id="new-kind"
          label={t('new.kind')}
          hint={t(`new.hints.${kind}`)}
          value={kind}
          options={KINDS.map((value) => ({ value, label: t(`new.kinds.${value}`) }))}
          onChange={(value) => {
            if (isKind(value)) onKind(value)
          }}
        />
        {asksWho ? (
          <Choice
            id="new-for"
            label={t('new.for')}
            hint={futureReadersLine(t, i18n, place)}
            value={place.circle.id}
            options={places.map((one) => ({ value: one.circle.id, label: placeName(t, one) }))}
            onChange={(value) => onPlace(places.find(({ circle }) => circle.id === value)?.circle.id)}
          />
        ) : null}
        <Field
          id="new-title"
          label={t('rename.label')}
          hint={t('rename.hint')}
          problem={problems[0]?.message}
          value={title}
          onChange={setTyped}
          maxLength={LONGEST_TITLE}
        />
        <Row>
          <Button type="submit" look="primary" busy={state === 'busy'}>
            {t('new.create')}
          </Button>
          <ButtonLink href="/papers">{t('cancel')}</ButtonLink>
        </Row>
      </form>
    </>
  )
}
