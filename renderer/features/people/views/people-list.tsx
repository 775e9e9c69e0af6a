import { useTranslation } from 'react-i18next'
import type { GroupContext } from '../../../../shared/model/contexts.ts'
import { ButtonLink, listNames, Page, Section } from '../../../ui/index.ts'
import { organisersOf } from '../model/people.ts'
import { CircleActions } from './circle-decisions.tsx'
import { CircleList } from './circle-list.tsx'
import { CircleCares, CircleNews } from './circle-state.tsx'
import { Departures } from './departures.tsx'
import { Invitations } from './invitations.tsx'
import { PersonRows } from './person-rows.tsx'
import { useCircle } from './place.ts'

/** The group's own page: everybody, the circles, one's computers, invitations, and what can be changed. */
export function PeopleList({ group }: { readonly group: GroupContext }) {
  const { t } = useTranslation('people')
  const { scope, isMember, mayManage, standing } = useCircle(group.circle)
  const isIn = isMember || standing.state === 'closed'
  return (
    <Page title={t('title')} scope={scope}>
      <CircleCares circle={group.circle} />
      <Section title={t('here')}>
        <PersonRows circle={group.circle} />
        <Inviting group={group} />
      </Section>
      <CircleList group={group} />
      <Section title={t('computers.title')}>
        <p>{t('computers.link-what')}</p>
        <ButtonLink href="/people/computers">{t('computers.link')}</ButtonLink>
      </Section>
      {mayManage && isMember ? <Invitations group={group} /> : null}
      <CircleNews circle={group.circle} />
      <Departures circle={group.circle} />
      {isIn ? (
        <Section title={t('circle.manage-group')}>
          <CircleActions circle={group.circle} />
        </Section>
      ) : null}
    </Page>
  )
}

function Inviting({ group }: { readonly group: GroupContext }) {
  const { t, i18n } = useTranslation('people')
  const { people, mayManage, isMember } = useCircle(group.circle)
  if (!isMember) return null
  const organisers = organisersOf(people)
  return (
    <>
      {people.length === 1 ? <p>{t('alone')}</p> : null}
      {organisers.length < 2 ? <p className="t-quiet">{t('two-organisers')}</p> : null}
      {mayManage ? (
        <ButtonLink href="/people/invite" look="primary">
          {organisers.length < 2 ? t('invite-organiser') : t('invite')}
        </ButtonLink>
      ) : (
        <p>
          {t('organisers-only', {
            names: listNames(
              i18n,
              organisers.map((person) => person.name),
            ),
          })}
        </p>
      )}
    </>
  )
}
