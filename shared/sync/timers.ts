/** Waiting is a parameter too, so that the simulator runs minutes in moments and the same way each time. */
export interface Timers {
  /** Runs once after so many milliseconds; returns the way to call it off. */
  after(milliseconds: number, run: () => void): () => void
}

export const systemTimers: Timers = {
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}
