import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { templates } from '../../../../resources/templates/index.ts'
import { describeThrown } from '../../../../shared/base/errors.ts'
import type { CircleContext } from '../../../../shared/model/contexts.ts'
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
} from '../../../ui/index.ts'
import { createPaper, LONGEST_TITLE, tidyTitle } from '../model/commands.ts'
import { useScope } from './words.ts'

const EMPTY = 'empty'
const TERMS = 'terms-of-reference'
const KINDS = [TERMS, EMPTY] as const
type Kind = (typeof KINDS)[number]
const isKind = (value: string): value is Kind => KINDS.some((kind) => kind === value)

export function NewPaper({ circle }: { readonly circle: CircleContext }) {
  const { t } = useTranslation('papers')
  const [, navigate] = useLocation()
  const [kind, setKind] = useState<Kind>(TERMS)
  const [typed, setTyped] = useState<string>()
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  // A name is suggested until the person types one.
  const title = typed ?? (kind === EMPTY ? '' : t(`new.names.${kind}`))

  const create = async (): Promise<void> => {
    setState('busy')
    try {
      const content = templates.find(({ id }) => id === kind)?.content
      const id = await createPaper(circle, { title, template: kind, content }, Date.now())
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
    <Page title={t('new.title')} scope={useScope(circle)} lead={<p>{t('new.lead')}</p>}>
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
            if (isKind(value)) setKind(value)
          }}
        />
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
    </Page>
  )
}
