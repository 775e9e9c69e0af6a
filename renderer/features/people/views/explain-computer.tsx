import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { GroupContext } from '../../../../shared/model/contexts.ts'
import { Button, ButtonLink, Notice, Page, Row, Section } from '../../../ui/index.ts'
import { Gone } from './decision.tsx'
import { InviteSteps } from './invite-flow.tsx'
import { useCircle } from './place.ts'

/** Before a code for another computer of one's own is made: what that computer will have. */
export function ExplainComputer({ group }: { readonly group: GroupContext }) {
  const { t } = useTranslation('people')
  const { isMember, scope } = useCircle(group.circle)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<'not-allowed' | 'storage-failed'>()
  if (!isMember) return <Gone />
  const make = async () => {
    setBusy(true)
    setRefusal(undefined)
    const result = await group.addComputer()
    setBusy(false)
    if (!result.ok) setRefusal(result.error)
  }
  return (
    <Page title={t('computers.explain.title')} lead={<p>{t('computers.explain.lead')}</p>} step="explain" scope={scope}>
      <InviteSteps current={0} newcomer="computer" />
      {refusal === undefined ? null : <Notice tone="problem" announce="now" title={t(`refused.${refusal}`)} />}
      <p>{t('computers.explain.passphrase')}</p>
      <Section title={t('computers.explain.can')}>
        <ul className="t-plain-list">
          <li>{t('computers.explain.can-papers')}</li>
          <li>{t('computers.explain.can-name')}</li>
        </ul>
      </Section>
      <Section title={t('computers.explain.cannot')}>
        <ul className="t-plain-list">
          <li>{t('computers.explain.cannot-notes')}</li>
        </ul>
      </Section>
      <p>
        <strong>{t('computers.explain.only-yours')}</strong>
      </p>
      <Row>
        <Button look="primary" busy={busy} onPress={() => void make()}>
          {t('computers.explain.go')}
        </Button>
        <ButtonLink href="/people/computers">{t('back')}</ButtonLink>
        {busy ? <output className="t-quiet">{t('inviting.explain.busy')}</output> : null}
      </Row>
    </Page>
  )
}
