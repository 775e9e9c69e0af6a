/** Plain y-webrtc and raw frames over our transport, side by side, as `window.bench`. */
import { WebrtcProvider } from 'y-webrtc'
import * as Y from 'yjs'
import { concat, fromHex } from '../../shared/base/bytes.ts'
import { MAX_FRAME, type Link } from '../../shared/sync/link.ts'
import { createWebrtcTransport } from '../../renderer/transports/webrtc/index.ts'
import { type Echo, answerStrokes, paper, text, timeStrokes } from './webrtc-measure.ts'

export type Role = 'writer' | 'other'

declare global {
  interface Window {
    bench: {
      /** Resolves once connected. 'other' answers every stroke from then on. */
      strokesPlain(room: string, signaling: string, role: Role): Promise<void>
      strokesFrames(keyHex: string, signaling: string, role: Role): Promise<void>
      time(count: number): Promise<number[]>
      /** Holds `count` papers of `size` bytes and gives them to whoever comes. */
      holdPlain(room: string, signaling: string, count: number, size: number): Promise<void>
      holdFrames(keyHex: string, signaling: string, count: number, size: number): Promise<void>
      /** Milliseconds from joining to the last whole paper, connecting included. */
      fetchPlain(room: string, signaling: string, count: number, size: number): Promise<number>
      fetchFrames(keyHex: string, signaling: string, count: number, size: number): Promise<number>
    }
  }
}

const REMOTE = Symbol('remote')
let echo: Echo | undefined
let transport: ReturnType<typeof createWebrtcTransport> | undefined

const plain = (room: string, signaling: string, doc: Y.Doc) =>
  new WebrtcProvider(room, doc, {
    signaling: [signaling],
    filterBcConns: false,
    maxConns: 200,
    peerOpts: { config: { iceServers: [] } },
  })

function join(keyHex: string, signaling: string, onLink: (link: Link) => void): void {
  transport = createWebrtcTransport({ signaling: () => [signaling], iceServers: () => [], log: console.log })
  transport.join({ key: fromHex(keyHex), purpose: 'circle' }, onLink)
}

function begin(next: Echo, role: Role): void {
  echo = next
  if (role === 'other') answerStrokes(next)
}

const papers = (count: number, size: number): Y.Doc[] =>
  Array.from({ length: count }, (_, index) => {
    const doc = new Y.Doc()
    if (size > 0) text(doc).insert(0, paper(size + index))
    return doc
  })

/** A paper in frames: each starts with its number (two bytes) and whether it is the last of that paper. */
function toFrames(update: Uint8Array, index: number): Uint8Array[] {
  const room = MAX_FRAME - 3
  const frames: Uint8Array[] = []
  for (let at = 0; at < update.length; at += room) {
    const last = at + room >= update.length
    frames.push(concat(Uint8Array.of(index >> 8, index & 0xff, last ? 1 : 0), update.subarray(at, at + room)))
  }
  return frames
}

function collect(docs: readonly Y.Doc[], link: Link, onAll: () => void): void {
  const parts = new Map<number, Uint8Array[]>()
  let left = docs.length
  link.onFrame((frame) => {
    const index = (frame[0] ?? 0) * 256 + (frame[1] ?? 0)
    const doc = docs[index]
    if (doc === undefined) throw new Error(`no paper ${index}`)
    const got = [...(parts.get(index) ?? []), frame.slice(3)]
    parts.set(index, got)
    if (frame[2] !== 1) return
    Y.applyUpdateV2(doc, concat(...got), REMOTE)
    left -= 1
    if (left === 0) onAll()
  })
}

async function give(docs: readonly Y.Doc[], link: Link): Promise<void> {
  for (const [index, doc] of docs.entries()) {
    for (const frame of toFrames(Y.encodeStateAsUpdateV2(doc), index)) await link.send(frame)
  }
}

window.bench = {
  strokesPlain(room, signaling, role) {
    const doc = new Y.Doc()
    const provider = plain(room, signaling, doc)
    begin({ doc, isRemote: (origin) => origin === provider.room }, role)
    return new Promise((connected) => {
      const look = setInterval(() => {
        if (![...(provider.room?.webrtcConns.values() ?? [])].some((conn) => conn.connected)) return
        clearInterval(look)
        connected()
      }, 20)
    })
  },
  strokesFrames(keyHex, signaling, role) {
    const doc = new Y.Doc()
    begin({ doc, isRemote: (origin) => origin === REMOTE }, role)
    return new Promise((connected) => {
      join(keyHex, signaling, (link) => {
        link.onFrame((frame) => Y.applyUpdateV2(doc, frame, REMOTE))
        doc.on('updateV2', (update: Uint8Array, origin: unknown) => {
          if (origin !== REMOTE) void link.send(update)
        })
        connected()
      })
    })
  },
  time(count) {
    if (echo === undefined) throw new Error('not connected')
    return timeStrokes(echo, count)
  },
  holdPlain(room, signaling, count, size) {
    for (const [index, doc] of papers(count, size).entries()) plain(`${room}-${index}`, signaling, doc)
    return Promise.resolve()
  },
  holdFrames(keyHex, signaling, count, size) {
    const docs = papers(count, size)
    join(keyHex, signaling, (link) => void give(docs, link))
    return Promise.resolve()
  },
  fetchPlain(room, signaling, count, size) {
    const started = performance.now()
    let left = count
    return new Promise((resolve) => {
      for (const [index, doc] of papers(count, 0).entries()) {
        doc.on('update', () => {
          if (text(doc).length < size) return
          left -= 1
          if (left === 0) resolve(performance.now() - started)
        })
        plain(`${room}-${index}`, signaling, doc)
      }
    })
  },
  fetchFrames(keyHex, signaling, count) {
    const started = performance.now()
    const docs = papers(count, 0)
    return new Promise((resolve) => {
      join(keyHex, signaling, (link) => collect(docs, link, () => resolve(performance.now() - started)))
    })
  },
}
