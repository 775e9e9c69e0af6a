import * as broadcastChannel from 'lib0/broadcastchannel'
import { Awareness } from 'y-protocols/awareness'
import { WebrtcProvider, type Room as YRoom, type SignalingConn } from 'y-webrtc'
import { Doc } from 'yjs'
import { describeThrown } from '../../../shared/base/errors.ts'
import type { Link } from '../../../shared/sync/link.ts'
import { createReplayFilter, judgeSignal } from './admission.ts'
import { adoptConnection, type Connection } from './connection.ts'
import { guardRoom, guardSocket, type PublishedMessage } from './guard.ts'
import { ANNOUNCE_EVERY, GATHER_TIMEOUT, MAX_CONNECTIONS } from './limits.ts'
import type { RoomNames } from './names.ts'
import { openSignal, sealSignal } from './signal-box.ts'
import { parseSignal } from './signal.ts'

export interface Addresses {
  readonly signaling: readonly string[]
  readonly iceServers: readonly RTCIceServer[]
}

export interface OpenRoom {
  /** Whether a signalling server is connected at this moment. */
  reachable(): boolean
  close(reason: string): void
}

interface Events {
  /** `drop` closes the connection under the link too; what is returned is called once it is gone. */
  readonly onLink: (link: Link, drop: (reason: string) => void) => () => void
  readonly onReachable: () => void
  readonly log: (line: string) => void
}

/** y-webrtc throws where a second provider opens a room the page still has: each waits for the one before it. */
const closing = new Map<string, PromiseLike<void>>()

/** Awareness carries nothing here: with no local state y-webrtc has nothing to say. */
function mute(doc: Doc): Awareness {
  const awareness = new Awareness(doc)
  awareness.setLocalState(null)
  return awareness
}

function startProvider(names: RoomNames, addresses: Addresses): WebrtcProvider {
  const doc = new Doc()
  return new WebrtcProvider(names.topic, doc, {
    signaling: [...addresses.signaling],
    password: names.password,
    awareness: mute(doc),
    maxConns: MAX_CONNECTIONS,
    filterBcConns: false,
    peerOpts: {
      // Without trickling there are two signals for a connection, whole and in order. Without `iceServers` simple-peer
      // would ask two public servers that nobody here chose.
      trickle: false,
      iceCompleteTimeout: GATHER_TIMEOUT,
      config: { iceServers: [...addresses.iceServers] },
    },
  })
}

/** disconnect() before destroy(), or y-webrtc leaves the signalling socket open; destroy() ends once the key is there. */
function stopProvider(provider: WebrtcProvider): PromiseLike<void> {
  provider.disconnect()
  provider.destroy()
  provider.doc.destroy()
  return provider.key.then(() => undefined)
}

/** Pages of one browser meet over WebRTC like all others; nothing is read from what they could say beside it. */
const leaveBroadcastChannel = (room: YRoom) => broadcastChannel.unsubscribe(room.name, room._bcSubscriber)

interface Running {
  readonly sockets: () => readonly SignalingConn[]
  stop(reason: string): PromiseLike<void>
}

function run(names: RoomNames, addresses: Addresses, events: Events): Running {
  const connections = new Map<string, Connection>()
  const isFirst = createReplayFilter()
  const provider = startProvider(names, addresses)
  const sockets = (): readonly SignalingConn[] => provider.signalingConns as readonly SignalingConn[]

  async function announce(socket: SignalingConn, to?: string): Promise<void> {
    const { room } = provider
    if (room === null) return
    const content = { type: 'announce', from: room.peerId, ...(to === undefined ? {} : { to }) }
    socket.send({ type: 'publish', topic: names.topic, data: await sealSignal(content, room.key) })
  }

  async function admits(message: PublishedMessage, socket: SignalingConn): Promise<boolean> {
    const { room } = provider
    if (room === null) return false
    try {
      return await judge(message, room, socket)
    } catch (thrown) {
      return refuse(describeThrown(thrown))
    }
  }

  async function judge(message: PublishedMessage, room: YRoom, socket: SignalingConn): Promise<boolean> {
    const opened = await openSignal(message.data, room.key)
    if (!opened.ok) return refuse(opened.error)
    if (!isFirst(opened.value.nonce)) return refuse('signal-repeated')
    const signal = parseSignal(opened.value.content)
    if (!signal.ok) return refuse(`${signal.error} (${signal.detail ?? ''})`)
    const verdict = judgeSignal(signal.value, room.peerId, connections)
    if (verdict.do === 'announce-to') await announce(socket, verdict.to)
    if (verdict.do === 'replace') connections.get(verdict.remoteId)?.end('replaced')
    if (verdict.do === 'drop' && verdict.because !== undefined) return refuse(verdict.because)
    return verdict.do === 'pass' || verdict.do === 'replace'
  }

  function refuse(reason: string): false {
    events.log(`webrtc: a signal was refused: ${reason}`)
    return false
  }

  function adopt(remoteId: string): void {
    const conn = provider.room?.webrtcConns.get(remoteId)
    if (conn === undefined) return
    let forget: (() => void) | undefined
    const connection: Connection | undefined = adoptConnection(conn, {
      onLink: (link) => {
        forget = events.onLink(link, (reason) => connection?.end(reason))
      },
      onEnd: () => {
        forget?.()
        if (connections.get(remoteId) === connection) connections.delete(remoteId)
      },
      log: events.log,
    })
    if (connection !== undefined) connections.set(remoteId, connection)
  }

  const unguard = guardRoom(names.topic, { admits })
  for (const socket of sockets()) {
    guardSocket(socket)
    socket.on('connect', events.onReachable)
    socket.on('disconnect', events.onReachable)
  }
  provider.on('peers', ({ added }) => {
    for (const remoteId of added) adopt(remoteId)
  })
  // After y-webrtc's own handler of the same promise, which opens the room.
  provider.key.then(() => {
    if (provider.room !== null) leaveBroadcastChannel(provider.room)
  })
  provider.doc.on('update', () => events.log('webrtc: a document that must stay empty was written to'))
  const announcing = setInterval(() => {
    for (const socket of sockets()) void announce(socket)
  }, ANNOUNCE_EVERY)

  return {
    sockets,
    stop(reason) {
      clearInterval(announcing)
      unguard()
      for (const socket of sockets()) {
        socket.off('connect', events.onReachable)
        socket.off('disconnect', events.onReachable)
      }
      for (const connection of connections.values()) connection.end(reason)
      return stopProvider(provider)
    },
  }
}

export function openRoom(names: RoomNames, addresses: Addresses, events: Events): OpenRoom {
  let running: Running | undefined
  let closedBecause: string | undefined
  const start = () => {
    if (closedBecause === undefined) running = run(names, addresses, events)
  }
  const before = closing.get(names.topic)
  if (before === undefined) start()
  else void before.then(start)

  return {
    reachable: () => running?.sockets().some((socket) => socket.connected) === true,
    close(reason) {
      if (closedBecause !== undefined) return
      closedBecause = reason
      if (running === undefined) return
      const closed = running.stop(reason)
      closing.set(names.topic, closed)
      void closed.then(() => {
        if (closing.get(names.topic) === closed) closing.delete(names.topic)
      })
    },
  }
}
