import { toHex } from '../../../shared/base/bytes.ts'
import { createEmitter } from '../../../shared/base/emitter.ts'
import type { Link, Transport, TransportStatus } from '../../../shared/sync/link.ts'
import { SIGNALING_PATIENCE } from './limits.ts'
import { roomNames } from './names.ts'
import { openRoom, type Addresses, type OpenRoom } from './room.ts'

export interface WebrtcOptions {
  /** ws:// addresses of signalling servers, read at each join and refresh. None: nobody can be found. */
  readonly signaling: () => readonly string[]
  /** STUN and TURN servers the group chose. Empty: direct connections only, and nobody is asked. */
  readonly iceServers: () => readonly RTCIceServer[]
  readonly log: (line: string) => void
}

export interface WebrtcTransport extends Transport {
  /** Reads the addresses again. Where they changed, links close ('addresses-changed') and rooms are joined anew. */
  refresh(): void
}

interface Visitor {
  readonly onLink: (link: Link) => void
  readonly drops: Set<(reason: string) => void>
}

interface SharedRoom {
  readonly key: Uint8Array
  readonly visitors: Visitor[]
  open: OpenRoom | undefined
  openedAt: number
}

/**
 * WebRTC by y-webrtc: rooms, signalling and mesh are its own; frames travel on a data channel of ours. Links close with
 * 'left', 'lost', 'closed', 'closed-by-other', 'addresses-changed', 'frame-too-large', 'frame-empty', 'frame-not-binary',
 * 'nobody-reads', 'too-many-channels', 'unexpected-data' or the reason given to `close`. A link closed on purpose stays
 * closed for about 20 seconds; then the two may meet again.
 * Status details: 'no-webrtc', 'no-signaling', 'signaling-unreachable'.
 * One transport for a page: y-webrtc keeps one table of rooms, so a second one cannot be in the same room.
 */
export function createWebrtcTransport({ signaling, iceServers, log }: WebrtcOptions): WebrtcTransport {
  const rooms = new Map<string, SharedRoom>()
  const statuses = createEmitter<TransportStatus>()
  let addresses = readAddresses()
  let closed = false
  let watching: ReturnType<typeof setInterval> | undefined
  let last = status()

  function readAddresses(): Addresses {
    return { signaling: [...signaling()], iceServers: [...iceServers()] }
  }

  function status(): TransportStatus {
    if (closed) return { state: 'off' }
    if (typeof RTCPeerConnection === 'undefined') return { state: 'unavailable', detail: 'no-webrtc' }
    if (addresses.signaling.length === 0) return { state: 'unavailable', detail: 'no-signaling' }
    const open = [...rooms.values()]
    if (open.some((room) => room.open?.reachable() === true)) return { state: 'ready' }
    const waited = open.some((room) => Date.now() - room.openedAt > SIGNALING_PATIENCE)
    return waited ? { state: 'unavailable', detail: 'signaling-unreachable' } : { state: 'starting' }
  }

  function tell(): void {
    const now = status()
    if (now.state === last.state && now.detail === last.detail) return
    last = now
    statuses.emit(now)
  }

  /** lib0's socket has an event for a connection lost, none for one that never came. */
  function watch(): void {
    if (rooms.size > 0) watching ??= setInterval(tell, 1_000)
    else {
      clearInterval(watching)
      watching = undefined
    }
    tell()
  }

  function open(room: SharedRoom): void {
    room.openedAt = Date.now()
    if (addresses.signaling.length === 0) return
    room.open = openRoom(roomNames(room.key), addresses, {
      onLink: (link, drop) => handOver(room, link, drop),
      onReachable: tell,
      log,
    })
  }

  function handOver(room: SharedRoom, link: Link, drop: (reason: string) => void): () => void {
    const visitor = room.visitors[0]
    if (visitor === undefined) {
      drop('left')
      return () => undefined
    }
    visitor.drops.add(drop)
    visitor.onLink(link)
    return () => visitor.drops.delete(drop)
  }

  function leave(id: string, room: SharedRoom, visitor: Visitor): void {
    const place = room.visitors.indexOf(visitor)
    if (place < 0) return
    room.visitors.splice(place, 1)
    for (const drop of visitor.drops) drop('left')
    if (room.visitors.length === 0) {
      rooms.delete(id)
      room.open?.close('left')
    }
    watch()
  }

  return {
    kind: 'webrtc',
    status,
    onStatus: (handler) => statuses.on(handler),
    join({ key }, onLink) {
      if (closed) throw new Error('webrtc: the transport is closed')
      const id = toHex(key)
      const visitor: Visitor = { onLink, drops: new Set() }
      const known = rooms.get(id)
      const room: SharedRoom = known ?? { key: key.slice(), visitors: [], open: undefined, openedAt: Date.now() }
      room.visitors.push(visitor)
      rooms.set(id, room)
      if (known === undefined) open(room)
      watch()
      return { leave: () => leave(id, room, visitor) }
    },
    refresh() {
      const next = readAddresses()
      if (closed || JSON.stringify(next) === JSON.stringify(addresses)) return
      addresses = next
      for (const room of rooms.values()) {
        room.open?.close('addresses-changed')
        room.open = undefined
        open(room)
      }
      watch()
    },
    close() {
      if (closed) return
      closed = true
      for (const room of rooms.values()) room.open?.close('left')
      rooms.clear()
      watch()
    },
  }
}
