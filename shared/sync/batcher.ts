/**
 * When edits are sealed into an entry. Alone: on a pause, at a hundred edits, or soon after the first, so that a crash costs less
 * than a second. With somebody connected: at once after a pause, then in short steps, so that it reads as live typing.
 */
import type { Timers } from './timers.ts'

export interface BatchTiming {
  readonly idleMs: number
  readonly longestMs: number
  readonly edits: number
  readonly liveMs: number
}

export const BATCH_TIMING: BatchTiming = { idleMs: 400, longestMs: 800, edits: 100, liveMs: 50 }

export interface Batcher {
  /** One edit was made. */
  edited(): void
  setLive(live: boolean): void
  /** What was edited so far is being sealed by somebody else. */
  sealed(): void
  stop(): void
  /** After a stop: the next edit starts the clocks again. */
  resume(): void
}

export function createBatcher(timers: Timers, seal: () => void, timing: BatchTiming = BATCH_TIMING): Batcher {
  const none = (): void => undefined
  let live = false
  let edits = 0
  let stopped = false
  let cancelIdle = none
  let cancelLongest = none
  let cancelStep = none
  let stepping = false

  const sealed = (): void => {
    edits = 0
    cancelIdle()
    cancelLongest()
  }
  const now = (): void => {
    sealed()
    seal()
  }
  const step = (): void => {
    stepping = edits > 0
    if (!stepping) return
    cancelStep = timers.after(timing.liveMs, step)
    now()
  }
  const editedAlone = (): void => {
    if (edits >= timing.edits) return now()
    cancelIdle()
    cancelIdle = timers.after(timing.idleMs, now)
    if (edits === 1) cancelLongest = timers.after(timing.longestMs, now)
  }
  const editedLive = (): void => {
    if (!stepping) step()
    else if (edits >= timing.edits) now()
  }

  return {
    edited: () => {
      if (stopped) return
      edits += 1
      if (live) editedLive()
      else editedAlone()
    },
    setLive: (next) => {
      live = next
      if (live && edits > 0) editedLive()
    },
    sealed,
    stop: () => {
      stopped = true
      sealed()
      cancelStep()
      stepping = false
    },
    resume: () => {
      stopped = false
    },
  }
}
