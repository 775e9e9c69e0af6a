import { createLive } from '../../shared/base/live.ts'
import { useLive } from './use-live.ts'

const announcement = createLive({ text: '', turn: 0 })

/** Read out by screen readers when they next pause. Focus stays where it is. */
export function announce(text: string): void {
  announcement.set({ text, turn: announcement.get().turn + 1 })
}

export function LiveRegion() {
  const { text, turn } = useLive(announcement)
  return (
    <output className="t-visually-hidden" aria-live="polite">
      {/* A new element each time: the same words twice are read twice. */}
      <span key={turn}>{text}</span>
    </output>
  )
}
