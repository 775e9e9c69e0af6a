import { useEffect, useState } from 'react'

const MINUTE = 60_000

/** The time, renewed every minute: sentences such as 'today at 14:05' must not go stale overnight. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE)
    return () => clearInterval(timer)
  }, [])
  return now
}
