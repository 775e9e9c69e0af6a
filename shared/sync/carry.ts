/**
 * Carries circles over transports: joins the rooms, makes a session of every link, keeps one for each pair of devices, and keeps
 * count of who has what, also for those who are away.
 */
import type { Clock } from '../base/clock.ts'
import { createEmitter } from '../base/emitter.ts'
import { createLive } from '../base/live.ts'
import { describeThrown } from '../base/errors.ts'
import { toHex } from '../base/bytes.ts'
import type { CircleId, DeviceId, DocumentId, EpochId, MemberId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import type { Place } from '../wire/entry.ts'
import { MAX_ENTRIES_PER_DEVICE } from '../wire/limits.ts'
import { createClaims, type Claims } from './claims.ts'
import type { CircleStatus, PresenceEvent } from './circle-session.ts'
import { epochsOfRooms } from './epochs-in-use.ts'
import { joinRoom } from './join-room.ts'
import type { LogKey } from './logs.ts'
import { LinkClosed, type Link, type Transport } from './link.ts'
import type { Channel } from './channel.ts'
import { metered, type LinkMeter, type OpenMeter } from './meter.ts'
import { openChannel } from './open-channel.ts'
import { createPeers, type Peers } from './peers.ts'
import type { Replica } from './replica.ts'
import { createSyncSession, type SyncSession } from './session.ts'
import { systemTimers, type Timers } from './timers.ts'
import type { Welcome } from './welcome.ts'

/**
 * Rooms of one group: the epoch in use, other leaves, and what came before them. Two who changed keys apart meet where both are:
 * each may have changed them five times since; further back where they matched before, and so remember where the other was.
 * A room whose link carries a session is kept until that ends.
 */
const MAX_ROOMS = 6
/** A session that has stood so long is kept when the same two find each other once more. */
const STANDING_AFTER_MS = 10_000
const MAX_REFUSALS_KEPT = 100
/** A link that carries the same device better comes first; both ends know both kinds. */
const KIND_ORDER = ['lan', 'webrtc', 'memory'] as const

export interface CarrierOptions {
  readonly signer: Signer
  readonly clock: Clock
  readonly timers?: Timers
  readonly log?: (line: string) => void
  /** How a link is made private; open-channel.ts unless given. */
  readonly openChannel?: (link: Link) => Promise<Channel>
  /** Counts what leaves over each link. */
  readonly meter?: OpenMeter
}

/** What is known of one computer, or of all of somebody's together, in one circle. */
export interface Exchanged {
  readonly connected: boolean
  readonly lastMatchedAt?: number
  readonly theyLack?: number
  readonly weLack: number
  /** Changes that they say they have and did not deliver when asked, in this session. */
  readonly withheld: number
}

export interface DeviceSync extends Exchanged {
  readonly device: DeviceId
}

/** What the footer says of one person in one circle. */
export interface MemberSync extends Exchanged {
  readonly member: MemberId
  /** Their computers that are in it, but for this one. */
  readonly devices: readonly DeviceSync[]
}

/** `by` signed that they had seen so many changes of `of`'s that are not here, and nobody has said that they can give them. */
export interface SeenElsewhere {
  readonly by: MemberId
  readonly of: MemberId
  readonly count: number
}

export interface Refusal {
  readonly at: number
  readonly reason: string
  readonly device?: DeviceId
}

export interface Carrier {
  /**
   * `group`: the circle is shared only with devices that are present in this group, over its sessions, and joins no rooms. The group
   * itself has none.
   */
  addCircle(replica: Replica, options?: { readonly group?: CircleId }): Promise<void>
  removeCircle(circle: CircleId): void
  /** Those not named any more are left; closing them is the caller's. The links of those that stay, stay. */
  setTransports(transports: readonly Transport[]): void
  /** Everybody in the circle but ourselves, in the order of the membership. */
  status(circle: CircleId): readonly MemberSync[]
  /** Of our own other computers in the circle; undefined: there are none, or we are not in it. */
  ownStatus(circle: CircleId): MemberSync | undefined
  /** Of those who are present in the circle, from what they signed. */
  seenElsewhere(circle: CircleId): readonly SeenElsewhere[]
  /** The other computers we talk to now. */
  connected(circle: CircleId): readonly DeviceId[]
  onChange(listener: () => void): () => void
  /** Newest last; at most a hundred. */
  refusals(): readonly Refusal[]
  sendPresence(circle: CircleId, document: DocumentId, update: Uint8Array): void
  onPresence(listener: (event: PresenceEvent) => void): () => void
  /** Somebody of the group says that this computer is in a circle it holds nothing of. Nothing is checked or stored here. */
  onWelcome(listener: (welcome: Welcome) => void): () => void
  /** What a device said of itself in an update file; see Peers.heard. */
  heard(circle: CircleId, device: DeviceId, heads: readonly Place[], anew: boolean): void
  /** The last place of each log that a device, by all that is known here, has. Undefined: never heard of it. */
  known(circle: CircleId, device: DeviceId): ReadonlyMap<LogKey, Place> | undefined
  /** Stores what is known of the others, leaves every room and closes every session. */
  close(): Promise<void>
}

interface JoinedRoom {
  readonly leave: () => void
  /** Those whose links were found in it. */
  readonly sessions: Set<SyncSession>
}

interface Carried {
  readonly replica: Replica
  readonly group: CircleId | undefined
  readonly claims: Claims
  readonly peers: Peers
  /** By epoch. */
  readonly rooms: Map<EpochId, JoinedRoom>
  readonly stopListening: () => void
}

export function createCarrier(options: CarrierOptions): Carrier {
  const { signer, clock } = options
  const timers = options.timers ?? systemTimers
  const log = options.log ?? (() => undefined)
  const makePrivate = options.openChannel ?? ((link: Link) => openChannel(link, { timers }))
  const carried = new Map<CircleId, Carried>()
  const sessions = new Set<SyncSession>()
  const changes = createEmitter<void>()
  const presences = createEmitter<PresenceEvent>()
  const welcomes = createEmitter<Welcome>()
  const refusals: Refusal[] = []
  const transports = createLive<readonly Transport[]>([])
  const standing = new WeakSet<SyncSession>()
  const identify = new Map<SyncSession, () => void>()
  let closed = false

  const noteRefusal = (reason: string, device?: DeviceId): void => {
    refusals.push({ at: clock.now(), reason, ...(device === undefined ? {} : { device }) })
    if (refusals.length > MAX_REFUSALS_KEPT) refusals.shift()
    log(`refused: ${reason}`)
    changes.emit()
  }

  const allStatuses = (): readonly CircleStatus[] => [...sessions].flatMap((session) => session.statuses())
  const statusesOf = (circle: CircleId): readonly CircleStatus[] =>
    allStatuses().filter((status) => status.circle === circle)

  /** Both ends put them in the same order, but for those that came to stand a moment ago. */
  const rank = (session: SyncSession): string => {
    const { kind, transcript } = session.channel
    return `${KIND_ORDER.indexOf(kind)} ${standing.has(session) ? 0 : 1} ${toHex(transcript)}`
  }
  /** Two links between the same two devices: both ends keep the same one. */
  const dropSpares = (session: SyncSession): void => {
    const device = session.device()
    if (device === undefined) return
    const same = [...sessions]
      .filter((each) => each.isOpen() && each.device() === device)
      .toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
    for (const spare of same.slice(1)) spare.close('spare')
  }

  const onStatus = (session: SyncSession): void => {
    dropSpares(session)
    const now = allStatuses()
    for (const { replica, peers } of carried.values()) {
      const statuses = now.filter(({ circle }) => circle === replica.circle)
      for (const status of statuses) peers.note(status)
      replica.setLive(statuses.length > 0)
    }
    changes.emit()
  }

  const isInGroup = (circle: CircleId, device: DeviceId): boolean => {
    const group = carried.get(circle)?.group
    if (group === undefined) return true
    return carried.get(group)?.replica.membership.state().devices.get(device)?.present === true
  }

  const onWelcome = (welcome: Welcome): void => {
    const one = carried.get(welcome.circle)
    if (one === undefined) return welcomes.emit(welcome)
    // It is here already, but this device cannot prove itself in it: these records may bring the key it lacks.
    one.replica.membership.receive(welcome.records).then(
      (refused) => {
        for (const { reason } of refused) {
          if (reason !== 'waits-for-a-key') noteRefusal(`record: ${reason}`, welcome.device)
        }
      },
      (thrown: unknown) => log(`a welcome could not be taken: ${describeThrown(thrown)}`),
    )
  }

  /** Once known it stays known: the one that was removed is told so over a session that names nobody any more. */
  const identifier = (session: SyncSession, meter: LinkMeter | undefined): (() => void) => {
    let device: DeviceId | undefined
    return () => {
      device ??= session.device()
      const reached = device
      if (reached === undefined || meter === undefined) return
      const groups = [...carried.values()].filter(({ group }) => group === undefined)
      const states = groups.flatMap(({ replica }) => replica.membership.state().devices.get(reached) ?? [])
      meter.reached(
        reached,
        states.some(({ present }) => present),
      )
    }
  }

  const begin = async (link: Link, found: Set<SyncSession>): Promise<void> => {
    const meter = options.meter?.(link.kind)
    const channel = await makePrivate(meter === undefined ? link : metered(link, meter))
    if (closed) return channel.close('closed')
    const session = createSyncSession({
      channel,
      replicas: [...carried.values()].map(({ replica }) => replica),
      signer,
      clock,
      timers,
      claimsOf: (replica) => carried.get(replica.circle)?.claims ?? createClaims(),
      groupOf: (circle) => carried.get(circle)?.group,
      mayMeet: isInGroup,
      onChangesSent: (count) => meter?.changes(count),
    })
    const identifyThis = identifier(session, meter)
    identify.set(session, identifyThis)
    sessions.add(session)
    found.add(session)
    const cancelStanding = timers.after(STANDING_AFTER_MS, () => standing.add(session))
    session.onStatus(() => {
      identifyThis()
      onStatus(session)
    })
    session.onRefusal(({ reason, device }) => {
      identifyThis()
      noteRefusal(reason, device)
    })
    session.onPresence((event) => presences.emit(event))
    session.onWelcome(onWelcome)
    session.onClose((reason) => {
      cancelStanding()
      found.delete(session)
      sessions.delete(session)
      identify.delete(session)
      log(`a session ended: ${reason}`)
      onStatus(session)
      for (const one of carried.values()) joinRooms(one)
    })
  }
  const onLink = (link: Link, found: Set<SyncSession>): void => {
    if (closed) return link.close('closed')
    begin(link, found).catch((thrown: unknown) => {
      // A stranger, or a line that broke: the transport goes on looking.
      log(`a link ended: ${thrown instanceof LinkClosed ? thrown.message : describeThrown(thrown)}`)
    })
  }

  const joinRooms = ({ replica, group, rooms, peers }: Carried): void => {
    if (closed || group !== undefined) return
    const wanted = epochsOfRooms(replica.membership, peers.lastShared(), MAX_ROOMS)
    for (const [epoch, { leave, sessions: found }] of rooms) {
      // Leaving closes its links: not while one carries a session that goes on under newer keys.
      if (wanted.includes(epoch) || [...found].some((session) => session.statuses().length > 0)) continue
      rooms.delete(epoch)
      leave()
    }
    for (const epoch of wanted) {
      const key = replica.keys(epoch)?.room
      if (key === undefined || rooms.has(epoch)) continue
      const found = new Set<SyncSession>()
      const room = { key, purpose: 'circle' } as const
      rooms.set(epoch, {
        leave: joinRoom({ transports, room, onLink: (link) => onLink(link, found) }),
        sessions: found,
      })
    }
  }
  const leaveRooms = ({ rooms }: Carried): void => {
    for (const { leave } of rooms.values()) leave()
    rooms.clear()
  }

  const removeCircle = (circle: CircleId): void => {
    const one = carried.get(circle)
    if (one === undefined) return
    carried.delete(circle)
    leaveRooms(one)
    one.stopListening()
    for (const session of sessions) session.remove(circle)
    one.replica.setLive(false)
  }

  const statusByDevice = (circle: CircleId): ReadonlyMap<DeviceId, CircleStatus> =>
    new Map(statusesOf(circle).map((status) => [status.device, status]))
  const deviceSync = (
    { peers }: Carried,
    statuses: ReadonlyMap<DeviceId, CircleStatus>,
    device: DeviceId,
  ): DeviceSync => {
    const now = statuses.get(device)
    const known = peers.about(device)
    const theyLack = now?.theyLack ?? known?.theyLack
    return {
      device,
      connected: now !== undefined,
      weLack: now?.weLack ?? known?.weLack ?? 0,
      withheld: now?.withheld ?? 0,
      ...(theyLack === undefined ? {} : { theyLack }),
      ...(known?.lastMatchedAt === undefined ? {} : { lastMatchedAt: known.lastMatchedAt }),
    }
  }
  /** A person has what any of their computers has. */
  const memberSync = (
    one: Carried,
    statuses: ReadonlyMap<DeviceId, CircleStatus>,
    member: MemberId,
    of: readonly DeviceId[],
  ): MemberSync => {
    const { membership } = one.replica
    const { devices } = membership.state()
    const all = of.map((device) => deviceSync(one, statuses, device))
    const connected = all.filter((each) => each.connected)
    const counted = connected.length > 0 ? connected : all
    const lacks = counted.flatMap(({ theyLack }) => theyLack ?? [])
    const matched = all.flatMap(({ lastMatchedAt }) => lastMatchedAt ?? [])
    return {
      member,
      connected: connected.length > 0,
      weLack: Math.max(0, ...counted.map(({ weLack }) => weLack)),
      withheld: Math.max(0, ...counted.map(({ withheld }) => withheld)),
      ...(lacks.length === 0 ? {} : { theyLack: Math.min(...lacks) }),
      ...(matched.length === 0 ? {} : { lastMatchedAt: Math.max(...matched) }),
      devices: all.filter(({ device }) => devices.get(device)?.present === true),
    }
  }

  const seenElsewhere = ({ replica, peers }: Carried): readonly SeenElsewhere[] => {
    const { devices } = replica.membership.state()
    const me = replica.membership.secrets.device
    const others = [...devices.values()].flatMap(({ id, present }) => (present && id !== me ? [id] : []))
    /** By who saw and who wrote; of each log what the one of their computers saw that saw most. */
    const pairs = new Map<string, { by: MemberId; of: MemberId; logs: Map<LogKey, number> }>()
    for (const { by: device, log, author, count } of peers.seenBeyond(others)) {
      const by = devices.get(device)?.member
      const of = devices.get(author)?.member
      if (by === undefined || of === undefined) continue
      const pair = pairs.get(`${by} ${of}`) ?? { by, of, logs: new Map<LogKey, number>() }
      pair.logs.set(log, Math.max(count, pair.logs.get(log) ?? 0))
      pairs.set(`${by} ${of}`, pair)
    }
    return [...pairs.values()].map(({ by, of, logs }) => ({
      by,
      of,
      count: Math.min(
        [...logs.values()].reduce((sum, count) => sum + count, 0),
        MAX_ENTRIES_PER_DEVICE,
      ),
    }))
  }

  return {
    addCircle: async (replica, { group } = {}) => {
      if (carried.has(replica.circle)) return
      const peers = await createPeers({ replica, clock, timers })
      const stops = [
        replica.membership.onChange(() => {
          for (const again of identify.values()) again()
          joinRooms(one)
          changes.emit()
        }),
        replica.onAdvance(() => changes.emit()),
      ]
      const stopListening = (): void => {
        for (const stop of stops) stop()
      }
      const one: Carried = { replica, group, claims: createClaims(), peers, rooms: new Map(), stopListening }
      carried.set(replica.circle, one)
      for (const session of sessions) session.add(replica)
      joinRooms(one)
      changes.emit()
    },
    removeCircle,
    setTransports: (next) => {
      transports.set([...next])
      changes.emit()
    },
    status: (circle) => {
      const one = carried.get(circle)
      if (one === undefined) return []
      const { membership } = one.replica
      const statuses = statusByDevice(circle)
      return [...membership.state().members.values()]
        .filter(({ id, present }) => present && id !== membership.secrets.member)
        .map(({ id, devices }) => memberSync(one, statuses, id, devices))
    },
    ownStatus: (circle) => {
      const one = carried.get(circle)
      if (one === undefined) return undefined
      const { secrets } = one.replica.membership
      const { members, devices } = one.replica.membership.state()
      const me = members.get(secrets.member)
      if (me?.present !== true) return undefined
      const others = me.devices.filter((id) => id !== secrets.device && devices.get(id)?.present === true)
      return others.length === 0 ? undefined : memberSync(one, statusByDevice(circle), me.id, others)
    },
    seenElsewhere: (circle) => {
      const one = carried.get(circle)
      return one === undefined ? [] : seenElsewhere(one)
    },
    connected: (circle) => statusesOf(circle).map(({ device }) => device),
    onChange: (listener) => changes.on(listener),
    refusals: () => [...refusals],
    sendPresence: (circle, document, update) => {
      for (const session of sessions) session.sendPresence(circle, document, update)
    },
    onPresence: (listener) => presences.on(listener),
    onWelcome: (listener) => welcomes.on(listener),
    heard: (circle, device, heads, anew) => {
      carried.get(circle)?.peers.heard(device, heads, anew)
      changes.emit()
    },
    known: (circle, device) => carried.get(circle)?.peers.known(device),
    close: async () => {
      closed = true
      const stored = [...carried.values()].map(({ peers }) => peers.close())
      for (const circle of carried.keys()) removeCircle(circle)
      for (const session of sessions) session.close('closed')
      await Promise.all(stored)
    },
  }
}
