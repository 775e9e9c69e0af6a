/**
 * Electron's pages have no HTTP server of their own, so the signalling relay gets a small one: loopback, a random port,
 * WebSocket upgrades from our own page only. The token in the path is the relay's own to check.
 */
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Relay } from './index.ts'

export interface RelayServer {
  /** ws://127.0.0.1:PORT */
  readonly base: string
  close(): Promise<void>
}

export async function startRelayServer(relay: Relay, origin: string): Promise<RelayServer> {
  const server = createServer((_request, response) => response.writeHead(403).end())
  const connections = new Set<Duplex>()
  let host = ''
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const isRelay = path === relay.path || path.startsWith(`${relay.path}/`)
    if (isRelay && request.headers.host === host && request.headers.origin === origin) {
      return relay.upgrade(request, socket, head)
    }
    socket.on('error', () => socket.destroy())
    socket.end('HTTP/1.1 403 Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the relay has no port')
  host = `127.0.0.1:${address.port}`
  return {
    base: `ws://${host}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of connections) socket.destroy()
      }),
  }
}
