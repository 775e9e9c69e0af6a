/**
 * Stands between y-webrtc and its signalling sockets. Inwards it lets through only what the room's key opens, for the
 * first time, that fits the state of the connection it is about: y-webrtc itself throws on a forged answer, leaves a rejected
 * promise for a wrong password, and believes a replay. Outwards it keeps silent about rooms that were left (y-webrtc
 * subscribes again when the last connection closes) and while the socket is not open (lib0's send throws then).
 */
import type { SignalingConn } from 'y-webrtc'
import { MAX_SIGNAL, MAX_SIGNALS_WAITING } from './limits.ts'

export interface PublishedMessage {
  readonly type: 'publish'
  readonly topic: string
  readonly data: string
}

export interface RoomGuard {
  /** True where y-webrtc may act on it. */
  admits(message: PublishedMessage, socket: SignalingConn): Promise<boolean>
}

interface OpenRoom {
  readonly guard: RoomGuard
  turn: Promise<void>
  waiting: number
}

/** One table for the page, as y-webrtc has one of its own: both go by the room's name. */
const openRooms = new Map<string, OpenRoom>()
const guarded = new WeakSet<SignalingConn>()

export function guardRoom(topic: string, guard: RoomGuard): () => void {
  const room: OpenRoom = { guard, turn: Promise.resolve(), waiting: 0 }
  openRooms.set(topic, room)
  return () => {
    if (openRooms.get(topic) === room) openRooms.delete(topic)
  }
}

type Fields = Readonly<Partial<Record<'type' | 'topic' | 'topics' | 'data', unknown>>>
const hasFields = (message: unknown): message is Fields => typeof message === 'object' && message !== null

function readPublished(message: unknown): PublishedMessage | undefined {
  if (!hasFields(message)) return undefined
  const { type, topic, data } = message
  if (type !== 'publish' || typeof topic !== 'string' || typeof data !== 'string') return undefined
  return data.length > MAX_SIGNAL ? undefined : { type, topic, data }
}

/** In the order of arrival, since an answer means nothing before its offer. */
function receive(message: unknown, socket: SignalingConn, pass: (message: PublishedMessage) => void): void {
  const published = readPublished(message)
  const room = published && openRooms.get(published.topic)
  if (published === undefined || room === undefined || room.waiting >= MAX_SIGNALS_WAITING) return
  room.waiting += 1
  room.turn = room.turn.then(async () => {
    const admitted = await room.guard.admits(published, socket)
    room.waiting -= 1
    if (admitted && openRooms.get(published.topic) === room) pass(published)
  })
}

function mayLeave(message: unknown): unknown {
  if (!hasFields(message)) return undefined
  const { type, topic, topics } = message
  if (type === 'publish') return typeof topic === 'string' && openRooms.has(topic) ? message : undefined
  if (type !== 'subscribe' || !Array.isArray(topics)) return message
  const open = topics.filter((name: unknown) => typeof name === 'string' && openRooms.has(name))
  return open.length === 0 ? undefined : { type, topics: open }
}

export function guardSocket(socket: SignalingConn): void {
  if (guarded.has(socket)) return
  guarded.add(socket)
  const emit = socket.emit.bind(socket)
  const send = socket.send.bind(socket)
  socket.emit = (name: string, args: unknown[]) => {
    if (name !== 'message') return emit(name, args)
    receive(args[0], socket, (message) => emit('message', [message, socket]))
  }
  socket.send = (message: unknown) => {
    const allowed = socket.connected ? mayLeave(message) : undefined
    if (allowed !== undefined) send(allowed)
  }
}
