import { useEffect } from 'react'
import type { AppSession } from '../../shared/model/contexts.ts'
import { useLive } from '../ui/index.ts'
import { createIdleWatch } from './idle.ts'

const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/** Locks after the chosen minutes without a touch. Locking saves first, so nothing is lost and nobody is asked. */
export function useAutoLock(session: AppSession): void {
  const { stage } = useLive(session.state)
  const { lockAfterMinutes } = useLive(session.settings)
  const open = stage === 'group' || stage === 'no-group'
  useEffect(() => {
    if (!open || lockAfterMinutes <= 0) return undefined
    const watch = createIdleWatch(lockAfterMinutes, Date.now())
    let timer: ReturnType<typeof setTimeout>
    const check = () => {
      clearTimeout(timer)
      const left = watch.left(Date.now())
      if (left <= 0) void session.lock()
      else timer = setTimeout(check, left)
    }
    const touched = () => {
      // After a sleep the first touch must not count: the time had already run out.
      if (watch.left(Date.now()) <= 0) check()
      else watch.touched(Date.now())
    }
    check()
    for (const touch of TOUCHES) addEventListener(touch, touched, { capture: true, passive: true })
    document.addEventListener('visibilitychange', check)
    return () => {
      clearTimeout(timer)
      for (const touch of TOUCHES) removeEventListener(touch, touched, { capture: true })
      document.removeEventListener('visibilitychange', check)
    }
  }, [lockAfterMinutes, open, session])
}
