import { afterEach, describe, expect, test } from 'vitest'
import { ok } from '../../shared/base/errors.ts'
import type { HostEvent } from '../../shared/host/ports.ts'
import { drawPort, newBrowserInstallation } from '../services/profile/index.ts'
import { runBrowserHost } from './browser-host.ts'
import type { Address, BrowserHostOptions, ProfileAccess } from './browser-host.ts'
import { askToShow, createInstanceDoor } from './instance.ts'
import { startServer } from './server.ts'
import type { BrowserWindow } from './window.ts'

/** A profile in memory; `first` is what its file says already. */
function memoryProfile(first?: Address) {
  let kept = first
  const profile: ProfileAccess = {
    read: async () => ok(kept),
    draw: () => newBrowserInstallation(drawPort()),
    keep: async (address) => {
      if (kept !== undefined) return false
      kept = address
      return true
    },
  }
  return { profile, kept: () => kept }
}

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

function start(profile: ProfileAccess, more: Partial<BrowserHostOptions> = {}) {
  const printed: string[] = []
  const logged: string[] = []
  const events: HostEvent[] = []
  const closed: string[] = []
  let started = 0
  let more_ = (): void => {}
  let stop = (): void => {}
  const stopped = new Promise<void>((resolve) => (stop = resolve))
  stops.push(stop)
  const exit = runBrowserHost({
    profileDirectory: '/profile',
    noWindow: true,
    profile,
    server: { pages: async () => ({ status: 200, headers: {}, body: '' }), headers: {}, relayPath: '/relay' },
    start: async () => {
      started++
      return {
        onWindow: () => {},
        relay: { upgrade: (_request, socket) => socket.destroy() },
        emit: (event) => events.push(event),
        close: async () => void closed.push('services'),
      }
    },
    openWindow: { why: 'No browser.' },
    print: (line) => printed.push(line),
    log: (line) => logged.push(line),
    onMoreUrls: (handler) => (more_ = handler),
    stopped,
    ...more,
  })
  return { exit, printed, logged, events, closed, stop, starts: () => started, askForMore: () => more_() }
}

/** A window whose end the test decides. */
function fakeWindow() {
  let end: (how: Awaited<BrowserWindow['ended']>) => void = () => {}
  const calls: string[] = []
  const window: BrowserWindow = {
    ended: new Promise((resolve) => (end = resolve)),
    show: async () => void calls.push('show'),
    close: () => {
      calls.push('close')
      end({ how: 'closed', detail: '' })
    },
  }
  return { window, calls, end: (how: Awaited<BrowserWindow['ended']>) => end(how) }
}

describe('without a window', () => {
  test('prints one line of JSON with a one-time address, and more when asked', async () => {
    const { profile, kept } = memoryProfile()
    const host = start(profile)
    await expect.poll(() => host.printed.length).toBe(1)
    const line = JSON.parse(host.printed[0]!) as { url: string; port: number; profile: string }
    expect(line).toMatchObject({ port: kept()!.port, profile: '/profile' })
    expect(line.url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${line.port}/open\\?ticket=`))
    expect(line.port).toBeGreaterThanOrEqual(20_000)
    expect(line.port).toBeLessThanOrEqual(30_000)
    host.askForMore()
    expect((JSON.parse(host.printed[1]!) as { url: string }).url).not.toBe(line.url)
    host.stop()
    expect([await host.exit, host.closed]).toEqual([0, ['services']])
  })

  test('keeps its port for ever', async () => {
    const { profile, kept } = memoryProfile()
    for (let round = 0; round < 2; round++) {
      const host = start(profile)
      await expect.poll(() => host.printed.length).toBe(1)
      expect((JSON.parse(host.printed[0]!) as Address).port).toBe(kept()!.port)
      host.stop()
      await host.exit
    }
  })
})

test('a port taken by something else is said and ends the start, with nothing begun', async () => {
  const address = newBrowserInstallation(drawPort())
  const other = await startServer({
    port: address.port,
    pages: async () => ({ status: 200, headers: {}, body: '' }),
    headers: {},
    onWindow: () => {},
    relay: { path: '/relay', upgrade: () => {} },
    instance: createInstanceDoor('another secret', async () => ({ url: 'http://127.0.0.1:1/stolen' })),
    log: () => {},
  })
  if (!other.ok) throw new Error('the drawn port was taken')
  const host = start(memoryProfile(address).profile)
  expect(await host.exit).toBe(1)
  expect(host.logged).toHaveLength(1)
  expect(host.logged[0]).toContain(`Another program uses port ${address.port}`)
  expect([host.printed, host.starts()]).toEqual([[], 0])
  await other.value.close()
})

describe('a second start of the same profile', () => {
  test('has the first show its window, and ends well', async () => {
    const { profile } = memoryProfile()
    const { window, calls, end } = fakeWindow()
    const first = start(profile, { noWindow: false, openWindow: { open: () => window } })
    await expect.poll(() => first.starts()).toBe(1)
    const second = start(profile, { noWindow: false })
    expect(await second.exit).toBe(0)
    expect(second.starts()).toBe(0)
    expect(calls).toEqual(['show'])
    expect(first.events).toEqual([{ type: 'show-yourself' }])
    end({ how: 'closed', detail: '' })
    expect(await first.exit).toBe(0)
  })

  test('gets an address where the first has no window', async () => {
    const { profile } = memoryProfile()
    const first = start(profile)
    await expect.poll(() => first.printed.length).toBe(1)
    const second = start(profile)
    expect(await second.exit).toBe(0)
    expect(JSON.parse(second.printed[0]!)).toMatchObject({ port: (JSON.parse(first.printed[0]!) as Address).port })
  })

  test('with another secret is told nothing', async () => {
    const { profile, kept } = memoryProfile()
    const first = start(profile)
    await expect.poll(() => first.printed.length).toBe(1)
    expect(await askToShow(kept()!.port, 'f'.repeat(64))).toEqual({ ok: false, error: 'not-teatray' })
    expect(first.events).toEqual([])
  })
})

describe('with a window', () => {
  test.each([
    ['closed', 0, 0],
    ['killed', 1, 1],
  ] as const)('%s: the host ends with %i', async (how, code, lines) => {
    const { window, end } = fakeWindow()
    const host = start(memoryProfile().profile, { noWindow: false, openWindow: { open: () => window } })
    await expect.poll(() => host.starts()).toBe(1)
    end({ how, detail: 'SIGKILL' })
    expect(await host.exit).toBe(code)
    expect([host.logged.length, host.closed]).toEqual([lines, ['services']])
  })

  test('asked to stop: the window is closed first', async () => {
    const { window, calls } = fakeWindow()
    const host = start(memoryProfile().profile, { noWindow: false, openWindow: { open: () => window } })
    await expect.poll(() => host.starts()).toBe(1)
    host.stop()
    expect([await host.exit, calls]).toEqual([0, ['close']])
  })

  test.each(['no browser', 'a browser that does not start'])('%s: the address is printed and served', async (what) => {
    const { window, end } = fakeWindow()
    const openWindow = what === 'no browser' ? { why: 'No browser.' } : { open: () => window }
    const host = start(memoryProfile().profile, { noWindow: false, openWindow })
    await expect.poll(() => host.starts()).toBe(1)
    end({ how: 'failed', detail: 'ENOENT' })
    await expect.poll(() => host.printed.length).toBe(1)
    const url = /http:\S+/.exec(host.printed[0]!)![0]
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(303)
    host.stop()
    expect(await host.exit).toBe(0)
  })
})
