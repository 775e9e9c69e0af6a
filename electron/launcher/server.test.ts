import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { HostLink } from '../../shared/host/host-link.ts'
import { drawPort } from '../services/profile/index.ts'
import { createInstanceDoor } from './instance.ts'
import { startServer } from './server.ts'
import type { Server, ServerOptions } from './server.ts'

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let server: Server
let port: number
let links: HostLink[]
let relayed: string[]
let logged: string[]
let cookie: string

const somePage: ServerOptions['pages'] = async (path) => ({ status: 200, headers: { 'x-page': path }, body: 'page' })

const options = (port: number, pages = somePage): ServerOptions => ({
  port,
  pages,
  headers: { 'content-security-policy': "default-src 'none'" },
  onWindow: (link) => links.push(link),
  relay: {
    path: '/relay',
    upgrade: (incoming, socket: Duplex) => {
      relayed.push(incoming.url ?? '')
      socket.end('HTTP/1.1 400 Relay\r\n\r\n')
    },
  },
  instance: createInstanceDoor('00', async () => ({ url: '' })),
  log: (line) => logged.push(line),
})

async function begin(pages = somePage): Promise<void> {
  for (;;) {
    port = drawPort()
    const started = await startServer(options(port, pages))
    if (!started.ok) continue
    server = started.value
    break
  }
  const url = new URL(server.newUrl())
  const entered = await ask(url.pathname + url.search)
  cookie = String(entered.headers['set-cookie']).split(';')[0]!
}

beforeEach(async () => {
  links = []
  relayed = []
  logged = []
  await begin()
})
afterEach(() => server.close())

function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

/** The status of a refused upgrade, or 'open'. */
function connect(path: string, headers: Record<string, string>): Promise<number | 'open'> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
    socket.on('open', () => resolve('open'))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => {})
  })
}

const ownOrigin = () => `http://127.0.0.1:${port}`

describe('pages', () => {
  test('are given to whoever holds the cookie', async () => {
    const answer = await ask('/papers', { cookie, 'sec-fetch-site': 'same-origin' })
    expect([answer.status, answer.headers['x-page'], answer.body]).toEqual([200, '/papers', 'page'])
  })

  test('are refused without it, and with a wrong one', async () => {
    const wrong = `${cookie.slice(0, -1)}${cookie.endsWith('A') ? 'B' : 'A'}`
    expect((await ask('/')).status).toBe(403)
    expect((await ask('/', { cookie: wrong })).status).toBe(403)
    expect((await ask('/', { cookie: `other=${cookie.split('=')[1]}` })).status).toBe(403)
  })

  test.each(['localhost', 'evil.example', '127.0.0.1', '127.0.0.1:80', '[::1]'])(
    'are 421 for host %s',
    async (host) => {
      const named = host === 'localhost' ? `localhost:${port}` : host
      expect((await ask('/', { cookie, host: named })).status).toBe(421)
    },
  )

  test.each([
    { origin: 'http://evil.example' },
    { origin: 'http://127.0.0.1:1' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('are 403 for %o', async (headers) => {
    expect((await ask('/', { cookie, ...headers })).status).toBe(403)
  })

  test('take no other method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await ask('/', { cookie }, method)).status).toBe(405)
    }
  })

  test('that fail say so, once in the log', async () => {
    await server.close()
    await begin(() => Promise.reject(new Error('disk')))
    const answer = await ask('/', { cookie })
    expect([answer.status, logged]).toEqual([500, ['server: Error: disk']])
  })
})

describe('a ticket', () => {
  test('becomes a cookie that scripts and other sites cannot use, once', async () => {
    const url = new URL(server.newUrl())
    const first = await ask(url.pathname + url.search)
    expect([first.status, first.headers.location]).toEqual([303, '/'])
    expect(String(first.headers['set-cookie'])).toMatch(
      new RegExp(`^teatray-${port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    )
    const again = await ask(url.pathname + url.search)
    expect([again.status, again.headers['set-cookie']]).toEqual([403, undefined])
  })

  test('that was made up opens nothing', async () => {
    for (const path of ['/open', '/open?ticket=', '/open?ticket=x']) expect((await ask(path)).status).toBe(403)
  })

  test('from a foreign page opens nothing and stays good', async () => {
    const url = new URL(server.newUrl())
    expect((await ask(url.pathname + url.search, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await ask(url.pathname + url.search, { 'sec-fetch-site': 'none' })).status).toBe(303)
  })
})

describe('the WebSocket', () => {
  test('opens for our own page', async () => {
    expect(await connect('/host', { cookie, origin: ownOrigin() })).toBe('open')
    expect(links.length).toBe(1)
  })

  test('is refused to all others', async () => {
    expect(await connect('/host', { origin: ownOrigin() })).toBe(403)
    expect(await connect('/host', { cookie })).toBe(403)
    expect(await connect('/host', { cookie, origin: 'http://127.0.0.1:1' })).toBe(403)
    expect(await connect('/host', { cookie, origin: ownOrigin(), host: 'evil.example' })).toBe(421)
    expect(await connect('/other', { cookie, origin: ownOrigin() })).toBe(404)
    expect(links.length).toBe(0)
  })

  test('closes on a message over the cap', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/host`, { headers: { cookie, origin: ownOrigin() } })
    await new Promise((resolve) => socket.on('open', resolve))
    let received = 0
    links[0]!.onMessage(() => received++)
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    socket.send(new Uint8Array(16 * 1024 * 1024 + 1))
    expect([await closed, received]).toEqual([1009, 0])
  })

  test('is not compressed', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/host`, { headers: { cookie, origin: ownOrigin() } })
    await new Promise((resolve) => socket.on('open', resolve))
    expect(socket.extensions).toBe('')
    socket.terminate()
  })
})

describe('the relay', () => {
  test('gets what has passed the same checks', async () => {
    expect(await connect('/relay', { origin: ownOrigin() })).toBe(403)
    expect(await connect('/relay/x', { cookie, origin: 'http://evil.example' })).toBe(403)
    expect(relayed).toEqual([])
    expect(await connect('/relay', { cookie, origin: ownOrigin() })).toBe(400)
    expect(await connect('/relay/token?x=1', { cookie, origin: ownOrigin() })).toBe(400)
    expect(await connect('/relayed', { cookie, origin: ownOrigin() })).toBe(404)
    expect(relayed).toEqual(['/relay', '/relay/token?x=1'])
  })
})

test('a taken port is an answer, not another port', async () => {
  expect(await startServer(options(port))).toEqual({ ok: false, error: 'port-taken' })
})

test('refusals carry the same policy as pages', async () => {
  expect((await ask('/')).headers['content-security-policy']).toBe("default-src 'none'")
})
