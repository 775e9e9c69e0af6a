import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CircleId } from '../../../../shared/base/ids.ts'
import type { GroupContext, Person, Role } from '../../../../shared/model/contexts.ts'
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
  Section,
} from '../../../ui/index.ts'
import { allNames, isOnlyMe, sentenceStart } from '../model/people.ts'
import { Gone } from './decision.tsx'
import { useCircle } from './place.ts'

type Part = Role | 'out'
const PARTS: readonly Part[] = ['out', 'member', 'organiser']

interface Made {
  readonly id: CircleId
  readonly name: string
  readonly people: readonly Person[]
}

export function MakeCircle({ group }: { readonly group: GroupContext }) {
  const { t, i18n } = useTranslation('people')
  const { people, scope, isMember } = useCircle(group.circle)
  const [name, setName] = useState('')
  const [parts, setParts] = useState<ReadonlyMap<string, Part>>(new Map())
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [busy, setBusy] = useState(false)
  const [made, setMade] = useState<Made>()
  const partOf = ({ id }: Person): Part => parts.get(id) ?? 'out'
  const others = people.filter((one) => !one.isMe)
  const inside = people.filter((one) => one.isMe || partOf(one) !== 'out')
  const names = sentenceStart(allNames(i18n, inside))

  if (made !== undefined) return <MadeCircle made={made} />
  if (!isMember) return <Gone />

  const make = async () => {
    setBusy(true)
    setProblems([])
    const chosen = others.flatMap((one) => {
      const part = partOf(one)
      return part === 'out' ? [] : [{ person: one.id, role: part }]
    })
    const result = await group.createCircle({ name: name.trim(), people: chosen })
    setBusy(false)
    if (result.ok) setMade({ id: result.value, name: name.trim(), people: inside })
    else setProblems([{ field: 'circle-name', message: t('circles.new.not-made') }])
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (name.trim() === '') setProblems([{ field: 'circle-name', message: t('circles.new.missing') }])
    else void make()
  }
  return (
    <Page title={t('circles.new.title')} lead={<p>{t('circles.new.lead')}</p>} scope={scope}>
      <ErrorSummary problems={problems} />
      <form className="t-stack" onSubmit={submit} noValidate>
        <Field
          id="circle-name"
          label={t('circles.new.name')}
          hint={t('circles.new.name-hint')}
          value={name}
          onChange={setName}
          problem={problems[0]?.message}
          maxLength={80}
        />
        <fieldset className="t-choice-list">
          <legend>{t('circles.new.who')}</legend>
          <div className="t-stack">
            <p>{t('circles.new.you')}</p>
            {others.length === 0 ? <p>{t('circles.new.alone')}</p> : null}
            {others.map((one) => (
              <Choice
                key={one.id}
                id={`part-${one.id}`}
                label={one.name}
                value={partOf(one)}
                onChange={(value) => {
                  const part = PARTS.find((known) => known === value) ?? 'out'
                  setParts(new Map(parts).set(one.id, part))
                }}
                options={PARTS.map((part) => ({
                  value: part,
                  label: part === 'out' ? t('circles.new.out') : t(`role.${part}`),
                }))}
              />
            ))}
          </div>
        </fieldset>
        <Section title={t('circles.new.readers')}>
          <output className="t-stack">
            <p>
              <strong>
                {isOnlyMe(inside) ? t('circles.new.readers-you') : t('circles.new.readers-are', { names })}
              </strong>
            </p>
          </output>
          <p>{t('circles.new.nobody')}</p>
          <p>{t('circles.new.unseen')}</p>
        </Section>
        <Row>
          <Button type="submit" look="primary" busy={busy}>
            {t('circles.new.go')}
          </Button>
          <ButtonLink href="/people">{t('back')}</ButtonLink>
          {busy ? <output className="t-quiet">{t('circles.new.busy')}</output> : null}
        </Row>
      </form>
    </Page>
  )
}

function MadeCircle({ made }: { readonly made: Made }) {
  const { t, i18n } = useTranslation('people')
  const { id, name, people } = made
  const names = sentenceStart(allNames(i18n, people))
  const done = isOnlyMe(people) ? t('circles.new.done-you') : t('circles.new.done-who', { names })
  return (
    <Page
      title={t('circles.new.done', { name })}
      scope={{ kind: 'circle', name, people: people.length }}
      step="done"
      over
    >
      <Notice tone="good" title={done}>
        {isOnlyMe(people) ? null : <p>{t('circles.new.done-others')}</p>}
      </Notice>
      <Row>
        <ButtonLink href={`/people/circle/${id}`} look="primary">
          {t('circles.new.done-go', { name })}
        </ButtonLink>
        <ButtonLink href="/papers/new">{t('circles.new.done-write')}</ButtonLink>
      </Row>
    </Page>
  )
}
