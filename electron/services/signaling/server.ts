/** The signalling server itself: WebSockets over HTTP, with a limit on everything a client can make it hold or do. */
import { type IncomingMessage, type Server, createServer } from 'node:http'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { createRate } from './rate.ts'
import { type SignalingMessage, createTopics, readMessage } from './topics.ts'

export const DEFAULT_PORT = 4455

export interface ServerLimits {
  /** Bytes of one message: a session description with its candidates, encrypted, is about 10 KB. */
  readonly maxMessage: number
  readonly maxConnections: number
  readonly maxPerAddress: number
  readonly messagesPerSecond: number
  readonly burst: number
  /** Bytes that may wait for a slow client before it is cut off. */
  readonly maxBacklog: number
  /** Milliseconds; a client that does not answer two pings in a row is gone. */
  readonly pingEvery: number
}

export const SERVER_LIMITS: ServerLimits = {
  maxMessage: 64 * 1024,
  maxConnections: 512,
  maxPerAddress: 64,
  messagesPerSecond: 100,
  burst: 500,
  maxBacklog: 1024 * 1024,
  pingEvery: 30_000,
}

export type StartProblem = 'port-taken' | 'port-forbidden' | 'could-not-listen'

export class CouldNotStart extends Error {
  override readonly name = 'CouldNotStart'
  readonly problem: StartProblem

  constructor(problem: StartProblem, cause: unknown) {
    super(problem, { cause })
    this.problem = problem
  }
}

export interface SignalingServer {
  readonly port: number
  close(): Promise<void>
}

/** RFC 6455, section 7.4.1. */
const UNSUPPORTED = 1003
const POLICY = 1008
const TRY_LATER = 1013

const WHAT_THIS_IS =
  'This is a signalling server for Teatray. It helps computers find each other. It sees when they do, ' +
  'but only through names nobody can guess and messages it cannot read.\n'

/** Web pages from elsewhere send their origin; ours come through the host's relay, which sends none, or are on loopback. */
export function isOwnOrigin(origin: string | undefined): boolean {
  if (origin === undefined) return true
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  return url?.protocol === 'app:' || ['127.0.0.1', 'localhost', '[::1]'].includes(url?.hostname ?? '')
}

function serveClients(sockets: WebSocketServer, limits: ServerLimits): () => void {
  const topics = createTopics<WebSocket>()
  const quiet = new Set<WebSocket>()

  const send = (client: WebSocket, message: unknown): void => {
    if (client.readyState !== client.OPEN) return
    if (client.bufferedAmount > limits.maxBacklog) return client.terminate()
    client.send(JSON.stringify(message))
  }

  const handle = (client: WebSocket, message: SignalingMessage): void => {
    switch (message.type) {
      case 'subscribe':
        if (!message.topics.every((name) => topics.subscribe(client, name))) client.close(POLICY, 'too many topics')
        return
      case 'unsubscribe':
        return message.topics.forEach((name) => topics.unsubscribe(client, name))
      case 'publish': {
        const receivers = topics.subscribers(message.topic)
        const { type, topic, data } = message
        for (const receiver of receivers) send(receiver, { type, topic, data, clients: receivers.size })
        return
      }
      case 'ping':
        return send(client, { type: 'pong' })
      default:
    }
  }

  sockets.on('connection', (client: WebSocket) => {
    const rate = createRate(limits.messagesPerSecond, limits.burst)
    client.on('pong', () => quiet.delete(client))
    client.on('close', () => {
      quiet.delete(client)
      topics.leave(client)
    })
    // A message over the limit or a broken frame; ws closes the connection by itself.
    client.on('error', () => client.terminate())
    client.on('message', (data: RawData, isBinary: boolean) => {
      if (!rate.take()) return client.close(POLICY, 'too many messages')
      const read = readMessage(isBinary ? '' : textOf(data))
      if (read.ok) handle(client, read.value)
      else client.close(UNSUPPORTED, read.error)
    })
  })

  const pings = setInterval(() => {
    for (const client of sockets.clients) {
      if (quiet.has(client)) client.terminate()
      quiet.add(client)
      client.ping()
    }
  }, limits.pingEvery)
  return () => clearInterval(pings)
}

const textOf = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8')

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })

const codeOf = (thrown: unknown): unknown => (thrown instanceof Error && 'code' in thrown ? thrown.code : undefined)

function nameProblem(thrown: unknown): StartProblem {
  const code = codeOf(thrown)
  if (code === 'EADDRINUSE') return 'port-taken'
  return code === 'EACCES' ? 'port-forbidden' : 'could-not-listen'
}

async function listenOn(server: Server, port: number, hosts: readonly string[]): Promise<number> {
  const [host = '127.0.0.1', ...rest] = hosts
  try {
    return await listen(server, port, host)
  } catch (thrown) {
    // A system without IPv6 has no '::' to listen on.
    if (rest.length > 0 && codeOf(thrown) !== 'EADDRINUSE') return listenOn(server, port, rest)
    throw new CouldNotStart(nameProblem(thrown), thrown)
  }
}

/** `hosts` are tried in turn. Rejects with CouldNotStart. */
export async function startSignalingServer(options: {
  readonly port: number
  readonly hosts: readonly string[]
  readonly limits?: Partial<ServerLimits>
}): Promise<SignalingServer> {
  const limits = { ...SERVER_LIMITS, ...options.limits }
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
    response.end(WHAT_THIS_IS)
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.maxMessage, perMessageDeflate: false })
  const addresses = new Map<string, number>()
  const stopServing = serveClients(sockets, limits)

  const isFull = (address: string): boolean =>
    sockets.clients.size >= limits.maxConnections || (addresses.get(address) ?? 0) >= limits.maxPerAddress

  const count = (client: WebSocket, address: string): void => {
    addresses.set(address, (addresses.get(address) ?? 0) + 1)
    client.once('close', () => {
      const left = (addresses.get(address) ?? 1) - 1
      if (left === 0) addresses.delete(address)
      else addresses.set(address, left)
    })
  }

  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (!isOwnOrigin(request.headers.origin)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const address = request.socket.remoteAddress ?? ''
    sockets.handleUpgrade(request, socket, head, (client) => {
      if (isFull(address)) {
        client.on('error', () => client.terminate())
        client.close(TRY_LATER, 'full')
        return
      }
      count(client, address)
      sockets.emit('connection', client, request)
    })
  })

  try {
    const port = await listenOn(server, options.port, options.hosts)
    return {
      port,
      async close() {
        stopServing()
        for (const client of sockets.clients) client.terminate()
        server.closeAllConnections()
        await new Promise<void>((resolve) => server.close(() => resolve()))
      },
    }
  } catch (thrown) {
    stopServing()
    throw thrown
  }
}
