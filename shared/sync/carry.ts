/**
 * Carries circles over transports: joins the rooms, makes a session of every link, keeps one for each pair of devices, and keeps
 * count of who has what, also for those who are away.
 */
import type { Clock } from '../base/clock.ts'
import { createEmitter } from '../base/emitter.ts'
import { describeThrown } from '../base/errors.ts'
import { toHex } from '../base/bytes.ts'
import type { CircleId, DeviceId, DocumentId, EpochId, MemberId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import { createClaims, type Claims } from './claims.ts'
import type { CircleStatus, PresenceEvent } from './circle-session.ts'
import { LinkClosed, type Link, type Transport } from './link.ts'
import type { Channel } from './channel.ts'
import { openChannel } from './open-channel.ts'
import { createPeers, type Peers } from './peers.ts'
import type { Replica } from './replica.ts'
import { createSyncSession, type SyncSession } from './session.ts'
import { systemTimers, type Timers } from './timers.ts'

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
}

/** What the footer says of one person in one circle. */
export interface MemberSync {
  readonly member: MemberId
  readonly connected: boolean
  readonly lastMatchedAt?: number
  readonly theyLack?: number
  readonly weLack: number
}

export interface Refusal {
  readonly at: number
  readonly reason: string
  readonly device?: DeviceId
}

export interface Carrier {
  addCircle(replica: Replica): Promise<void>
  removeCircle(circle: CircleId): void
  /** Those not named any more are left; closing them is the caller's. */
  setTransports(transports: readonly Transport[]): void
  /** Everybody in the circle but ourselves, in the order of the membership. */
  status(circle: CircleId): readonly MemberSync[]
  /** The other computers we talk to now. */
  connected(circle: CircleId): readonly DeviceId[]
  onChange(listener: () => void): () => void
  /** Newest last; at most a hundred. */
  refusals(): readonly Refusal[]
  sendPresence(circle: CircleId, document: DocumentId, update: Uint8Array): void
  onPresence(listener: (event: PresenceEvent) => void): () => void
  /** Stores what is known of the others, leaves every room and closes every session. */
  close(): Promise<void>
}

interface Carried {
  readonly replica: Replica
  readonly claims: Claims
  readonly peers: Peers
  /** By epoch. */
  readonly rooms: Map<EpochId, { leave(): void }[]>
  readonly stopListening: () => void
}

/** The current epoch's room and those before it, where ones who have not heard of the change still look. */
function epochsToJoin({ membership }: Replica): readonly EpochId[] {
  const { currentEpoch, epochs } = membership.state()
  return [currentEpoch, ...(epochs.get(currentEpoch)?.parents ?? [])]
}

const rank = ({ channel }: SyncSession): string => `${KIND_ORDER.indexOf(channel.kind)} ${toHex(channel.transcript)}`

export function createCarrier(options: CarrierOptions): Carrier {
  const { signer, clock } = options
  const timers = options.timers ?? systemTimers
  const log = options.log ?? (() => undefined)
  const makePrivate = options.openChannel ?? ((link: Link) => openChannel(link, { timers }))
  const carried = new Map<CircleId, Carried>()
  const sessions = new Set<SyncSession>()
  const changes = createEmitter<void>()
  const presences = createEmitter<PresenceEvent>()
  const refusals: Refusal[] = []
  let transports: readonly Transport[] = []
  let closed = false

  const noteRefusal = (reason: string, device?: DeviceId): void => {
    refusals.push({ at: clock.now(), reason, ...(device === undefined ? {} : { device }) })
    if (refusals.length > MAX_REFUSALS_KEPT) refusals.shift()
    log(`refused: ${reason}`)
    changes.emit()
  }

  const statusesOf = (circle: CircleId): readonly CircleStatus[] =>
    [...sessions].flatMap((session) => session.statuses().filter((status) => status.circle === circle))

  /** Two links between the same two devices: both ends keep the same one. */
  const dropSpares = (session: SyncSession): void => {
    const device = session.device()
    if (device === undefined) return
    const same = [...sessions]
      .filter((each) => each.device() === device)
      .toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
    for (const spare of same.slice(1)) spare.close('spare')
  }

  const onStatus = (session: SyncSession): void => {
    dropSpares(session)
    for (const { replica, peers } of carried.values()) {
      const statuses = statusesOf(replica.circle)
      for (const status of statuses) peers.note(status)
      replica.setLive(statuses.length > 0)
    }
    changes.emit()
  }

  const begin = async (link: Link): Promise<void> => {
    const channel = await makePrivate(link)
    if (closed) return channel.close('closed')
    const session = createSyncSession({
      channel,
      replicas: [...carried.values()].map(({ replica }) => replica),
      signer,
      clock,
      timers,
      claimsOf: (replica) => carried.get(replica.circle)?.claims ?? createClaims(),
    })
    sessions.add(session)
    session.onStatus(() => onStatus(session))
    session.onRefusal(({ reason, device }) => noteRefusal(reason, device))
    session.onPresence((event) => presences.emit(event))
    session.onClose((reason) => {
      sessions.delete(session)
      log(`a session ended: ${reason}`)
      onStatus(session)
    })
  }
  const onLink = (link: Link): void => {
    if (closed) return link.close('closed')
    begin(link).catch((thrown: unknown) => {
      // A stranger, or a line that broke: the transport goes on looking.
      log(`a link ended: ${thrown instanceof LinkClosed ? thrown.message : describeThrown(thrown)}`)
    })
  }

  const joinRooms = ({ replica, rooms }: Carried): void => {
    const wanted = epochsToJoin(replica)
    for (const [epoch, joined] of rooms) {
      if (wanted.includes(epoch)) continue
      for (const room of joined) room.leave()
      rooms.delete(epoch)
    }
    for (const epoch of wanted) {
      const key = replica.keys(epoch)?.room
      if (key === undefined || rooms.has(epoch)) continue
      rooms.set(
        epoch,
        transports.map((transport) => transport.join({ key, purpose: 'circle' }, onLink)),
      )
    }
  }
  const leaveRooms = ({ rooms }: Carried): void => {
    for (const joined of rooms.values()) for (const room of joined) room.leave()
    rooms.clear()
  }

  const removeCircle = (circle: CircleId): void => {
    const one = carried.get(circle)
    if (one === undefined) return
    leaveRooms(one)
    one.stopListening()
    one.replica.setLive(false)
    carried.delete(circle)
  }

  const memberSync = ({ replica, peers }: Carried, member: MemberId, devices: readonly DeviceId[]): MemberSync => {
    const now = statusesOf(replica.circle).filter((status) => status.member === member)
    const known = devices.map((device) => peers.about(device)).filter((each) => each !== undefined)
    const matched = known.flatMap(({ lastMatchedAt }) => lastMatchedAt ?? [])
    // A person has what any of their computers has.
    const lacks = now.length > 0 ? now.map(({ theyLack }) => theyLack) : known.map(({ theyLack }) => theyLack)
    const ours = now.length > 0 ? now.map(({ weLack }) => weLack) : known.map(({ weLack }) => weLack)
    return {
      member,
      connected: now.length > 0,
      weLack: Math.max(0, ...ours),
      ...(lacks.length === 0 ? {} : { theyLack: Math.min(...lacks) }),
      ...(matched.length === 0 ? {} : { lastMatchedAt: Math.max(...matched) }),
    }
  }

  return {
    addCircle: async (replica) => {
      if (carried.has(replica.circle)) return
      const peers = await createPeers({ replica, clock, timers })
      const rooms = new Map<EpochId, { leave(): void }[]>()
      const stops = [
        replica.membership.onChange(() => {
          joinRooms(one)
          changes.emit()
        }),
        replica.onAdvance(() => changes.emit()),
      ]
      const stopListening = (): void => {
        for (const stop of stops) stop()
      }
      const one: Carried = { replica, claims: createClaims(), peers, rooms, stopListening }
      carried.set(replica.circle, one)
      for (const session of sessions) session.add(replica)
      joinRooms(one)
      changes.emit()
    },
    removeCircle,
    setTransports: (next) => {
      for (const one of carried.values()) leaveRooms(one)
      transports = next
      if (!closed) for (const one of carried.values()) joinRooms(one)
      changes.emit()
    },
    status: (circle) => {
      const one = carried.get(circle)
      if (one === undefined) return []
      const { membership } = one.replica
      return [...membership.state().members.values()]
        .filter(({ id, present }) => present && id !== membership.secrets.member)
        .map(({ id, devices }) => memberSync(one, id, devices))
    },
    connected: (circle) => statusesOf(circle).map(({ device }) => device),
    onChange: (listener) => changes.on(listener),
    refusals: () => [...refusals],
    sendPresence: (circle, document, update) => {
      for (const session of sessions) session.sendPresence(circle, document, update)
    },
    onPresence: (listener) => presences.on(listener),
    close: async () => {
      closed = true
      const stored = [...carried.values()].map(({ peers }) => peers.close())
      for (const circle of carried.keys()) removeCircle(circle)
      for (const session of sessions) session.close('closed')
      await Promise.all(stored)
    },
  }
}
