/** One window per installation: two would each believe to be the only writer of this computer's log, and fork it. */

/** Undefined where another window (or tab) has it. Held until released or until the window is gone. */
export async function acquireWindowLock(name: string): Promise<{ release(): void } | undefined> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`teatray window ${name}`, { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(undefined)
        return new Promise<void>((release) => resolve({ release }))
      })
      .catch(reject)
  })
}
