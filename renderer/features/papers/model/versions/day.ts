/** A day of the calendar, the same wherever somebody is: '2026-11-03'. */
export type Day = `${number}-${number}-${number}`

/** Noon, so that no time zone's midnight makes it another day. */
export const timeOfDay = (day: Day): number => new Date(`${day}T12:00:00`).getTime()

export function isDay(value: unknown): value is Day {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false
  const time = Date.parse(`${value}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
}

export function dayOf(time: number): Day {
  const date = new Date(time)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}` as Day
}
