/**
 * The log of what left this computer: counted at each link (shared/sync/meter.ts), kept sealed in the store, shown to the person and
 * sent to nobody. One of each group, which goes with the group, and one for what belongs to none.
 */
import type { Clock } from '../../shared/base/clock.ts'
import { describeThrown } from '../../shared/base/errors.ts'
import type { DeviceId } from '../../shared/base/ids.ts'
import { createLive } from '../../shared/base/live.ts'
import type { CircleState } from '../../shared/membership/state.ts'
import type { Live } from '../../shared/model/contexts.ts'
import type { Sent, SentBy, SentLog, SentTo } from '../../shared/model/sent.ts'
import type { LinkKind } from '../../shared/sync/link.ts'
import type { LinkMeter } from '../../shared/sync/meter.ts'
import type { CircleStore } from '../../shared/sync/store.ts'
import { systemTimers, type Timers } from '../../shared/sync/timers.ts'
import type { Me } from './people.ts'
import {
  dayOf,
  decodeRow,
  decodeSum,
  encodeRow,
  encodeSum,
  folded,
  KEPT_DAYS,
  NOTHING_FOLDED,
  PLACES,
  withLine,
  type Recipient,
  type SentLine,
  type SentRow,
} from './sent-rows.ts'

const SUM = 'sent/earlier'
const placeOf = (number: number): string => `sent/${number % PLACES}`

const STORED_AFTER_MS = 30_000
/** Signs of life alone wake no disk every half minute. */
const WORTH_STORING = 1024
const STORED_IDLE_AFTER_MS = 10 * 60_000
const SHOWN_AFTER_MS = 1000

export const EMPTY_SENT_LOG: SentLog = { lines: [] }

export interface OpenSentLog {
  readonly live: Live<SentLog>
  note(line: SentLine): void
  /** Names may be others now. */
  refresh(): void
  /** Stores what is not stored yet. */
  close(): Promise<void>
}

/** Put into a file, which goes its own way. */
export const fileSent = (to: 'backup' | 'export' | 'invitation' | 'request', bytes: number, now: number): SentLine => ({
  recipient: { to },
  way: 'file',
  from: now,
  until: now,
  changes: 0,
  bytes,
})

/** In tests' memory, as on the network here. */
export const wayOf = (kind: LinkKind): SentBy => (kind === 'webrtc' ? 'internet' : 'network')

/** `recipient`: known from the start. Otherwise what is sent waits for the name of whoever proves to be there. */
export function createMeter(request: {
  readonly kind: LinkKind
  readonly clock: Clock
  readonly note: (line: SentLine) => void
  readonly recipient?: Recipient
  /** Of a link that ends before anybody was known. */
  readonly otherwise?: Recipient
}): LinkMeter {
  const { kind, clock, note, otherwise = { to: 'unproved' } } = request
  const way = wayOf(kind)
  let { recipient } = request
  let waiting: Omit<SentLine, 'recipient'> | undefined

  const add = (bytes: number, changes: number): void => {
    const now = Math.max(0, clock.now())
    if (recipient !== undefined) return note({ recipient, way, from: now, until: now, changes, bytes })
    const before = waiting ?? { way, from: now, until: now, changes: 0, bytes: 0 }
    waiting = {
      way,
      from: Math.min(before.from, now),
      until: Math.max(before.until, now),
      changes: before.changes + changes,
      bytes: before.bytes + bytes,
    }
  }
  const noteWaiting = (to: Recipient): void => {
    if (waiting !== undefined) note({ recipient: to, ...waiting })
    waiting = undefined
  }
  return {
    sent: (bytes) => add(bytes, 0),
    changes: (count) => add(0, count),
    reached(device, isPresent) {
      recipient = { to: isPresent ? 'device' : 'removed', device }
      noteWaiting(recipient)
    },
    close: () => noteWaiting(otherwise),
  }
}

/** Whose computer it is, by all that the group's log says of those who are in it and those who were. */
export function namesIn(state: () => CircleState, me: Me): (device: DeviceId) => SentTo {
  return (device) => {
    const { devices, fallen, members } = state()
    const found = devices.get(device) ?? fallen.get(device)
    const member = found === undefined ? undefined : members.get(found.member)
    const theirs = member?.devices ?? []
    return {
      to: 'computer',
      person: member?.name ?? '',
      isMe: member?.id === me.member,
      computer: found?.name ?? '',
      number: theirs.length > 1 ? theirs.indexOf(device) + 1 : 0,
      isRemoved: false,
    }
  }
}

export async function openSentLog(request: {
  readonly store: Pick<CircleStore, 'values' | 'setValue'>
  readonly clock: Clock
  readonly timers?: Timers | undefined
  /** Of a log that names computers. */
  readonly whose?: (device: DeviceId) => SentTo
  readonly log: (line: string) => void
}): Promise<OpenSentLog> {
  const { store, clock, whose, log } = request
  const timers = request.timers ?? systemTimers
  let sum = NOTHING_FOLDED
  /** By number, in their order. */
  const rows = new Map<number, SentRow>()
  const unstored = new Set<number>()
  let isSumStored = true
  /** What could not be read is not written over either. */
  let mayStore = true
  let bytesUnstored = 0
  let storing: Promise<void> = Promise.resolve()
  let cancelStoring: (() => void) | undefined
  let isStoringSoon = false
  let cancelShowing: (() => void) | undefined
  let hasFailed = false
  let closed = false

  const load = async (): Promise<void> => {
    const places = Array.from({ length: PLACES }, (_, place) => placeOf(place))
    const [stored, ...found] = await store.values([SUM, ...places])
    const read = stored === undefined ? undefined : decodeSum(stored)
    if (read?.ok === true) sum = read.value
    // What does not decode is a list on a screen, and its place is used again.
    const decoded = found.flatMap((bytes, place) => {
      const row = bytes === undefined ? undefined : decodeRow(bytes)
      return row?.ok === true && row.value.number % PLACES === place ? [row.value] : []
    })
    const kept = decoded.filter(({ number }) => number > sum.folded).toSorted((a, b) => a.number - b.number)
    for (const row of kept) rows.set(row.number, row)
  }
  try {
    await load()
  } catch (thrown) {
    mayStore = false
    log(`what was sent could not be read: ${describeThrown(thrown)}`)
  }

  const last = (): SentRow | undefined => [...rows.values()].at(-1)

  const shownRecipient = (recipient: Recipient): SentTo => {
    if (!('device' in recipient)) return recipient
    const named = whose?.(recipient.device)
    if (named?.to !== 'computer') return { to: 'unproved' }
    return { ...named, isRemoved: recipient.to === 'removed' }
  }
  const shown = ({ recipient, ...rest }: SentLine): Sent => ({ recipient: shownRecipient(recipient), ...rest })
  const read = (): SentLog => {
    const lines = [...rows.values()].flatMap((row) => row.lines.map(shown))
    const { from, until, changes, bytes } = sum
    return {
      // Two at one time: the one that was begun later comes first.
      lines: lines.toReversed().toSorted((a, b) => b.until - a.until),
      ...(sum.folded === 0 ? {} : { earlier: { from, until, changes, bytes } }),
    }
  }
  const live = createLive<SentLog>(read())
  const showSoon = (): void => {
    if (closed) return
    cancelShowing ??= timers.after(SHOWN_AFTER_MS, () => {
      cancelShowing = undefined
      live.set(read())
    })
  }

  /** The sum first: a row that is in it counts no more, whether or not its place has been written over. */
  const storeAll = async (): Promise<void> => {
    bytesUnstored = 0
    if (!isSumStored) {
      isSumStored = true
      try {
        await store.setValue(SUM, encodeSum(sum))
      } catch (thrown) {
        isSumStored = false
        throw thrown
      }
    }
    // Not those that come meanwhile: they wait for their own turn.
    for (const number of Array.from(unstored)) {
      const row = rows.get(number)
      unstored.delete(number)
      if (row === undefined) continue
      try {
        await store.setValue(placeOf(number), encodeRow(row))
      } catch (thrown) {
        unstored.add(number)
        throw thrown
      }
    }
  }
  /** One after the other. A store that has stopped answers at once and touches no disk; the footer tells of it. */
  const storeNow = (): Promise<void> => {
    cancelStoring?.()
    cancelStoring = undefined
    isStoringSoon = false
    if (!mayStore) return Promise.resolve()
    storing = storing.then(storeAll).catch((thrown: unknown) => {
      if (!hasFailed) log(`what was sent was not stored: ${describeThrown(thrown)}`)
      hasFailed = true
    })
    return storing
  }
  const storeLater = (): void => {
    if (closed) return
    const isWorth = bytesUnstored >= WORTH_STORING
    if (cancelStoring !== undefined && (isStoringSoon || !isWorth)) return
    cancelStoring?.()
    isStoringSoon = isWorth
    cancelStoring = timers.after(isWorth ? STORED_AFTER_MS : STORED_IDLE_AFTER_MS, () => void storeNow())
  }

  /** A row for each day on which something is sent; a clock that is set begins one too, and counts back over none. */
  const rowFor = (day: number): SentRow => {
    const current = last()
    if (current?.day === day) return current
    const row = { number: (current?.number ?? sum.folded) + 1, day, lines: [] }
    rows.set(row.number, row)
    for (const [number, old] of rows) {
      if (row.number - number < KEPT_DAYS) break
      sum = folded(sum, old)
      isSumStored = false
      rows.delete(number)
    }
    return row
  }

  return {
    live,
    note(line) {
      const row = rowFor(dayOf(clock.now()))
      rows.set(row.number, withLine(row, line))
      unstored.add(row.number)
      bytesUnstored += line.bytes
      storeLater()
      showSoon()
    },
    refresh: showSoon,
    async close() {
      closed = true
      cancelShowing?.()
      if (unstored.size > 0) await storeNow()
      await storing
    },
  }
}
