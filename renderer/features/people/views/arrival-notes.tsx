import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Arrival, CircleContext, GroupContext, Standing } from '../../../../shared/model/contexts.ts'
import { ButtonLink, listNames, Notice, useLive } from '../../../ui/index.ts'
import { StandingNotice } from './circle-state.tsx'
import { homeOf } from './place.ts'

/** More than these would push away the page that somebody came for. */
const MAX_NOTES = 2
const MAX_NAMES = 4

const isInside = ({ state }: Standing): boolean => state === 'member' || state === 'closed'

/** Above every page of the group: that this person is out of it, and circles they were put into and have not looked at. */
export function GroupNotes({ group }: { readonly group: GroupContext }) {
  const arrivals = useLive(group.arrivals)
  const circles = useLive(group.circles)
  const [location] = useLocation()
  const arrived = arrivals.flatMap((arrival) => {
    const circle = circles.find(({ id }) => id === arrival.circle)
    return circle === undefined || location.startsWith(homeOf(circle)) ? [] : [{ arrival, circle }]
  })
  const isIn = isInside(useLive(group.circle.standing))
  // Each paper says the same of itself, and so does the page that takes the group off this computer.
  const saysItself = location === '/papers' || location.startsWith('/papers/') || location.startsWith('/groups/')
  return (
    <div className="t-above-page t-stack">
      {saysItself ? null : <StandingNotice circle={group.circle} />}
      {!isIn ? null : arrived.length > MAX_NOTES ? (
        <ManyArrivals circles={arrived.map(({ circle }) => circle)} isThere={location === '/people'} />
      ) : (
        arrived.map(({ arrival, circle }) => <ArrivalNote key={circle.id} arrival={arrival} circle={circle} />)
      )}
    </div>
  )
}

function ArrivalNote({ arrival, circle }: { readonly arrival: Arrival; readonly circle: CircleContext }) {
  const { t } = useTranslation('people')
  const name = useLive(circle.name)
  const isIn = isInside(useLive(circle.standing))
  const { by } = arrival
  // Put in, and out again before they looked: the circle's own page says what became of it.
  return !isIn ? null : (
    <Notice
      announce="soon"
      title={by === '' ? t('arrivals.unknown', { circle: name }) : t('arrivals.title', { by, circle: name })}
      actions={<ButtonLink href={homeOf(circle)}>{t('arrivals.see')}</ButtonLink>}
    />
  )
}

function ManyArrivals({ circles, isThere }: { readonly circles: readonly CircleContext[]; readonly isThere: boolean }) {
  const { t, i18n } = useTranslation('people')
  const names = circles.slice(0, MAX_NAMES).map(({ name }) => name.get())
  const more = circles.length - names.length
  const all = listNames(i18n, more === 0 ? names : [...names, t('arrivals.more', { count: more })])
  return (
    <Notice
      announce="soon"
      title={t('arrivals.many', { count: circles.length, names: all })}
      actions={isThere ? undefined : <ButtonLink href="/people">{t('arrivals.see-many')}</ButtonLink>}
    />
  )
}
