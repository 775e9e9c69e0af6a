import { useSyncExternalStore } from 'react'
import type { Live } from '../../shared/model/contexts.ts'

/** The current value of a Live, rendered again whenever it changes. */
export const useLive = <Value>(live: Live<Value>): Value =>
  useSyncExternalStore(
    (onChange) => live.subscribe(onChange),
    () => live.get(),
  )
