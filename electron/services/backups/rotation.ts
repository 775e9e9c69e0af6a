/** Which backups are kept: the newest of each of the last days, weeks and months that have one. */
interface Dated {
  readonly name: string
  /** Milliseconds of Unix time. */
  readonly madeAt: number
}

export const KEPT = { days: 7, weeks: 4, months: 12 } as const

const DAY = 86_400_000
const dayOf = (at: number): string => String(Math.floor(at / DAY))
/** Weeks from Monday to Sunday; 1 January 1970 was a Thursday. */
const weekOf = (at: number): string => String(Math.floor((Math.floor(at / DAY) + 3) / 7))
const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7)

function newestOfEach(newestFirst: readonly Dated[], spanOf: (at: number) => string, spans: number): readonly string[] {
  const first = new Map<string, string>()
  for (const { name, madeAt } of newestFirst) {
    const span = spanOf(madeAt)
    if (!first.has(span)) first.set(span, name)
  }
  return [...first.values()].slice(0, spans)
}

/**
 * Names of the backups that may go. It counts days that have a backup, never days on the clock, so that a clock set wrong costs
 * no more than one backup does; `made`, just written, always stays.
 */
export function backupsToRemove(backups: readonly Dated[], made: string): readonly string[] {
  const newestFirst = backups.toSorted((a, b) => b.madeAt - a.madeAt || (a.name < b.name ? 1 : -1))
  const kept = new Set([
    made,
    ...newestOfEach(newestFirst, dayOf, KEPT.days),
    ...newestOfEach(newestFirst, weekOf, KEPT.weeks),
    ...newestOfEach(newestFirst, monthOf, KEPT.months),
  ])
  return newestFirst.map(({ name }) => name).filter((name) => !kept.has(name))
}
