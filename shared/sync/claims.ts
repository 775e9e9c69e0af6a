/** Which connection fetches each log just now, so that a newcomer with three neighbours is not sent everything three times. */
import { createEmitter } from '../base/emitter.ts'
import type { LogKey } from './logs.ts'

export interface Claims {
  /** False: another holds it. */
  take(log: LogKey, holder: object): boolean
  release(holder: object): void
  /** Something may be taken again. */
  onRelease(listener: () => void): () => void
}

export function createClaims(): Claims {
  const held = new Map<LogKey, object>()
  const releases = createEmitter<void>()
  return {
    take: (log, holder) => {
      const by = held.get(log)
      if (by !== undefined && by !== holder) return false
      held.set(log, holder)
      return true
    },
    release: (holder) => {
      const before = held.size
      for (const [log, by] of held) if (by === holder) held.delete(log)
      // Later, because a listener may take and release in turn.
      if (held.size < before) queueMicrotask(() => releases.emit())
    },
    onRelease: (listener) => releases.on(listener),
  }
}
