import { useTranslation } from 'react-i18next'
import { Redirect } from 'wouter'
import type { GroupContext } from '../../../shared/model/contexts.ts'
import { ButtonLink, Notice, Page, Row, useLive } from '../../ui/index.ts'

/** The clear end of starting a group. */
export function Welcome({ group }: { readonly group: GroupContext }) {
  const { t } = useTranslation('common')
  const people = useLive(group.circle.people)
  const name = useLive(group.circle.name)
  if (people.length > 1) return <Redirect to="/today" replace />
  return (
    <Page title={t('welcome.title', { group: name })} scope={{ kind: 'group', name, people: people.length }}>
      <Notice tone="good" title={t('welcome.done')}>
        {t('welcome.next')}
      </Notice>
      <Row>
        <ButtonLink href="/people/invite" look="primary">
          {t('welcome.invite')}
        </ButtonLink>
        <ButtonLink href="/today">{t('welcome.today')}</ButtonLink>
      </Row>
    </Page>
  )
}
