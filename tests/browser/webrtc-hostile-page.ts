/** A member or an outsider with plain y-webrtc who does not keep to our protocol, as `window.hostile`. */
import * as encoding from 'lib0/encoding'
import './webrtc-window.ts'
import { WebrtcProvider, type WebrtcConn } from 'y-webrtc'
import { Doc } from 'yjs'
import { CHANNEL_ID } from '../../renderer/transports/webrtc/limits.ts'
import { openSignal, sealSignal } from '../../renderer/transports/webrtc/signal-box.ts'

export type HostileAct = 'oversize' | 'text' | 'empty' | 'document' | 'channels'

export interface Target {
  readonly topic: string
  readonly password: string
  readonly url: string
}

const LOWEST = '00000000-0000-4000-8000-000000000000'
const HIGHEST = 'ffffffff-ffff-4fff-8fff-ffffffffffff'
const SDP = 'v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n'
const FORGED: readonly unknown[] = [
  { type: 'answer', sdp: SDP },
  { type: 'offer', sdp: SDP },
  { type: 'answer', sdp: SDP },
  {
    type: 'offer',
    sdp: 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n',
  },
  { type: 'rollback', sdp: SDP },
  { candidate: 3 },
  { transceiverRequest: { kind: 'video' } },
  null,
]

async function roomKey({ password, topic }: Target): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(password), 'PBKDF2', false, [
    'deriveKey',
  ])
  const salt = new TextEncoder().encode(topic)
  const derivation = { name: 'PBKDF2', salt, iterations: 100_000, hash: 'SHA-256' }
  return crypto.subtle.deriveKey(derivation, material, { name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt'])
}

async function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url)
  await new Promise((opened) => socket.addEventListener('open', opened))
  return socket
}

function send(channel: RTCDataChannel, act: HostileAct, conn: WebrtcConn): void {
  if (act === 'oversize') channel.send(new Uint8Array(64 * 1024 + 1))
  if (act === 'text') channel.send('hello')
  if (act === 'empty') channel.send(new Uint8Array(0))
  if (act === 'document') {
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, 0)
    encoding.writeVarUint(encoder, 2)
    encoding.writeVarUint8Array(encoder, new Uint8Array(100_000))
    conn.peer.send(encoding.toUint8Array(encoder))
  }
  if (act === 'channels') for (let extra = 0; extra < 5; extra++) conn.peer._pc.createDataChannel(`extra ${extra}`)
}

window.hostile = {
  join({ topic, password, url, act }) {
    const provider = new WebrtcProvider(topic, new Doc(), {
      signaling: [url],
      password,
      filterBcConns: false,
      peerOpts: { trickle: false, config: { iceServers: [] } },
    })
    provider.on('peers', ({ added }) => {
      for (const id of added) {
        const conn = provider.room?.webrtcConns.get(id)
        if (conn === undefined) continue
        const pc = conn.peer._pc as RTCPeerConnection
        const channel = pc.createDataChannel('frames', { negotiated: true, id: CHANNEL_ID })
        channel.addEventListener('open', () => {
          // Once y-webrtc's own channel is open too.
          if (act !== undefined) setTimeout(() => send(channel, act, conn), 500)
        })
      }
    })
  },
  async announce(target) {
    const [key, socket] = [await roomKey(target), await connect(target.url)]
    for (let count = 0; count < target.count; count++) {
      const content = { type: 'announce', from: `ffffffff${crypto.randomUUID().slice(8)}` }
      socket.send(JSON.stringify({ type: 'publish', topic: target.topic, data: await sealSignal(content, key) }))
    }
  },
  async forge(target) {
    const [key, socket] = [await roomKey(target), await connect(target.url)]
    const publish = async (content: unknown) => {
      const data = await sealSignal(content as Readonly<Record<string, string>>, key)
      socket.send(JSON.stringify({ type: 'publish', topic: target.topic, data }))
    }
    const victim = new Promise<string>((found) => {
      const look = async (text: string) => {
        const opened = await openSignal((JSON.parse(text) as { data: string }).data, key)
        const { from, to } = opened.ok ? (opened.value.content as Record<string, string>) : {}
        if (to === LOWEST && from !== undefined) found(from)
      }
      socket.addEventListener('message', (event: MessageEvent<string>) => void look(event.data))
    })
    socket.send(JSON.stringify({ type: 'subscribe', topics: [target.topic] }))
    await publish({ type: 'announce', from: LOWEST })
    const to = await victim
    for (const from of [LOWEST, HIGHEST]) {
      for (const signal of FORGED) await publish({ type: 'signal', from, to, token: 1, signal })
    }
    return 2 * FORGED.length
  },
}
