import { useMemo, useSyncExternalStore } from 'react'
import type { Live } from '../../../../shared/model/contexts.ts'

/** Long enough that typing is not slowed, short enough that what is said of the text is true. */
const SETTLE = 400

/** Runs once no more changes come for a moment. */
export function settled(run: () => void): { readonly later: () => void; readonly stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    later: () => {
      clearTimeout(timer)
      timer = setTimeout(run, SETTLE)
    },
    stop: () => clearTimeout(timer),
  }
}

/** Returns the way to stop. */
type Listen = (onChange: () => void) => () => void

function liveSettled<Value>(read: () => Value, listen: Listen): Live<Value> {
  let value = read()
  return {
    get: () => value,
    subscribe(onChange) {
      const { later, stop } = settled(() => {
        value = read()
        onChange()
      })
      const stopListening = listen(later)
      return () => {
        stop()
        stopListening()
      }
    },
  }
}

/** What `read` says; worked out again a moment after each change. Both must be the same functions as long as the same is meant. */
export function useSettled<Value>(read: () => Value, listen: Listen): Value {
  const live = useMemo(() => liveSettled(read, listen), [read, listen])
  // Not useLive(): it subscribes anew with each rendering, and what was still to be worked out would be forgotten.
  return useSyncExternalStore(live.subscribe, live.get)
}
