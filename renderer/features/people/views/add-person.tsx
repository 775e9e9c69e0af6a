import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CircleContext, History, ManageProblem, Person, Role } from '../../../../shared/model/contexts.ts'
import {
  Button,
  ButtonLink,
  Choice,
  ChoiceList,
  ErrorSummary,
  type FieldProblem,
  Notice,
  Page,
  Row,
  Section,
  useLive,
} from '../../../ui/index.ts'
import { allNames, sentenceStart } from '../model/people.ts'
import { ChooseRole } from './choose-role.tsx'
import { Gone } from './decision.tsx'
import { homeOf, useCircle } from './place.ts'

/** Somebody of the group into a circle. Before it is done, it says by name who will be able to read what. */
export function AddPerson({ circle }: { readonly circle: CircleContext }) {
  const { t, i18n } = useTranslation('people')
  const { name: circleName, people, scope, mayManage, isMember } = useCircle(circle)
  const candidates = useLive(circle.manage.candidates)
  const [chosen, setChosen] = useState('')
  const [role, setRole] = useState<Role>('member')
  const [history, setHistory] = useState<History>('all')
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [refusal, setRefusal] = useState<ManageProblem>()
  const [busy, setBusy] = useState(false)
  const [added, setAdded] = useState<Person>()
  const home = homeOf(circle)
  const person = candidates.find((one) => one.id === chosen)

  if (added !== undefined) {
    return (
      <Page title={t('add.done', { name: added.name, circle: circleName })} scope={scope} step="done" over>
        <Notice tone="good" title={t('add.done-what', { circle: circleName })} />
        <Row>
          <ButtonLink href={home} look="primary">
            {t('circle.back', { circle: circleName })}
          </ButtonLink>
        </Row>
      </Page>
    )
  }
  if (!mayManage || !isMember || circle.scope === 'group') return <Gone />

  const add = async (one: Person) => {
    setBusy(true)
    setRefusal(undefined)
    const result = await circle.manage.add({ person: one.id, role, history })
    setBusy(false)
    if (result.ok) setAdded(one)
    else setRefusal(result.error)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (person === undefined) return setProblems([{ field: 'person', message: t('add.missing') }])
    setProblems([])
    void add(person)
  }
  return (
    <Page
      title={t('add.title', { circle: circleName })}
      lead={<p>{candidates.length === 0 ? t('add.none', { circle: circleName }) : t('add.lead')}</p>}
      scope={scope}
    >
      {refusal === undefined ? null : <Notice tone="problem" announce="now" title={t(`refused.${refusal}`)} />}
      <ErrorSummary problems={problems} />
      {candidates.length === 0 ? (
        <Row>
          <ButtonLink href={home}>{t('back')}</ButtonLink>
        </Row>
      ) : (
        <form className="t-stack" onSubmit={submit} noValidate>
          <Choice
            id="person"
            label={t('add.who')}
            value={chosen}
            onChange={(value) => {
              setChosen(value)
              setProblems([])
            }}
            problem={problems[0]?.message}
            options={[
              { value: '', label: t('add.choose') },
              ...candidates.map(({ id, name }) => ({ value: id as string, label: name })),
            ]}
          />
          <ChooseRole label={t('role-choose')} value={role} onChange={setRole} />
          <ChoiceList
            id="history"
            label={t('add.history')}
            value={history}
            onChange={setHistory}
            options={[
              { value: 'all', label: t('add.all'), hint: t('add.all-hint') },
              { value: 'from-now', label: t('add.from-now'), hint: t('add.from-now-hint') },
            ]}
          />
          {person === undefined ? null : (
            <Section title={t('add.then')}>
              <output className="t-stack">
                <p>
                  {t('add.readers', { circle: circleName, names: sentenceStart(allNames(i18n, [...people, person])) })}
                </p>
                <p>
                  {history === 'all'
                    ? t('add.reads-all', { name: person.name })
                    : t('add.reads-from-now', { name: person.name })}
                </p>
              </output>
              <p className="t-quiet">{t('add.stays')}</p>
            </Section>
          )}
          <Row>
            <Button type="submit" look="primary" busy={busy}>
              {person === undefined ? t('add.go-plain') : t('add.go', { name: person.name })}
            </Button>
            <ButtonLink href={home}>{t('back')}</ButtonLink>
          </Row>
        </form>
      )}
    </Page>
  )
}
