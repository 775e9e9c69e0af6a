/** One attached channel, as both sides handle it. */
import { describeThrown } from '../base/errors.ts'
import type { Channel } from '../sync/channel.ts'
import type { Timers } from '../sync/timers.ts'
import { encodeJoining, type JoiningMessage } from './messages.ts'

/** Milliseconds. Whoever is told to stop closes; this is for those who do not. */
const LINGER = 3_000

export interface Seat {
  readonly channel: Channel
  readonly timers: Timers
}

/** Rejects with LinkClosed, which `handleSafely` turns into a lost connection. */
export async function say(seat: Seat, message: JoiningMessage): Promise<void> {
  const bytes = encodeJoining(message)
  try {
    await seat.channel.send(bytes)
  } finally {
    if (message.type === 'identity') bytes.fill(0)
  }
}

/** For the one who has nothing left to say and waits for the other to close. */
export function closeSoon(seat: Seat): void {
  const cancel = seat.timers.after(LINGER, () => seat.channel.close('said all'))
  seat.channel.onClose(cancel)
}

/** For last words: what cannot be sent any more need not be. */
export function sayLast(seat: Seat, message: JoiningMessage): void {
  const closing = (thrown?: unknown): void => {
    if (thrown !== undefined) seat.channel.close(describeThrown(thrown))
    else closeSoon(seat)
  }
  say(seat, message).then(() => closing(), closing)
}

/** Runs a step of the conversation; where it throws (a closed link, bytes that no key fits), the connection ends and may be made again. */
export async function handleSafely(seat: Seat, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (thrown) {
    seat.channel.close(describeThrown(thrown))
  }
}

/** Resolves when every channel that was ever attached is closed. */
export function createLeaving(): { add(): () => void; whenEmpty(): Promise<void> } {
  let open = 0
  let waiting: (() => void)[] = []
  return {
    add() {
      open++
      return () => {
        open--
        if (open > 0) return
        for (const resolve of waiting) resolve()
        waiting = []
      }
    },
    whenEmpty: () => (open === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}
