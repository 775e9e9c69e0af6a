import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { GroupContext, History, Role } from '../../../../shared/model/contexts.ts'
import { Button, ButtonLink, Choice, ChoiceList, Notice, Page, Row, Section, useLive } from '../../../ui/index.ts'
import { organisersOf } from '../model/people.ts'
import { ChooseRole } from './choose-role.tsx'
import { InviteSteps } from './invite-flow.tsx'

const DAYS = [1, 3, 7, 14] as const

/** Before anything can leave this computer: who will be able to read what. */
export function ExplainInvitation({ group }: { readonly group: GroupContext }) {
  const { t } = useTranslation('people')
  const people = useLive(group.circle.people)
  const name = useLive(group.circle.name)
  const [days, setDays] = useState('7')
  // A group with one organiser needs a second one most.
  const [role, setRole] = useState<Role>(organisersOf(people).length < 2 ? 'organiser' : 'member')
  const [history, setHistory] = useState<History>('all')
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<'not-allowed' | 'storage-failed'>()

  const make = async () => {
    setBusy(true)
    setRefusal(undefined)
    const result = await group.invite({ daysValid: Number(days), role, history })
    setBusy(false)
    if (!result.ok) setRefusal(result.error)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) void make()
  }

  return (
    <Page
      title={t('inviting.explain.title')}
      scope={{ kind: 'group', name, people: people.length }}
      lead={<p>{t('inviting.explain.lead')}</p>}
      step="explain"
    >
      <InviteSteps current={0} newcomer="person" />
      {refusal === undefined ? null : (
        <Notice tone="problem" announce="now" title={t(`invitations.refused.${refusal}`)} />
      )}
      <form className="t-stack t-wide-gap" onSubmit={submit}>
        <ChooseRole label={t('inviting.explain.as')} value={role} onChange={setRole} />
        <ChoiceList
          id="history"
          label={t('inviting.explain.history')}
          value={history}
          onChange={setHistory}
          options={[
            { value: 'all', label: t('inviting.explain.all'), hint: t('inviting.explain.all-hint') },
            { value: 'from-now', label: t('inviting.explain.from-now'), hint: t('inviting.explain.from-now-hint') },
          ]}
        />
        <Section title={t('inviting.explain.can')}>
          <ul className="t-plain-list">
            <li>{history === 'all' ? t('inviting.explain.can-papers') : t('inviting.explain.can-from-now')}</li>
            <li>{t('inviting.explain.can-names')}</li>
          </ul>
        </Section>
        <Section title={t('inviting.explain.cannot')}>
          <ul className="t-plain-list">
            <li>{t('inviting.explain.cannot-notes')}</li>
          </ul>
          <p>{t('inviting.explain.stays')}</p>
        </Section>
        <Choice
          id="days"
          label={t('inviting.explain.days')}
          hint={t('inviting.explain.days-hint')}
          value={days}
          onChange={setDays}
          options={DAYS.map((count) => ({
            value: String(count),
            label: t('inviting.explain.days-options', { count }),
          }))}
        />
        <Row>
          <Button type="submit" look="primary" busy={busy}>
            {t('inviting.explain.go')}
          </Button>
          <ButtonLink href="/people">{t('back')}</ButtonLink>
          {busy ? <output className="t-quiet">{t('inviting.explain.busy')}</output> : null}
        </Row>
      </form>
    </Page>
  )
}
