/** What the pages of the WebRTC tests and benches offer to `page.evaluate`, as `window.lab`. */
import { fromHex } from '../../shared/base/bytes.ts'
import './webrtc-window.ts'
import type { Link } from '../../shared/sync/link.ts'
import { createWebrtcTransport, type WebrtcTransport } from '../../renderer/transports/webrtc/index.ts'

export interface LinkRecord {
  readonly link: Link
  readonly openedAt: number
  closed: string | undefined
  closedAt: number
  frames: number
  bytes: number
  /** Of every frame: its first four bytes as a big-endian number, in order of arrival. */
  readonly numbers: number[]
}

export interface WebrtcLab {
  readonly lines: string[]
  /** Uncaught errors and rejections: there must be none. */
  readonly uncaught: string[]
  readonly links: LinkRecord[]
  signaling: string[]
  transport: WebrtcTransport | undefined
  start(signaling: string[]): WebrtcTransport
  /** Returns the way to leave. */
  join(keyHex: string): () => void
  open(): LinkRecord[]
  /** Sends `count` numbered frames of `size` bytes on every open link, with back-pressure; milliseconds it took. */
  burst(count: number, size: number): Promise<number>
}

function record(link: Link): LinkRecord {
  const entry: LinkRecord = {
    link,
    openedAt: performance.now(),
    closed: undefined,
    closedAt: 0,
    frames: 0,
    bytes: 0,
    numbers: [],
  }
  link.onFrame((frame) => {
    entry.frames += 1
    entry.bytes += frame.length
    entry.numbers.push(frame.length < 4 ? -1 : new DataView(frame.buffer, frame.byteOffset).getUint32(0))
  })
  link.onClose((reason) => {
    entry.closed = reason
    entry.closedAt = Date.now()
  })
  return entry
}

async function sendNumbered(link: Link, count: number, size: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    const frame = new Uint8Array(size)
    new DataView(frame.buffer).setUint32(0, number)
    await link.send(frame)
  }
}

const connections = new Set<RTCPeerConnection>()
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration)
    connections.add(this)
  }
}
window.livePeerConnections = () => [...connections].filter((pc) => pc.signalingState !== 'closed').length

window.lab = {
  lines: [],
  uncaught: [],
  links: [],
  signaling: [],
  transport: undefined,
  start(signaling) {
    this.signaling = signaling
    this.transport = createWebrtcTransport({
      signaling: () => this.signaling,
      iceServers: () => [],
      log: (line) => this.lines.push(line),
    })
    return this.transport
  },
  join(keyHex) {
    if (this.transport === undefined) throw new Error('not started')
    const joined = this.transport.join({ key: fromHex(keyHex), purpose: 'circle' }, (link) => {
      this.links.push(record(link))
    })
    return () => joined.leave()
  },
  open() {
    return this.links.filter((entry) => entry.closed === undefined)
  },
  async burst(count, size) {
    const started = performance.now()
    await Promise.all(this.open().map(({ link }) => sendNumbered(link, count, size)))
    return performance.now() - started
  },
}
window.addEventListener('error', (event) => window.lab.uncaught.push(event.message))
window.addEventListener('unhandledrejection', (event) => window.lab.uncaught.push(String(event.reason)))
