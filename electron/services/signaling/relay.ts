/**
 * Pipes a WebSocket of the window to a signalling server elsewhere. The page may connect to its own host only; here the host
 * connects on, and only to addresses that were asked for through the port: a token, random for each address, stands for
 * it. The way out is opened first, so the window never believes in a connection that ends at this relay.
 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import { describeThrown } from '../../../shared/base/errors.ts'
import { HostError } from '../../../shared/host/errors.ts'
import { createRate } from './rate.ts'

const MAX_ADDRESSES = 64
const MAX_CONNECTIONS = 64
const MAX_MESSAGE = 256 * 1024
const MESSAGES_PER_SECOND = 200
const BURST = 1000
const MAX_BACKLOG = 1024 * 1024
const CONNECT_TIMEOUT = 8000

const POLICY = 1008
const GOING_AWAY = 1001

export interface SignalingRelay {
  readonly path: '/relay'
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** The token for an address. Throws HostError 'bad-address' or 'too-many-addresses'. */
  tokenFor(address: string): string
  close(): void
}

function checkAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const fits = url !== undefined && ['ws:', 'wss:'].includes(url.protocol) && url.username === '' && url.password === ''
  if (!fits || url.hash !== '') throw new HostError('bad-address', 'a ws:// or wss:// address is needed')
  return url.href
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** Codes 1005 and 1006 only describe what happened and cannot be sent (RFC 6455, section 7.4.1). */
const sendableCode = (code: number): number => (code >= 3000 || (code >= 1000 && code <= 1003) ? code : GOING_AWAY)

function pipe(from: WebSocket, to: WebSocket): void {
  const rate = createRate(MESSAGES_PER_SECOND, BURST)
  const end = (code: number): void => {
    if (to.readyState === WebSocket.OPEN) to.close(code)
    else if (to.readyState !== WebSocket.CLOSING) to.terminate()
  }
  from.on('message', (data: RawData, isBinary: boolean) => {
    if (!rate.take() || to.bufferedAmount > MAX_BACKLOG) {
      from.close(POLICY, 'too many messages')
      return end(POLICY)
    }
    if (to.readyState === WebSocket.OPEN) to.send(data, { binary: isBinary })
  })
  from.on('close', (code) => end(sendableCode(code)))
  from.on('error', () => from.terminate())
}

export function createRelay(log: (line: string) => void): SignalingRelay {
  const tokens = new Map<string, string>()
  const addresses = new Map<string, string>()
  const open = new Set<WebSocket>()
  const told = new Set<string>()
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false })

  // Once for each address: y-webrtc tries again and again.
  const logFailure = (address: string, reason: string): void => {
    if (told.has(address)) return
    told.add(address)
    log(`signaling: ${address} could not be reached: ${reason}`)
  }

  const keep = (socket: WebSocket): void => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  }

  const connectOn = (address: string, request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const far = new WebSocket(address, {
      handshakeTimeout: CONNECT_TIMEOUT,
      maxPayload: MAX_MESSAGE,
      perMessageDeflate: false,
      followRedirects: false,
    })
    keep(far)
    // What the far side says before the near side is there must wait.
    far.once('open', () => {
      far.pause()
      told.delete(address)
      sockets.handleUpgrade(request, socket, head, (near) => {
        keep(near)
        pipe(near, far)
        pipe(far, near)
        far.resume()
      })
    })
    far.once('error', (error) => {
      logFailure(address, error.message)
      if (!socket.writableEnded) refuse(socket, '502 Bad Gateway')
    })
    socket.once('close', () => far.terminate())
  }

  return {
    path: '/relay',
    tokenFor(asked) {
      const address = checkAddress(asked)
      const known = tokens.get(address)
      if (known !== undefined) return known
      if (tokens.size >= MAX_ADDRESSES) throw new HostError('too-many-addresses')
      const token = randomBytes(24).toString('hex')
      tokens.set(address, token)
      addresses.set(token, address)
      return token
    },
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy())
      const token = new URL(request.url ?? '', 'ws://relay').searchParams.get('token') ?? ''
      const address = addresses.get(token)
      if (address === undefined) return refuse(socket, '403 Forbidden')
      if (open.size >= 2 * MAX_CONNECTIONS) return refuse(socket, '503 Service Unavailable')
      try {
        connectOn(address, request, socket, head)
      } catch (thrown) {
        logFailure(address, describeThrown(thrown))
        refuse(socket, '502 Bad Gateway')
      }
    },
    close() {
      for (const socket of open) socket.terminate()
      sockets.close()
    },
  }
}
