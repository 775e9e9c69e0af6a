/** What is remembered of the others' computers between meetings: what each last said it had, and when we last matched. */
import type { Clock } from '../base/clock.ts'
import type { DeviceId, EpochId, MemberId } from '../base/ids.ts'
import { mayFollow } from '../membership/may-follow.ts'
import { createWriter, decodeAll, refuse, type Reader } from '../wire/codec.ts'
import { readPlace, writePlace, type Place } from '../wire/entry.ts'
import { MAX_ENTRIES_PER_DEVICE, MAX_TIME } from '../wire/limits.ts'
import type { CircleStatus } from './circle-session.ts'
import { logKey, type LogKey } from './logs.ts'
import type { Replica } from './replica.ts'
import type { Timers } from './timers.ts'

const KEY = 'sync/peers'
/** 1: without the epoch that both held. */
const VERSION = 2
const MAX_PEERS = 1024
const MAX_KNOWN = 4096
/** Whatever anybody says that there is, nobody is told of more than this. */
const MAX_LACK = MAX_ENTRIES_PER_DEVICE
const STORE_AFTER_MS = 2000

interface Peer {
  lastMatchedAt: number | undefined
  heads: Map<LogKey, Place>
  /** What new entries were sealed under when we last matched: both held its key. */
  sharedEpoch: EpochId | undefined
}

export interface PeerView {
  readonly lastMatchedAt?: number
  /** Changes that we have and they, by what they last said, lack. */
  readonly theyLack: number
  /** Of what any device told us that it has; not what somebody only says that it saw. */
  readonly weLack: number
}

export interface SeenBeyond {
  readonly by: DeviceId
  readonly log: LogKey
  readonly author: DeviceId
  readonly count: number
}

export interface Peers {
  note(status: CircleStatus): void
  /**
   * What a device said of itself apart from any session. It may be old, so it takes nothing back that was said since, unless
   * `anew`: the device lost what it had and began a new incarnation.
   */
  heard(device: DeviceId, heads: readonly Place[], anew: boolean): void
  /** The last place of each log that the device, by all that is known, has. Undefined: never heard of it. */
  known(device: DeviceId): ReadonlyMap<LogKey, Place> | undefined
  /** Undefined: never heard of it. */
  about(device: DeviceId): PeerView | undefined
  /** What these devices signed that they had seen, and is not here; beyond what anybody told us that they have. */
  seenBeyond(devices: readonly DeviceId[]): readonly SeenBeyond[]
  /**
   * Where those who are present in the circle were when we last matched, longest ago first: one epoch for each member, of the computer
   * that matched last.
   */
  lastShared(): readonly EpochId[]
  close(): Promise<void>
}

const readPeer = (reader: Reader, version: number): [DeviceId, Peer] => {
  const device = reader.id<DeviceId>()
  const lastMatchedAt = reader.uint(MAX_TIME)
  const heads = new Map(reader.list(MAX_KNOWN, readPlace).map((place) => [logKey(place), place]))
  const [sharedEpoch] = version === 1 ? [] : reader.list(1, (from) => from.id<EpochId>())
  return [device, { lastMatchedAt: lastMatchedAt === 0 ? undefined : lastMatchedAt, heads, sharedEpoch }]
}

function read(bytes: Uint8Array): Map<DeviceId, Peer> {
  const peers = decodeAll(bytes, (reader) => {
    const version = reader.byte()
    if (version < 1 || version > VERSION) refuse('other-version', 'peers')
    return reader.list(MAX_PEERS, (from) => readPeer(from, version))
  })
  // Only a memory of what others said: they say it again at the next meeting.
  return new Map(peers.ok ? peers.value : [])
}

const write = (peers: ReadonlyMap<DeviceId, Peer>) =>
  createWriter()
    .byte(VERSION)
    .list([...peers].slice(0, MAX_PEERS), (to, [device, { lastMatchedAt, heads, sharedEpoch }]) =>
      to
        .id(device)
        .uint(lastMatchedAt ?? 0)
        .list([...heads.values()].slice(0, MAX_KNOWN), writePlace)
        .list(sharedEpoch === undefined ? [] : [sharedEpoch], (list, epoch) => list.id(epoch)),
    )
    .done()

export async function createPeers(options: {
  readonly replica: Replica
  readonly clock: Clock
  readonly timers: Timers
}): Promise<Peers> {
  const { replica, clock, timers } = options
  const stored = await replica.value(KEY)
  const peers = stored === undefined ? new Map<DeviceId, Peer>() : read(stored)
  let cancel: (() => void) | undefined

  const store = async (): Promise<void> => {
    cancel?.()
    cancel = undefined
    // Not worth stopping anything: the replica tells of a failing store by itself.
    await replica.setValue(KEY, write(peers)).catch(() => undefined)
  }

  /** Rather one that is in the circle no more. */
  const forgetOne = (): void => {
    const { devices } = replica.membership.state()
    const all = [...peers.keys()]
    const gone = all.find((device) => devices.get(device)?.present !== true) ?? all[0]
    if (gone !== undefined) peers.delete(gone)
  }

  const peerOf = (device: DeviceId): Peer => {
    const known = peers.get(device)
    if (known === undefined && peers.size >= MAX_PEERS) forgetOne()
    const peer = known ?? { lastMatchedAt: undefined, heads: new Map<LogKey, Place>(), sharedEpoch: undefined }
    peers.set(device, peer)
    return peer
  }

  const epochSharedWith = (device: DeviceId): EpochId | undefined => {
    const epoch = replica.membership.sealingEpoch()
    const isWithout = replica.membership
      .state()
      .withoutKey.some((lack) => lack.device === device && lack.epoch === epoch)
    return isWithout ? undefined : epoch
  }

  const note = ({ device, theirHeads, matched }: CircleStatus): void => {
    const peer = peerOf(device)
    for (const { device: author, incarnation, seq } of theirHeads) {
      const place = { device: author, incarnation, seq }
      const key = logKey(place)
      if (peer.heads.has(key) || peer.heads.size < MAX_KNOWN) peer.heads.set(key, place)
    }
    if (matched) {
      peer.lastMatchedAt = clock.now()
      peer.sharedEpoch = epochSharedWith(device) ?? peer.sharedEpoch
    }
    cancel ??= timers.after(STORE_AFTER_MS, () => void store())
  }

  const knownOf = (device: DeviceId): ReadonlyMap<LogKey, Place> | undefined => {
    const peer = peers.get(device)
    const known = new Map(peer?.heads)
    for (const [key, place] of replica.seenBy(device)) {
      if ((known.get(key)?.seq ?? 0) < place.seq) known.set(key, place)
    }
    return known.size === 0 && peer === undefined ? undefined : known
  }

  /** Of each log the furthest that any device told us, apart from what somebody says in an entry that it saw. */
  const told = (): ReadonlyMap<LogKey, number> => {
    const seqs = new Map<LogKey, number>()
    for (const { heads } of peers.values()) {
      for (const [key, { seq }] of heads) if ((seqs.get(key) ?? 0) < seq) seqs.set(key, seq)
    }
    return seqs
  }

  const about = (device: DeviceId): PeerView | undefined => {
    const peer = peers.get(device)
    const known = knownOf(device)
    if (known === undefined) return undefined
    const state = replica.membership.state()
    const member = state.devices.get(device)?.member
    const readable = member === undefined ? replica.heads() : replica.headsFor(member)
    const theyLack = readable.reduce(
      (sum, head) => sum + Math.max(0, head.seq - (known.get(logKey(head))?.seq ?? 0)),
      0,
    )
    const mine = new Map(replica.heads().map((head) => [logKey(head), head.seq]))
    const furthest = told()
    const lack = [...known].reduce((sum, [key, place]) => {
      if (!mayFollow(state, replica.membership.secrets.member, place)) return sum
      const most = Math.min(place.seq, furthest.get(key) ?? 0, MAX_ENTRIES_PER_DEVICE)
      return sum + Math.max(0, most - (mine.get(key) ?? 0))
    }, 0)
    const weLack = Math.min(lack, MAX_LACK)
    const lastMatchedAt = peer?.lastMatchedAt
    return { theyLack, weLack, ...(lastMatchedAt === undefined ? {} : { lastMatchedAt }) }
  }

  const seenBeyond = (devices: readonly DeviceId[]): readonly SeenBeyond[] => {
    const state = replica.membership.state()
    const mine = new Map(replica.heads().map((head) => [logKey(head), head.seq]))
    const furthest = told()
    return devices.flatMap((by) =>
      [...replica.seenBy(by).values()].flatMap((place) => {
        if (place.device === by || !mayFollow(state, replica.membership.secrets.member, place)) return []
        const log = logKey(place)
        const reached = Math.max(mine.get(log) ?? 0, furthest.get(log) ?? 0)
        const count = Math.min(place.seq - reached, MAX_LACK)
        return count > 0 ? [{ by, log, author: place.device, count }] : []
      }),
    )
  }

  const heard = (device: DeviceId, heads: readonly Place[], anew: boolean): void => {
    const peer = peerOf(device)
    if (anew) peer.heads.clear()
    for (const { device: author, incarnation, seq } of heads) {
      const place = { device: author, incarnation, seq }
      const key = logKey(place)
      const before = peer.heads.get(key)
      if (before === undefined ? peer.heads.size < MAX_KNOWN : before.seq < seq) peer.heads.set(key, place)
    }
    const view = about(device)
    if (view?.theyLack === 0 && view.weLack === 0) peer.lastMatchedAt = clock.now()
    cancel ??= timers.after(STORE_AFTER_MS, () => void store())
  }

  const lastShared = (): readonly EpochId[] => {
    const { devices } = replica.membership.state()
    const latest = new Map<MemberId, { readonly at: number; readonly epoch: EpochId }>()
    for (const [device, { lastMatchedAt: at, sharedEpoch: epoch }] of peers) {
      const state = devices.get(device)
      if (state?.present !== true || at === undefined || epoch === undefined) continue
      if ((latest.get(state.member)?.at ?? -1) < at) latest.set(state.member, { at, epoch })
    }
    const oldestFirst = [...latest.values()].toSorted((a, b) => a.at - b.at)
    return [...new Set(oldestFirst.map(({ epoch }) => epoch))]
  }

  return {
    note,
    heard,
    lastShared,
    known: knownOf,
    about,
    seenBeyond,
    close: async () => {
      if (cancel !== undefined) await store()
    },
  }
}
