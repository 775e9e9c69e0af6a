/** Counts from the last touch of a key, pointer or wheel. Time is given, so that tests need not wait. */
export interface IdleWatch {
  touched(now: number): void
  /** Milliseconds left at `now`; 0 or less: lock. */
  left(now: number): number
}

export function createIdleWatch(minutes: number, now: number): IdleWatch {
  let last = now
  return {
    touched(at) {
      last = at
    },
    left: (at) => last + minutes * 60_000 - at,
  }
}
