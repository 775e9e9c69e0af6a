import type { WebrtcConn } from 'y-webrtc'
import type { Link } from '../../../shared/sync/link.ts'
import { createChannelLink } from './channel-link.ts'
import { CHANNEL_ID, CONNECT_TIMEOUT, MAX_CHATTER, REOPEN_AFTER } from './limits.ts'

/** The part of simple-peer that is relied on; `_pc` is private there, and null once destroyed. */
interface SimplePeer {
  readonly initiator: boolean
  readonly destroyed: boolean
  readonly _pc: RTCPeerConnection | null
  on(event: 'data', listener: (data: Uint8Array | string) => void): void
  on(event: 'close', listener: () => void): void
  removeAllListeners(event: 'data'): void
  destroy(): void
}

export interface Connection {
  readonly remoteId: string
  readonly initiator: boolean
  readonly link: () => Link | undefined
  /** Nothing has come from the other side yet; a forged announce never gets further. */
  unanswered(): boolean
  awaitsAnswer(): boolean
  end(reason: string): void
}

interface Events {
  readonly onLink: (link: Link) => void
  readonly onEnd: () => void
  readonly log: (line: string) => void
}

/**
 * y-webrtc must never read what the other side says about its document: its own listener goes, and an honest side has
 * only a few bytes to say there.
 */
function silence(peer: SimplePeer, onTooMuch: () => void): void {
  let heard = 0
  peer.removeAllListeners('data')
  peer.on('data', (data) => {
    heard += data.length
    if (heard > MAX_CHATTER) onTooMuch()
  })
}

/** simple-peer expects one channel beside ours where it did not begin, and none where it did. */
function refuseMoreChannels(pc: RTCPeerConnection, allowed: number, onTooMany: () => void): void {
  let seen = 0
  pc.addEventListener('datachannel', () => {
    seen += 1
    if (seen > allowed) onTooMany()
  })
}

/**
 * ICE says 'disconnected' after five to seven seconds of silence. It goes on answering while the page is busy, so a long
 * computation is not mistaken for a lost computer.
 */
function watchForLoss(pc: RTCPeerConnection, onLost: () => void): void {
  pc.addEventListener('iceconnectionstatechange', () => {
    if (pc.iceConnectionState === 'disconnected') onLost()
  })
}

/** Takes over a connection that y-webrtc has just begun: our own channel on it, its end, and what y-webrtc leaves open. */
export function adoptConnection(conn: WebrtcConn, events: Events): Connection | undefined {
  const peer = conn.peer as SimplePeer
  const pc = peer._pc
  if (pc === null) return undefined
  const channel = pc.createDataChannel('frames', { negotiated: true, id: CHANNEL_ID, ordered: true })
  const link = createChannelLink(channel, peer.initiator)
  let opened: Link | undefined
  let ended = false
  let holding: ReturnType<typeof setTimeout> | undefined

  function end(reason: string): void {
    if (ended) return
    ended = true
    clearTimeout(connecting)
    clearTimeout(holding)
    link.close(reason)
    conn.destroy()
    events.onEnd()
  }

  const connecting = setTimeout(() => end('connect-timeout'), CONNECT_TIMEOUT)
  channel.addEventListener('open', () => {
    clearTimeout(connecting)
    opened = link
    events.onLink(link)
  })
  channel.addEventListener('close', () => {
    holding ??= setTimeout(() => end('closed'), REOPEN_AFTER)
  })
  peer.on('close', () => end('closed-by-other'))
  watchForLoss(pc, () => end('lost'))
  refuseMoreChannels(pc, peer.initiator ? 0 : 1, () => end('too-many-channels'))
  silence(peer, () => {
    events.log('webrtc: a computer spoke on a channel that carries nothing; disconnected')
    end('unexpected-data')
  })

  return {
    remoteId: conn.remotePeerId,
    initiator: peer.initiator,
    link: () => opened,
    unanswered: () => pc.remoteDescription === null,
    awaitsAnswer: () => !peer.destroyed && pc.signalingState === 'have-local-offer',
    end,
  }
}
