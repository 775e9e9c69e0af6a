/**
 * How somebody learns that they were put into a circle: over a session of the group, any computer of the circle sends theirs its
 * records. They prove themselves; whoever gets them checks and resolves them before believing anything.
 */
import type { Bytes } from '../base/bytes.ts'
import type { CircleId, DeviceId } from '../base/ids.ts'
import { RECORDS_BYTES } from './exchange-records.ts'
import { inMessages } from './in-messages.ts'
import { MAX_CIRCLES, MAX_RECORDS_IN_MESSAGE, type CircleTag, type Message } from './messages.ts'
import type { Replica } from './replica.ts'
import type { Timers } from './timers.ts'

export const MAX_WELCOME = 4 * 1024 * 1024
/** From a change of a circle's records to telling those who do not hold the circle yet: changes come in company. */
const AGAIN_AFTER_MS = 1000

export interface Welcome {
  readonly circle: CircleId
  /** Who sent it: a proved device of the group. */
  readonly device: DeviceId
  /** Parents before children; unchecked. */
  readonly records: readonly Bytes[]
}

export type WelcomeMessage = Extract<Message, { type: 'welcome' }>

// ------------------------------------------------------------------------------------------------------------ receiving

export interface WelcomeReceiver {
  onPart(message: WelcomeMessage, from: DeviceId): void
}

/** Parts of one circle at a time, so that no more than one is ever kept; what is too much is given up on by name. */
export function createWelcomeReceiver(options: {
  readonly onWelcome: (welcome: Welcome) => void
  readonly refuse: (reason: string, device: DeviceId) => void
}): WelcomeReceiver {
  const { onWelcome, refuse } = options
  const heardOf = new Set<CircleId>()
  let open: { readonly circle: CircleId; readonly records: Bytes[]; size: number } | undefined
  let givenUp: CircleId | undefined

  const giveUp = (circle: CircleId, reason: string, from: DeviceId): void => {
    open = undefined
    givenUp = circle
    refuse(reason, from)
  }

  return {
    onPart: ({ circle, last, records }, from) => {
      if (givenUp === circle) {
        if (last) givenUp = undefined
        return
      }
      givenUp = undefined
      if (open !== undefined && open.circle !== circle) {
        open = undefined
        refuse('welcome-broken-off', from)
      }
      if (!heardOf.has(circle) && heardOf.size >= MAX_CIRCLES) {
        if (last) return refuse('too-many-welcomes', from)
        return giveUp(circle, 'too-many-welcomes', from)
      }
      heardOf.add(circle)
      open ??= { circle, records: [], size: 0 }
      open.size += records.reduce((sum, { length }) => sum + length, 0)
      if (open.size > MAX_WELCOME) {
        giveUp(circle, 'welcome-too-large', from)
        if (last) givenUp = undefined
        return
      }
      open.records.push(...records)
      if (!last) return
      const whole = open.records
      open = undefined
      onWelcome({ circle, device: from, records: whole })
    },
  }
}

// -------------------------------------------------------------------------------------------------------------- sending

export interface WelcomeSender {
  /** Sends what is due, one circle after the other. */
  consider(): void
  /** A circle's records have changed. */
  considerSoon(): void
  stop(): void
}

export function createWelcomeSender(options: {
  readonly timers: Timers
  /** Circles that the other's device is in by our records and has offered no hello for, with the tag of their group. */
  readonly due: () => readonly { readonly replica: Replica; readonly group: CircleTag }[]
  readonly send: (message: WelcomeMessage) => Promise<void>
  readonly refuse: (reason: string) => void
}): WelcomeSender {
  const { timers, due, send, refuse } = options
  /** How many records of each circle were sent: they only become more. */
  const sent = new Map<CircleId, number>()
  let sending = false
  let stopped = false
  let cancel: (() => void) | undefined

  const isDue = ({ membership, circle }: Replica): boolean => sent.get(circle) !== membership.hashes().size
  const isWanted = (circle: CircleId): boolean => due().some(({ replica }) => replica.circle === circle)

  const sendCircle = async ({ circle, membership }: Replica, group: CircleTag): Promise<void> => {
    const hashes = membership.hashes()
    sent.set(circle, hashes.size)
    const records = membership.recordsOf(hashes)
    if (records.reduce((sum, { length }) => sum + length, 0) > MAX_WELCOME) return refuse('welcome-too-large-to-send')
    const parts = inMessages(records, RECORDS_BYTES, MAX_RECORDS_IN_MESSAGE)
    for (const [at, some] of parts.entries()) {
      // They may have been taken out, or have said that they hold it, while the link was slow.
      if (stopped || !isWanted(circle)) return
      await send({ type: 'welcome', tag: group, circle, last: at === parts.length - 1, records: some })
    }
  }
  const sendAll = async (): Promise<void> => {
    for (let next = due().find(({ replica }) => isDue(replica)); next !== undefined && !stopped;) {
      await sendCircle(next.replica, next.group)
      next = due().find(({ replica }) => isDue(replica))
    }
  }
  const consider = (): void => {
    if (sending || stopped) return
    sending = true
    sendAll()
      // The channel is closed, and its session ends.
      .catch(() => undefined)
      .finally(() => {
        sending = false
      })
  }

  return {
    consider,
    considerSoon: () => {
      cancel ??= timers.after(AGAIN_AFTER_MS, () => {
        cancel = undefined
        consider()
      })
    },
    stop: () => {
      stopped = true
      cancel?.()
    },
  }
}
