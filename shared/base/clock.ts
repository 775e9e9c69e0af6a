/** Time is a parameter, so that tests and the simulator can skew it. Clocks are for display, never for order. */
export interface Clock {
  /** Milliseconds since 1970, UTC, as this computer believes. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }
