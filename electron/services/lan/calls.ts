/**
 * Who calls whom, and when. Of two, the one with the lower instance name calls at once and the other only if nothing has
 * come after a while, so that there is one link and not two. What fails is tried again, more and more slowly; what the
 * other side or this one closed on purpose (the session drops a spare link) is left alone for a while.
 */
import type { LinkEnd, LinkRoom } from './links.ts'

export interface CallTiming {
  /** All in milliseconds. */
  readonly tieDelay: number
  readonly firstRetry: number
  readonly slowestRetry: number
  readonly afterClose: number
  /** Not heard of for so long: forgotten. */
  readonly forget: number
}

export const CALL_TIMING: CallTiming = {
  tieDelay: 1500,
  firstRetry: 500,
  slowestRetry: 30_000,
  afterClose: 30_000,
  forget: 150_000,
}

export interface Place {
  readonly address: string
  readonly port: number
}

const MAX_PLACES = 6
const MAX_OTHERS = 512

interface Other<Room> {
  readonly instance: string
  /** Where it was heard, the latest last. */
  places: Place[]
  heardAt: number
  readonly waits: Map<Room, Wait>
}

interface Wait {
  timer: NodeJS.Timeout | undefined
  calling: boolean
  failures: number
  notBefore: number
}

function cancel(wait: Wait): void {
  clearTimeout(wait.timer)
  wait.timer = undefined
}

export interface Calls<Room> {
  /** Heard from one who is in these rooms. None: no longer in any of ours. */
  heard(instance: string, place: Place, rooms: readonly Room[]): void
  gone(instance: string): void
  linkEnded(room: Room, instance: string, how: LinkEnd): void
  roomLeft(room: Room): void
  /** The network is another one now: what failed before may work. */
  networkChanged(): void
  stop(): void
}

export function createCalls<Room extends LinkRoom>(options: {
  readonly timing: CallTiming
  readonly own: () => string
  readonly linked: (room: Room, instance: string) => boolean
  /** Resolves true once there is a link. */
  readonly call: (room: Room, instance: string, place: Place) => Promise<boolean>
}): Calls<Room> {
  const { timing } = options
  const others = new Map<string, Other<Room>>()

  const forget = (other: Other<Room>): void => {
    for (const wait of other.waits.values()) cancel(wait)
    others.delete(other.instance)
  }
  const isCurrent = (other: Other<Room>, room: Room, wait: Wait): boolean =>
    others.get(other.instance) === other && other.waits.get(room) === wait

  const delayOf = (other: Other<Room>, wait: Wait): number => {
    const turn = options.own() < other.instance ? 0 : timing.tieDelay
    const backoff =
      wait.failures === 0 ? 0 : Math.min(timing.slowestRetry, timing.firstRetry * 2 ** (wait.failures - 1))
    return Math.max(turn + backoff, wait.notBefore - Date.now())
  }

  const consider = (other: Other<Room>, room: Room): void => {
    const wait = other.waits.get(room)
    if (wait === undefined || wait.calling || wait.timer !== undefined) return
    if (options.linked(room, other.instance)) return
    if (Date.now() - other.heardAt > timing.forget) return forget(other)
    wait.timer = setTimeout(
      () => {
        wait.timer = undefined
        void place(other, room, wait)
      },
      delayOf(other, wait),
    )
    wait.timer.unref()
  }

  const place = async (other: Other<Room>, room: Room, wait: Wait): Promise<void> => {
    if (options.linked(room, other.instance)) return
    wait.calling = true
    let reached = false
    for (const where of other.places.toReversed()) {
      if (!reached && isCurrent(other, room, wait)) reached = await options.call(room, other.instance, where)
    }
    wait.calling = false
    wait.failures = reached ? 0 : wait.failures + 1
    if (!reached && isCurrent(other, room, wait)) consider(other, room)
  }

  const retryNow = (other: Other<Room>): void => {
    for (const [room, wait] of other.waits) {
      if (wait.failures > 0) cancel(wait)
      wait.failures = Math.min(wait.failures, 1)
      consider(other, room)
    }
  }

  const findOther = (instance: string): Other<Room> => {
    const known = others.get(instance)
    if (known !== undefined) return known
    const oldest = others.size >= MAX_OTHERS ? others.values().next().value : undefined
    if (oldest !== undefined) forget(oldest)
    const other: Other<Room> = { instance, places: [], heardAt: 0, waits: new Map() }
    others.set(instance, other)
    return other
  }

  return {
    heard(instance, where, rooms) {
      if (rooms.length === 0 && !others.has(instance)) return
      const other = findOther(instance)
      const fresh = !other.places.some((known) => known.address === where.address && known.port === where.port)
      const elsewhere = other.places.filter((known) => known.address !== where.address)
      other.places = [...elsewhere, where].slice(-MAX_PLACES)
      other.heardAt = Date.now()
      for (const [room, wait] of other.waits) {
        if (rooms.includes(room)) continue
        cancel(wait)
        other.waits.delete(room)
      }
      for (const room of rooms) {
        if (!other.waits.has(room)) {
          other.waits.set(room, { timer: undefined, calling: false, failures: 0, notBefore: 0 })
        }
      }
      if (other.waits.size === 0) return forget(other)
      if (fresh) retryNow(other)
      else for (const room of rooms) consider(other, room)
    },
    gone(instance) {
      const other = others.get(instance)
      if (other !== undefined) forget(other)
    },
    linkEnded(room, instance, how) {
      const other = others.get(instance)
      const wait = other?.waits.get(room)
      if (other === undefined || wait === undefined) return
      if (how !== 'lost') wait.notBefore = Date.now() + timing.afterClose
      consider(other, room)
    },
    roomLeft(room) {
      for (const other of others.values()) {
        const wait = other.waits.get(room)
        if (wait !== undefined) cancel(wait)
        other.waits.delete(room)
        if (other.waits.size === 0) forget(other)
      }
    },
    networkChanged() {
      for (const other of others.values()) retryNow(other)
    },
    stop() {
      for (const other of others.values()) forget(other)
    },
  }
}
