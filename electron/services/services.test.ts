import { EventEmitter } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { emptyBackups } from '../../tests/fixtures/backups-port.ts'
import { emptyKeychain } from '../../tests/fixtures/keychain-port.ts'
import { createMemoryLinks } from '../../shared/host/memory-link.ts'
import type { HostEvent } from '../../shared/host/ports.ts'
import { createHostClient } from '../../shared/host/rpc.ts'
import { createPages, fileFor } from './pages/index.ts'
import { claimForElectron } from './profile/claim-for-electron.ts'
import { drawPort, keepInstallation, newBrowserInstallation, readInstallation } from './profile/index.ts'
import { startRelayServer } from './relay-server.ts'
import { createStorageService, isLow } from './storage/index.ts'
import { createWindowLinks } from './window-link.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'teatray-'))
})
afterEach(() => rm(directory, { recursive: true }))

describe('storage', () => {
  afterEach(() => vi.useRealTimers())

  test('tells of the line being crossed, once each way', async () => {
    vi.useFakeTimers()
    let free = 1000
    const service = createStorageService(directory, () => {}, {
      reserve: 200,
      interval: 10,
      freeBytes: async () => free,
    })
    const events: unknown[] = []
    service.onEvent((event) => events.push(event))
    const at = async (bytes: number) => {
      free = bytes
      await vi.advanceTimersByTimeAsync(30)
    }
    await at(201)
    await at(199)
    await at(210)
    expect(await service.port.space()).toEqual({ freeBytes: 210, low: true })
    await at(249)
    await at(250)
    await at(200)
    expect(events).toEqual([
      { type: 'storage-low', low: true, freeBytes: 199 },
      { type: 'storage-low', low: false, freeBytes: 250 },
    ])
    service.close()
    await at(0)
    expect(events).toHaveLength(2)
  })

  test('reads the real disk', async () => {
    const service = createStorageService(directory, () => {})
    const { freeBytes } = await service.port.space()
    expect(freeBytes).toBeGreaterThan(0)
    service.close()
  })

  test('a disk that cannot be read is logged, not hidden', async () => {
    vi.useFakeTimers()
    const logged: string[] = []
    const service = createStorageService('/nowhere', (line) => logged.push(line), {
      interval: 10,
      freeBytes: () => Promise.reject(new Error('gone')),
    })
    await vi.advanceTimersByTimeAsync(15)
    expect(logged).toEqual(['storage: the free space could not be read: Error: gone'])
    await expect(service.port.space()).rejects.toThrow('gone')
    service.close()
  })

  test.each([
    [199, false, true],
    [200, false, false],
    [249, true, true],
    [250, true, false],
  ])('%i bytes after low=%s: low=%s', (free, was, expected) => expect(isLow(free, 200, was)).toBe(expected))
})

describe('the profile', () => {
  test('keeps one port, for this person alone, whoever comes second', async () => {
    expect(await readInstallation(directory)).toEqual({ ok: false, error: 'profile-new' })
    const first = newBrowserInstallation(20_001)
    expect((await keepInstallation(directory, first)).ok).toBe(true)
    expect(await keepInstallation(directory, newBrowserInstallation(20_002))).toEqual({
      ok: false,
      error: 'profile-taken',
    })
    expect(await readInstallation(directory)).toEqual({ ok: true, value: first })
    expect((await stat(join(directory, 'installation.json'))).mode & 0o777).toBe(0o600)
    expect(await readdir(directory)).toEqual(['installation.json'])
  })

  test.each(['', '{', '{"version":1,"kind":"browser","port":80,"secret":"x"}', '{"version":2,"kind":"electron"}'])(
    'a file saying %j is not trusted and not overwritten',
    async (text) => {
      await writeFile(join(directory, 'installation.json'), text)
      expect(await readInstallation(directory)).toMatchObject({ ok: false, error: 'profile-unreadable' })
      expect(await claimForElectron(directory)).toMatchObject({ ok: false, error: 'profile-unreadable' })
      expect(await readFile(join(directory, 'installation.json'), 'utf8')).toBe(text)
    },
  )

  test('belongs to one host only', async () => {
    expect((await claimForElectron(directory)).ok).toBe(true)
    expect((await claimForElectron(directory)).ok).toBe(true)
    const other = join(directory, 'other')
    await mkdir(other)
    await keepInstallation(other, newBrowserInstallation(20_001))
    expect(await claimForElectron(other)).toMatchObject({ ok: false, error: 'profile-of-browser' })
  })

  test('draws ports between 20000 and 30000', () => {
    const ports = Array.from({ length: 2000 }, drawPort)
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(20_000)
    expect(Math.max(...ports)).toBeLessThanOrEqual(30_000)
    expect(new Set(ports).size).toBeGreaterThan(1000)
  })
})

describe('pages', () => {
  beforeEach(async () => {
    await mkdir(join(directory, 'site', 'assets'), { recursive: true })
    await writeFile(join(directory, 'site', 'index.html'), 'start')
    await writeFile(join(directory, 'site', 'assets', 'a.js'), 'code')
    await writeFile(join(directory, 'secret.txt'), 'secret')
  })
  const pages = (sources: readonly string[] = []) => createPages(join(directory, 'site'), sources)
  const textOf = (body: Uint8Array) => new TextDecoder().decode(body)

  test.each([
    ['/', 200, 'start', 'text/html; charset=utf-8'],
    ['/papers/1', 200, 'start', 'text/html; charset=utf-8'],
    ['/assets/a.js', 200, 'code', 'text/javascript; charset=utf-8'],
  ])('%s', async (path, status, body, type) => {
    const page = await pages()(path)
    expect([page.status, textOf(page.body), page.headers['content-type']]).toEqual([status, body, type])
  })

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..\\secret.txt',
    '/%5c..%5csecret.txt',
    '/assets/%00.js',
    '/C:/secret.txt',
    '/%',
  ])('%s is refused', async (path) => {
    const page = await pages()(path)
    expect([page.status, textOf(page.body)]).toEqual([403, 'This address is not part of Teatray.'])
  })

  test('what is missing is 404, a double slash stays inside', async () => {
    expect((await pages()('/nothing.js')).status).toBe(404)
    expect((await pages()('//etc/passwd.txt')).status).toBe(404)
    expect(fileFor('/site', '//etc/passwd.txt')).toBe('/site/etc/passwd.txt')
  })

  test('carry the policy, also when refused', async () => {
    for (const path of ['/', '/nothing.js', '/../x']) {
      const { headers } = await pages()(path)
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'",
      )
      expect(headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
    }
    const { headers } = await pages(['ws://127.0.0.1:5'])('/')
    expect(headers['content-security-policy']).toContain("connect-src 'self' ws://127.0.0.1:5;")
  })
})

describe('the window link', () => {
  function setup() {
    const calls: string[] = []
    let finishLeave = (): void => {}
    const lan = {
      join: async ({ roomId }: { roomId: string }) => void calls.push(`join ${roomId}`),
      leave: ({ roomId }: { roomId: string }) =>
        new Promise<void>((resolve) => {
          finishLeave = () => {
            calls.push(`left ${roomId}`)
            resolve()
          }
        }),
      send: async () => {},
      closeLink: async () => {},
    }
    const events = new EventEmitter()
    const windows = createWindowLinks(
      {
        ports: {
          lan,
          info: { get: vi.fn() },
          signaling: { serverStatus: vi.fn(), setServer: vi.fn(), relay: vi.fn() },
          storage: { space: vi.fn() },
          profile: { remembered: vi.fn(), remember: vi.fn(), wipe: vi.fn() },
          keychain: emptyKeychain(),
          backups: emptyBackups(),
          files: { waiting: vi.fn(), read: vi.fn(), done: vi.fn() },
        },
        onEvent: (handler: (event: HostEvent) => void) => {
          events.on('event', handler)
          return () => events.off('event', handler)
        },
      },
      () => {},
    )
    const openPage = () => {
      const [page, host] = createMemoryLinks()
      windows.accept(host)
      const client = createHostClient(page)
      return client
    }
    return { calls, windows, events, openPage, finishLeave: () => finishLeave() }
  }
  const key = new Uint8Array(32)

  test('a second page takes over: the first is closed and its rooms are left before a new one is joined', async () => {
    const { calls, openPage, finishLeave, events } = setup()
    const first = openPage()
    await first.ports.lan.join({ roomId: 'r', key })
    let closed = false
    first.onClose(() => (closed = true))
    const second = openPage()
    const joining = second.ports.lan.join({ roomId: 'r', key })
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect([closed, calls]).toEqual([true, ['join r']])
    finishLeave()
    await joining
    expect(calls).toEqual(['join r', 'left r', 'join r'])
    expect(events.listenerCount('event')).toBe(1)
  })

  test('a page that is gone leaves what it had joined', async () => {
    const { calls, openPage, finishLeave, events } = setup()
    const page = openPage()
    await page.ports.lan.join({ roomId: 'a', key })
    page.close()
    await new Promise((resolve) => setTimeout(resolve, 10))
    finishLeave()
    expect([calls, events.listenerCount('event')]).toEqual([['join a', 'left a'], 0])
  })
})

describe("Electron's relay server", () => {
  const origin = 'app://teatray'
  const seen: string[] = []
  const start = () =>
    startRelayServer(
      {
        path: '/relay',
        upgrade: (incoming, socket: Duplex) => {
          seen.push(incoming.url ?? '')
          socket.end('HTTP/1.1 418 Relay\r\n\r\n')
        },
      },
      origin,
    )
  const upgrade = (base: string, path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(base)
      const asked = request({
        host: hostname,
        port,
        path,
        headers: { connection: 'upgrade', upgrade: 'websocket', ...headers },
      })
      asked.on('response', (response) => resolve(response.resume().statusCode ?? 0))
      asked.on('error', reject)
      asked.end()
    })

  test('takes upgrades of our own page only', async () => {
    const relay = await start()
    expect(relay.base).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/)
    expect(await upgrade(relay.base, '/relay/t', { origin })).toBe(418)
    for (const [path, headers] of [
      ['/relay/t', {}],
      ['/relay/t', { origin: 'http://evil.example' }],
      ['/relay/t', { origin, host: 'evil.example' }],
      ['/host', { origin }],
    ] as const) {
      expect(await upgrade(relay.base, path, headers)).toBe(403)
    }
    expect(seen).toEqual(['/relay/t'])
    expect((await fetch(relay.base.replace('ws:', 'http:'))).status).toBe(403)
    await relay.close()
  })
})
