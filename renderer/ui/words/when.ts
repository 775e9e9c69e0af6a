import type { i18n } from 'i18next'

const DAY = 24 * 60 * 60 * 1000

const startOfDay = (time: number): number => new Date(time).setHours(0, 0, 0, 0)

// Rounded, because a day in which the clocks change has 23 or 25 hours.
const daysBetween = (earlier: number, later: number): number =>
  Math.round((startOfDay(later) - startOfDay(earlier)) / DAY)

const format = (i18n: i18n, time: number, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(i18n.language, options).format(time)

export const timeOfDay = (i18n: i18n, time: number): string =>
  format(i18n, time, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** A past moment as part of a sentence: 'today at 14:05', 'yesterday', 'on Tuesday', 'on 3 March', 'on 3 March 2025'. */
export function when(i18n: i18n, time: number, now: number): string {
  const t = i18n.getFixedT(i18n.language, 'common')
  const days = daysBetween(time, now)
  if (days === 0) return t('when.today', { time: timeOfDay(i18n, time) })
  if (days === 1) return t('when.yesterday')
  if (days > 1 && days < 7) return t('when.on', { day: format(i18n, time, { weekday: 'long' }) })
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear()
  return t('when.on', {
    day: format(i18n, time, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }),
  })
}

/** A day in full: 'Tuesday 24 November 2026'. */
export const longDay = (i18n: i18n, time: number): string =>
  format(i18n, time, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

/** As people write it on paper: '24 November 2026'. */
export const plainDay = (i18n: i18n, time: number): string =>
  format(i18n, time, { day: 'numeric', month: 'long', year: 'numeric' })

/** A coming moment in full: 'Tuesday 24 November, 14:05'. */
export const longMoment = (i18n: i18n, time: number): string =>
  `${format(i18n, time, { weekday: 'long', day: 'numeric', month: 'long' })}, ${timeOfDay(i18n, time)}`
