import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { CircleContext, GroupContext } from '../../../../shared/model/contexts.ts'
import { ButtonLink, listNames, Page, Row, Section, useLive } from '../../../ui/index.ts'
import { organisersOf } from '../model/people.ts'
import { CircleActions } from './circle-decisions.tsx'
import { CircleCares, CircleNews, StandingNotice } from './circle-state.tsx'
import { Departures } from './departures.tsx'
import { PersonRows } from './person-rows.tsx'
import { baseOf, useCircle } from './place.ts'

interface CirclePageProps {
  readonly group: GroupContext
  readonly circle: CircleContext
}

export function CirclePage({ group, circle }: CirclePageProps) {
  const { t } = useTranslation('people')
  const { name, scope, standing } = useCircle(circle)
  const arrivals = useLive(group.arrivals)
  const isNew = arrivals.some((arrival) => arrival.circle === circle.id)
  useEffect(() => {
    if (isNew) void group.acknowledgeArrival(circle.id)
  }, [circle.id, group, isNew])
  const isIn = standing.state === 'member' || standing.state === 'closed'
  return (
    <Page title={name} scope={scope}>
      <StandingNotice circle={circle} />
      <CircleCares circle={circle} />
      <Section title={t('circle.here')}>
        {isIn ? <p>{t('circle.only')}</p> : null}
        <PersonRows circle={circle} />
        <Adding circle={circle} />
      </Section>
      <Section title={t('circle.papers')}>
        <ButtonLink href="/papers">{t('circle.papers-go')}</ButtonLink>
      </Section>
      <CircleNews circle={circle} />
      <Departures circle={circle} />
      {isIn ? (
        <Section title={t('circle.manage')}>
          <CircleActions circle={circle} />
        </Section>
      ) : null}
      <Row>
        <ButtonLink href="/people">{t('gone.back')}</ButtonLink>
      </Row>
    </Page>
  )
}

function Adding({ circle }: { readonly circle: CircleContext }) {
  const { t, i18n } = useTranslation('people')
  const { people, mayManage, isMember } = useCircle(circle)
  const candidates = useLive(circle.manage.candidates)
  if (!isMember) return null
  const organisers = organisersOf(people).flatMap(({ name, outOfGroup }) => (outOfGroup === true ? [] : [name]))
  if (!mayManage)
    return organisers.length === 0 ? null : <p>{t('circle.organisers-only', { names: listNames(i18n, organisers) })}</p>
  return candidates.length === 0 ? (
    <p className="t-quiet">{t('circle.nobody-left')}</p>
  ) : (
    <ButtonLink href={`${baseOf(circle)}/add`} look="primary">
      {t('circle.add')}
    </ButtonLink>
  )
}
