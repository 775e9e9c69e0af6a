/** A bucket of `burst` messages that fills again by `perSecond`; `take` is false when it is empty. */
export function createRate(
  perSecond: number,
  burst: number,
  now: () => number = () => performance.now(),
): { take(): boolean } {
  let left = burst
  let last = now()
  return {
    take() {
      const time = now()
      left = Math.min(burst, left + ((time - last) / 1000) * perSecond)
      last = time
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
