import { useTranslation } from 'react-i18next'
import type { CircleContext, GroupContext } from '../../../../shared/model/contexts.ts'
import { ButtonLink, Section, useLive } from '../../../ui/index.ts'
import { allNames, isOnlyMe, sentenceStart } from '../model/people.ts'
import { homeOf, useCircle } from './place.ts'

export function CircleList({ group }: { readonly group: GroupContext }) {
  const { t } = useTranslation('people')
  const circles = useLive(group.circles)
  const { isMember } = useCircle(group.circle)
  return (
    <Section title={t('circles.title')}>
      <p>{t('circles.what')}</p>
      {circles.length === 0 ? <p className="t-quiet">{t('circles.none')}</p> : null}
      <ul className="t-list">
        {circles.map((circle) => (
          <CircleRow key={circle.id} circle={circle} />
        ))}
      </ul>
      {isMember ? <ButtonLink href="/people/circles/new">{t('circles.make')}</ButtonLink> : null}
    </Section>
  )
}

function CircleRow({ circle }: { readonly circle: CircleContext }) {
  const { t, i18n } = useTranslation('people')
  const { name, people, standing } = useCircle(circle)
  const names = isOnlyMe(people) ? t('circles.only-you') : sentenceStart(allNames(i18n, people))
  const state =
    standing.state === 'member'
      ? names
      : standing.state === 'closed'
        ? `${names}. ${t('circles.ended')}`
        : t(`circles.${standing.state}`)
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <br />
        <span className="t-quiet">{state}</span>
      </div>
      <ButtonLink href={homeOf(circle)}>{t('circles.open', { name })}</ButtonLink>
    </li>
  )
}
