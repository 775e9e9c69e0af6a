/** What a Date can hold: others' clocks may have said anything. */
const FARTHEST = 8.64e15

/** For files that need no Teatray; null where it is no time at all. */
export const plainTime = (time: number): string | null =>
  Math.abs(time) <= FARTHEST ? new Date(time).toISOString() : null
