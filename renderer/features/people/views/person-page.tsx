import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CircleContext, ManageProblem, Person, Role } from '../../../../shared/model/contexts.ts'
import { announce, Button, ButtonLink, ConfirmDialog, Notice, Page, Row, Section } from '../../../ui/index.ts'
import { computerName, computersLine, organisersOf } from '../model/people.ts'
import { Gone } from './decision.tsx'
import { baseOf, homeOf, useCircle } from './place.ts'

interface PersonProps {
  readonly circle: CircleContext
  readonly person: Person
}

export function PersonPage({ circle, id }: { readonly circle: CircleContext; readonly id: string }) {
  const { t } = useTranslation('people')
  const { people, scope, name: circleName } = useCircle(circle)
  const person = people.find((one) => one.id === id)
  if (person === undefined) return <Gone />
  return (
    <Page title={person.isMe ? t('you', { name: person.name }) : person.name} scope={scope}>
      <RoleSection circle={circle} person={person} />
      <ComputersSection circle={circle} person={person} />
      <OutSection circle={circle} person={person} />
      <Row>
        <ButtonLink href={homeOf(circle)}>
          {circle.scope === 'group' ? t('gone.back') : t('circle.back', { circle: circleName })}
        </ButtonLink>
      </Row>
    </Page>
  )
}

function RoleSection({ circle, person }: PersonProps) {
  const { t } = useTranslation('people')
  const { people, mayManage, isMember, name: circleName } = useCircle(circle)
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<ManageProblem>()
  const { name, isMe } = person
  const values = { name, circle: circleName }
  const other: Role = person.role === 'organiser' ? 'member' : 'organiser'
  const isLast = person.role === 'organiser' && organisersOf(people).length === 1
  const mayChange = mayManage && isMember

  const change = async () => {
    setBusy(true)
    setRefusal(undefined)
    const result = await circle.manage.setRole(person.id, other)
    setBusy(false)
    setAsking(false)
    if (result.ok) announce(t('person.changed'))
    else setRefusal(result.error)
  }
  return (
    <Section title={isMe ? t('person.role-you') : t('person.role', values)}>
      {refusal === undefined ? null : <Notice tone="problem" announce="now" title={t(`refused.${refusal}`)} />}
      <p>{isMe ? t(`person.is-you.${person.role}`, values) : t(`person.is.${person.role}`, values)}</p>
      <p className="t-quiet">{t(`role-means.${person.role}`)}</p>
      {person.fromNow === true ? <p>{isMe ? t('person.from-now-you') : t('person.from-now', values)}</p> : null}
      {mayChange && isLast && people.length > 1 ? <p>{t('person.only-organiser')}</p> : null}
      {mayChange && !isLast ? (
        <Button onPress={() => setAsking(true)}>
          {isMe ? t('person.make-you') : t(`person.make.${other}`, values)}
        </Button>
      ) : null}
      <ConfirmDialog
        open={asking}
        title={isMe ? t('person.ask-you') : t(`person.ask.${other}`, values)}
        confirm={isMe ? t('person.make-you') : t(`person.make.${other}`, values)}
        keep={t('keep')}
        busy={busy}
        onKeep={() => setAsking(false)}
        onConfirm={() => void change()}
      >
        {isMe ? t('person.ask-what-you') : t(`person.ask-what.${other}`, values)}
      </ConfirmDialog>
    </Section>
  )
}

/** Computers are taken out of the whole group, so a circle's page only names them. */
function ComputersSection({ circle, person }: PersonProps) {
  const { t, i18n } = useTranslation('people')
  const { mayManage, isMember } = useCircle(circle)
  const { computers, isMe, name } = person
  const mayTakeOut = circle.scope === 'group' && isMember && mayManage && !isMe && computers.length > 0
  if (isMe)
    return (
      <Section title={t('person.computers')}>
        <p>{computersLine(i18n, computers)}</p>
        <p>{t('person.computers-yours')}</p>
        <ButtonLink href="/people/computers">{t('computers.link')}</ButtonLink>
      </Section>
    )
  if (!mayTakeOut)
    return (
      <Section title={t('person.computers')}>
        <p>{computersLine(i18n, computers)}</p>
      </Section>
    )
  return (
    <Section title={t('person.computers')}>
      <p>{t('person.computers-what', { name })}</p>
      <ul className="t-list">
        {computers.map((computer) => {
          const called = computerName(i18n, computers, computer)
          return (
            <li key={computer.id}>
              <div>{called}</div>
              <ButtonLink href={`/people/computer/${computer.id}/out`}>
                {t('computers.take-out', { computer: called })}
              </ButtonLink>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

function OutSection({ circle, person }: PersonProps) {
  const { t } = useTranslation('people')
  const { mayManage, standing, name: circleName } = useCircle(circle)
  const values = { name: person.name, circle: circleName }
  const isIn = standing.state === 'member' || standing.state === 'closed'
  if (person.isMe && isIn)
    return (
      <Section title={t('person.leave-title')}>
        <p>{t('person.out-what')}</p>
        <ButtonLink href={`${baseOf(circle)}/leave`}>{t('circle.do.leave', values)}</ButtonLink>
      </Section>
    )
  if (!mayManage) return null
  return (
    <Section title={t('person.out-title', values)}>
      <p>{t('person.out-what')}</p>
      <ButtonLink href={`${baseOf(circle)}/person/${person.id}/out`}>{t('person.out-go', values)}</ButtonLink>
    </Section>
  )
}
