import { useTranslation } from 'react-i18next'
import type { GroupContext } from '../../../../shared/model/contexts.ts'
import { ButtonLink, Row, Section, useLive } from '../../../ui/index.ts'

/** At the end of Sync and safety: what can be taken off this computer. */
export function TakingOff({ group }: { readonly group?: GroupContext | undefined }) {
  const { t } = useTranslation('groups')
  return (
    <Section title={t('section.title')}>
      <p>{t('section.what')}</p>
      <Row>
        {group === undefined ? null : <RemoveLink group={group} />}
        <ButtonLink href="/groups/wipe">{t('section.wipe')}</ButtonLink>
      </Row>
    </Section>
  )
}

function RemoveLink({ group }: { readonly group: GroupContext }) {
  const { t } = useTranslation('groups')
  const name = useLive(group.circle.name)
  return <ButtonLink href={`/groups/remove/${group.circle.id}`}>{t('section.remove', { group: name })}</ButtonLink>
}
