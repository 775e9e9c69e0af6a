/** The loopback server of the browser host: pages, the window's WebSocket, the relay. Nothing is answered unchecked. */
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { type Result, describeThrown, fail, ok } from '../../shared/base/errors.ts'
import type { HostLink } from '../../shared/host/host-link.ts'
import { MAX_HOST_MESSAGE } from '../../shared/host/schemas.ts'
import { createAdmission, refuseForeign } from './admission.ts'
import type { Refusal } from './admission.ts'
import { CHALLENGE_PATH, SHOW_PATH } from './instance.ts'
import type { InstanceDoor } from './instance.ts'
import { linkOverSocket } from './socket-link.ts'

export const HOST_PATH = '/host'
export const OPEN_PATH = '/open'
/** What the window shows for the moment before it may come in. Holds nothing, so it needs no cookie. */
export const STARTING_PATH = '/starting'

export interface ServerPage {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string
}

export interface ServerOptions {
  readonly port: number
  readonly pages: (path: string) => Promise<ServerPage>
  /** Sent with everything that is not a page. */
  readonly headers: Readonly<Record<string, string>>
  readonly onWindow: (link: HostLink) => void
  readonly relay: { readonly path: string; upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void }
  readonly instance: InstanceDoor
  readonly log: (line: string) => void
}

export interface Server {
  /** http://127.0.0.1:PORT */
  readonly origin: string
  /** An address that opens the window once. */
  newUrl(): string
  close(): Promise<void>
}

const SENTENCES: Readonly<Record<Refusal['reason'], string>> = {
  'wrong-host': 'This is not an address of Teatray.',
  'foreign-page': 'Teatray does not answer other pages.',
  'no-cookie': 'Teatray opens from its own window. Please start Teatray again.',
  'used-ticket': 'This address has been used once already. Please start Teatray again.',
}

const STARTING =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Teatray</title><p>Teatray is starting.</p>'

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?')[0] ?? '/'

const isAddressInUse = (error: Error): boolean => 'code' in error && error.code === 'EADDRINUSE'

export async function startServer(options: ServerOptions): Promise<Result<Server, 'port-taken'>> {
  const { port, log } = options
  const host = `127.0.0.1:${port}`
  const origin = `http://${host}`
  const admission = createAdmission(port)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_HOST_MESSAGE, perMessageDeflate: false })

  const send = (response: ServerResponse, page: ServerPage): void => {
    response.writeHead(page.status, page.headers).end(page.body)
  }
  const text = (status: number, body: string, more: Readonly<Record<string, string>> = {}): ServerPage => ({
    status,
    headers: { ...options.headers, 'content-type': 'text/plain; charset=utf-8', ...more },
    body,
  })
  const refusal = ({ status, reason }: Refusal): ServerPage => text(status, SENTENCES[reason])

  const enter = (request: IncomingMessage): ServerPage => {
    const ticket = new URL(request.url ?? '/', origin).searchParams.get('ticket') ?? ''
    const cookie = admission.redeem(ticket)
    if (cookie === undefined) return refusal({ status: 403, reason: 'used-ticket' })
    return text(303, '', { location: '/', 'set-cookie': cookie })
  }

  const show = async (request: IncomingMessage): Promise<ServerPage> => {
    const answer = await options.instance.show(await readBody(request))
    return answer === undefined ? text(403, SENTENCES['foreign-page']) : text(200, answer)
  }

  const respond = async (request: IncomingMessage): Promise<ServerPage> => {
    const foreign = refuseForeign(request.headers, host)
    if (foreign !== undefined) return refusal(foreign)
    const path = pathOf(request)
    if (path === SHOW_PATH && request.method === 'POST') return show(request)
    if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, '')
    if (path === CHALLENGE_PATH) return text(200, options.instance.challenge())
    if (path === OPEN_PATH) return enter(request)
    if (path === STARTING_PATH) return text(200, STARTING, { 'content-type': 'text/html; charset=utf-8' })
    if (!admission.hasCookie(request.headers)) return refusal({ status: 403, reason: 'no-cookie' })
    return options.pages(path)
  }

  const server = createServer((request, response) => {
    respond(request).then(
      (page) => send(response, page),
      (thrown: unknown) => {
        log(`server: ${describeThrown(thrown)}`)
        send(response, text(500, 'Teatray could not answer this.'))
      },
    )
  })

  const refuseUpgrade = (headers: IncomingMessage['headers']): Refusal | undefined => {
    const foreign = refuseForeign(headers, host)
    if (foreign !== undefined) return foreign
    // A browser always sends the origin with a WebSocket; what sends none is no window of ours.
    if (headers.origin === undefined) return { status: 403, reason: 'foreign-page' }
    return admission.hasCookie(headers) ? undefined : { status: 403, reason: 'no-cookie' }
  }

  // Upgraded connections are no longer the HTTP server's to close.
  const connections = new Set<Duplex>()
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refused = refuseUpgrade(request.headers)
    if (refused !== undefined) return endUpgrade(socket, refused.status)
    const path = pathOf(request)
    if (path === options.relay.path || path.startsWith(`${options.relay.path}/`)) {
      return options.relay.upgrade(request, socket, head)
    }
    if (path !== HOST_PATH) return endUpgrade(socket, 404)
    sockets.handleUpgrade(request, socket, head, (opened) => options.onWindow(linkOverSocket(opened, log)))
  })

  const listening = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve)
    server.listen(port, '127.0.0.1', () => resolve(undefined))
  })
  if (listening !== undefined) {
    if (isAddressInUse(listening)) return fail('port-taken')
    throw listening
  }
  return ok({
    origin,
    newUrl: () => `${origin}${OPEN_PATH}?ticket=${admission.newTicket()}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of connections) socket.destroy()
      }),
  })
}

function endUpgrade(socket: Duplex, status: number): void {
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** A proof is 64 characters; whatever is longer is cut and so is no proof. */
async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) {
    body += String(chunk)
    if (body.length > 128) break
  }
  return body
}
