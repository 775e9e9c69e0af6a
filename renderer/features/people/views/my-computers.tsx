import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { GroupContext, ManageProblem } from '../../../../shared/model/contexts.ts'
import {
  announce,
  Button,
  ButtonLink,
  ErrorSummary,
  Field,
  type FieldProblem,
  Notice,
  Page,
  Row,
  Section,
} from '../../../ui/index.ts'
import { computerName } from '../model/people.ts'
import { useCircle } from './place.ts'

export function MyComputers({ group }: { readonly group: GroupContext }) {
  const { t, i18n } = useTranslation('people')
  const { people, isMember, scope } = useCircle(group.circle)
  const computers = people.find((one) => one.isMe)?.computers ?? []
  return (
    <Page title={t('computers.title')} scope={scope} lead={<p>{t('computers.lead')}</p>}>
      <Section title={t('computers.here')}>
        <ul className="t-list">
          {computers.map((computer) => {
            const called = computerName(i18n, computers, computer)
            return (
              <li key={computer.id}>
                <div>{computer.isThis ? t('computers-of.this', { name: called }) : called}</div>
                {isMember && computers.length > 1 ? (
                  <ButtonLink href={`/people/computer/${computer.id}/out`}>
                    {t('computers.take-out', { computer: called })}
                  </ButtonLink>
                ) : null}
              </li>
            )
          })}
        </ul>
        <p className="t-quiet">{t('computers.notes')}</p>
        {isMember ? (
          <>
            <p>{t('computers.add-what')}</p>
            <ButtonLink href="/people/computers/add" look="primary">
              {t('computers.add')}
            </ButtonLink>
          </>
        ) : null}
      </Section>
      {isMember ? <NameThisComputer group={group} /> : <p>{t('computers.not-now')}</p>}
      <Row>
        <ButtonLink href="/people">{t('gone.back')}</ButtonLink>
      </Row>
    </Page>
  )
}

function NameThisComputer({ group }: { readonly group: GroupContext }) {
  const { t } = useTranslation('people')
  const { people } = useCircle(group.circle)
  const now = people.find((one) => one.isMe)?.computers.find((one) => one.isThis)?.name ?? ''
  const [text, setText] = useState(now)
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [refusal, setRefusal] = useState<ManageProblem>()
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    setRefusal(undefined)
    const result = await group.nameThisComputer(text.trim())
    setBusy(false)
    if (result.ok) announce(t('computers.name-done'))
    else setRefusal(result.error)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (text.trim() === '') return setProblems([{ field: 'computer-name', message: t('computers.name-missing') }])
    setProblems([])
    void save()
  }
  return (
    <Section title={t('computers.name')}>
      {refusal === undefined ? null : <Notice tone="problem" announce="now" title={t(`refused.${refusal}`)} />}
      <ErrorSummary problems={problems} />
      <form className="t-stack" onSubmit={submit} noValidate>
        <Field
          id="computer-name"
          label={t('computers.name-label')}
          hint={t('computers.name-hint')}
          value={text}
          onChange={setText}
          problem={problems[0]?.message}
          maxLength={60}
        />
        <Row>
          <Button type="submit" busy={busy}>
            {t('computers.name-go')}
          </Button>
        </Row>
      </form>
    </Section>
  )
}
