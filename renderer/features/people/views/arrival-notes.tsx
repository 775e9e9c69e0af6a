import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Arrival, CircleContext, GroupContext } from '../../../../shared/model/contexts.ts'
import { ButtonLink, Notice, useLive } from '../../../ui/index.ts'
import { StandingNotice } from './circle-state.tsx'
import { homeOf } from './place.ts'

/** Above every page of the group: that this person is out of it, and circles they were put into and have not looked at. */
export function GroupNotes({ group }: { readonly group: GroupContext }) {
  const arrivals = useLive(group.arrivals)
  const circles = useLive(group.circles)
  const [location] = useLocation()
  const arrived = arrivals.flatMap((arrival) => {
    const circle = circles.find(({ id }) => id === arrival.circle)
    return circle === undefined || location.startsWith(homeOf(circle)) ? [] : [{ arrival, circle }]
  })
  // Each paper says the same of itself.
  const saysItself = location === '/papers' || location.startsWith('/papers/')
  return (
    <div className="t-above-page t-stack">
      {saysItself ? null : <StandingNotice circle={group.circle} />}
      {arrived.map(({ arrival, circle }) => (
        <ArrivalNote key={circle.id} arrival={arrival} circle={circle} />
      ))}
    </div>
  )
}

function ArrivalNote({ arrival, circle }: { readonly arrival: Arrival; readonly circle: CircleContext }) {
  const { t } = useTranslation('people')
  const name = useLive(circle.name)
  const { by } = arrival
  return (
    <Notice
      announce="soon"
      title={by === '' ? t('arrivals.unknown', { circle: name }) : t('arrivals.title', { by, circle: name })}
      actions={<ButtonLink href={homeOf(circle)}>{t('arrivals.see')}</ButtonLink>}
    />
  )
}
