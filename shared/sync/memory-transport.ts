/**
 * A network in memory: transports that find each other by room key and can be cut off from each other, with a hook between
 * sending and delivery where a test plays the hostile carrier.
 */
import { toHex } from '../base/bytes.ts'
import { LinkClosed, MAX_FRAME, type Link, type Room, type Transport, type TransportStatus } from './link.ts'

export interface MemoryNetworkOptions {
  /** Runs a delivery later; the default is the next macrotask. */
  readonly defer?: (run: () => void) => void
  /** Runs an attempt to link two again whose link broke; by default they are not linked again. */
  readonly retry?: (run: () => void) => void
  /** What arrives where `frame` was sent; the default is the frame itself. */
  readonly carry?: (frame: Uint8Array, from: string, to: string) => readonly Uint8Array[]
}

export interface MemoryNetwork {
  /** One for each computer; the name only says who is cut off from whom. */
  transport(name: string): Transport
  /** Cuts or heals the way between two: their links close, or open again. */
  setReachable(one: string, other: string, reachable: boolean): void
}

interface Joined {
  readonly name: string
  readonly room: string
  readonly onLink: (link: Link) => void
  readonly links: Set<End>
}

interface End {
  readonly link: Link
  readonly to: string
  readonly farSide: Joined
  arrive(frame: Uint8Array): void
  closed(reason: string): void
}

/** Bytes under way on one link before `send` makes its caller wait. */
const HIGH_WATER = 1024 * 1024

const pairName = (one: string, other: string): string => [one, other].toSorted().join('\n')

export function createMemoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  const defer = options.defer ?? ((run: () => void) => void setTimeout(run, 0))
  const carry = options.carry ?? ((frame: Uint8Array) => [frame])
  const joined = new Set<Joined>()
  const cut = new Set<string>()

  const drop = (side: Joined, end: End): void => {
    side.links.delete(end)
  }

  function connect(one: Joined, other: Joined): void {
    if (one.name === other.name || one.room !== other.room || cut.has(pairName(one.name, other.name))) return
    const ends: { near?: End; far?: End } = {}
    const lookUp = { near: () => ends.near, far: () => ends.far }
    ends.near = createEnd({ from: one, to: other, initiator: true, other: lookUp.far, defer, carry })
    ends.far = createEnd({ from: other, to: one, initiator: false, other: lookUp.near, defer, carry })
    for (const [side, end] of [
      [one, ends.near],
      [other, ends.far],
    ] as const) {
      side.links.add(end)
      end.link.onClose(() => drop(side, end))
      side.onLink(end.link)
    }
    ends.near.link.onClose(() => options.retry?.(() => reconnect(one, other)))
  }

  const isLinked = (one: Joined, other: Joined): boolean =>
    [...one.links].some((end) => end.to === other.name && end.farSide === other)

  function reconnect(one: Joined, other: Joined): void {
    if (joined.has(one) && joined.has(other) && !isLinked(one, other)) connect(one, other)
  }

  function leave(member: Joined): void {
    joined.delete(member)
    for (const end of Array.from(member.links)) end.link.close('left the room')
  }

  return {
    transport: (name) => {
      const mine = new Set<Joined>()
      let state: TransportStatus = { state: 'ready' }
      return {
        kind: 'memory',
        status: () => state,
        onStatus: () => () => undefined,
        join: (room: Room, onLink) => {
          const member = { name, room: `${room.purpose} ${toHex(room.key)}`, onLink, links: new Set<End>() }
          const others = [...joined]
          joined.add(member)
          mine.add(member)
          defer(() => {
            for (const other of others) if (joined.has(other) && joined.has(member)) connect(member, other)
          })
          return {
            leave: () => {
              mine.delete(member)
              leave(member)
            },
          }
        },
        close: () => {
          state = { state: 'off' }
          for (const member of mine) leave(member)
          mine.clear()
        },
      }
    },
    setReachable: (one, other, reachable) => {
      const pair = pairName(one, other)
      if (cut.has(pair) !== reachable) return
      if (!reachable) {
        cut.add(pair)
        for (const member of joined) {
          for (const end of Array.from(member.links)) {
            if (pairName(member.name, end.to) === pair) end.link.close('cut off')
          }
        }
        return
      }
      cut.delete(pair)
      for (const member of [...joined].filter(({ name }) => name === one)) {
        for (const partner of [...joined].filter(({ name }) => name === other)) reconnect(member, partner)
      }
    },
  }
}

interface EndOptions {
  readonly from: Joined
  readonly to: Joined
  readonly initiator: boolean
  readonly other: () => End | undefined
  readonly defer: (run: () => void) => void
  readonly carry: (frame: Uint8Array, from: string, to: string) => readonly Uint8Array[]
}

function createEnd({ from, to, initiator, other, defer, carry }: EndOptions): End {
  const outgoing: { frame: Uint8Array; taken: () => void }[] = []
  const closeHandlers: ((reason: string) => void)[] = []
  let early: Uint8Array[] = []
  let handle: ((frame: Uint8Array) => void) | undefined
  let closeReason: string | undefined
  let waiting = 0
  let delivering = false

  const deliver = (): void => {
    const next = outgoing.shift()
    if (next === undefined) {
      delivering = false
      return
    }
    waiting -= next.frame.length
    for (const frame of carry(next.frame, from.name, to.name)) other()?.arrive(frame)
    next.taken()
    defer(deliver)
  }

  const enqueue = (frame: Uint8Array): Promise<void> => {
    waiting += frame.length
    const crossed = new Promise<void>((taken) => outgoing.push({ frame: frame.slice(), taken }))
    if (!delivering) {
      delivering = true
      defer(deliver)
    }
    return waiting > HIGH_WATER ? crossed : Promise.resolve()
  }

  const closed = (reason: string): void => {
    if (closeReason !== undefined) return
    closeReason = reason
    for (const { taken } of outgoing.splice(0)) taken()
    for (const handler of closeHandlers.splice(0)) handler(reason)
  }

  const link: Link = {
    kind: 'memory',
    initiator,
    send: (frame) => {
      if (closeReason !== undefined) return Promise.reject(new LinkClosed(closeReason))
      if (frame.length === 0 || frame.length > MAX_FRAME) return Promise.reject(new RangeError('frame length'))
      return enqueue(frame)
    },
    onFrame: (handler) => {
      handle = handler
      for (const frame of early.splice(0)) handler(frame)
    },
    onClose: (handler) => {
      if (closeReason === undefined) closeHandlers.push(handler)
      else handler(closeReason)
    },
    close: (reason = 'closed') => {
      if (closeReason !== undefined) return
      closed(reason)
      defer(() => other()?.closed(`closed there: ${reason}`))
    },
  }

  const arrive = (frame: Uint8Array): void => {
    if (closeReason !== undefined) return
    if (handle === undefined) early.push(frame)
    else handle(frame)
  }

  return { link, to: to.name, farSide: to, arrive, closed }
}
