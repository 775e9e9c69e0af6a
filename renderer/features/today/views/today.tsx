import { useTranslation } from 'react-i18next'
import type { GroupContext } from '../../../../shared/model/contexts.ts'
import {
  ButtonLink,
  Card,
  longDay,
  Page,
  personLine,
  Section,
  useLastPlace,
  useLive,
  useNow,
  when,
} from '../../../ui/index.ts'

/** Few things, all true: where I was, a next step, who has what, the papers. */
export function Today({ group }: { readonly group: GroupContext }) {
  const { t, i18n } = useTranslation('today')
  const now = useNow()
  const people = useLive(group.circle.people)
  const name = useLive(group.circle.name)
  const status = useLive(group.sync)
  const last = useLastPlace()
  const others = status.people.filter(({ person }) => !person.isMe)
  const me = people.find((person) => person.isMe)
  return (
    <Page
      title={t('title')}
      scope={{ kind: 'group', name, people: people.length, withoutMe: !people.some(({ isMe }) => isMe) }}
      lead={<p>{longDay(i18n, now)}</p>}
    >
      {last === undefined ? null : (
        <Card>
          <p>{t('went-before', { title: last.title, when: when(i18n, last.at, now) })}</p>
          <ButtonLink href={last.path} look="primary">
            {t('go-on', { title: last.title })}
          </ButtonLink>
        </Card>
      )}
      {people.length === 1 && me?.role === 'organiser' ? (
        <Card>
          <h2>{t('next')}</h2>
          <p>{t('second')}</p>
          <ButtonLink href="/people/invite">{t('second-go')}</ButtonLink>
        </Card>
      ) : null}
      <Section title={t('papers')}>
        <p>{t('papers-what')}</p>
        <ButtonLink href="/papers">{t('papers-go')}</ButtonLink>
      </Section>
      {others.length === 0 ? null : (
        <Section title={t('who')}>
          <ul className="t-list">
            {others.map((sync) => (
              <li key={sync.person.id}>{personLine(i18n, sync, now)}</li>
            ))}
          </ul>
        </Section>
      )}
    </Page>
  )
}
