/** Values for screens, read from several sources that tell of changes. */
import { createLive } from '../../shared/base/live.ts'
import type { Live } from '../../shared/model/contexts.ts'

export interface Followed<Value> {
  readonly live: Live<Value>
  stop(): void
}

type Listen = (onChange: () => void) => () => void

/**
 * Read again whenever one of the sources tells of a change. The same words are the same value: a screen is not drawn anew
 * because somebody elsewhere was given a key.
 */
export function follow<Value>(read: () => Value, sources: readonly Listen[]): Followed<Value> {
  const live = createLive(read())
  let shown = JSON.stringify(live.get())
  const update = (): void => {
    const next = read()
    const text = JSON.stringify(next)
    if (text === shown) return
    shown = text
    live.set(next)
  }
  const stops = sources.map((listen) => listen(update))
  return {
    live,
    stop() {
      for (const stop of stops) stop()
    },
  }
}
