import { useTranslation } from 'react-i18next'
import type { GroupContext } from '../../../../shared/model/contexts.ts'
import { ButtonLink, listNames, Page, Section, useLive } from '../../../ui/index.ts'
import { Invitations } from './invitations.tsx'

export function PeopleList({ group }: { readonly group: GroupContext }) {
  const { t, i18n } = useTranslation('people')
  const people = useLive(group.circle.people)
  const name = useLive(group.circle.name)
  const organisers = people.filter((person) => person.role === 'organiser')
  const mayInvite = organisers.some((person) => person.isMe)
  return (
    <Page title={t('title')} scope={{ kind: 'group', name, people: people.length }}>
      <Section title={t('here')}>
        <ul className="t-list">
          {people.map((person) => (
            <li key={person.id}>
              <div>{person.isMe ? t('you', { name: person.name }) : person.name}</div>
              <div className="t-quiet">{t(`role.${person.role}`)}</div>
            </li>
          ))}
        </ul>
        {people.length === 1 ? <p>{t('alone')}</p> : null}
        {organisers.length < 2 ? <p className="t-quiet">{t('two-organisers')}</p> : null}
        {mayInvite ? (
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
      </Section>
      {mayInvite ? <Invitations group={group} /> : null}
    </Page>
  )
}
