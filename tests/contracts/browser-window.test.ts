/** The browser host's window with a real browser (headless, so that it needs no screen). */
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findBrowser, thisMachine } from '../../electron/launcher/find-browser.ts'
import { createInstanceDoor } from '../../electron/launcher/instance.ts'
import { startServer } from '../../electron/launcher/server.ts'
import type { Server } from '../../electron/launcher/server.ts'
import { openWindow } from '../../electron/launcher/window.ts'
import type { BrowserWindow } from '../../electron/launcher/window.ts'
import { drawPort } from '../../electron/services/profile/index.ts'

const PAGE = `<!doctype html><title>Page</title><script type="module">
  const persisted = await navigator.storage.persist()
  const { state } = await navigator.permissions.query({ name: 'microphone' })
  const other = await navigator.permissions.query({ name: 'geolocation' })
  fetch('/report/' + [persisted, state, other.state].join('-'))
</script>`

let directory: string
let server: Server
let paths: string[]
let window: BrowserWindow

/** The installed browser without a screen, and with a door for the test to close its pages through. */
async function headlessBrowser(): Promise<string> {
  const browser = findBrowser(thisMachine()) ?? chromium.executablePath()
  const script = join(directory, 'browser.sh')
  await writeFile(script, `#!/bin/sh\nexec '${browser}' --headless=new --disable-gpu --remote-debugging-port=0 "$@"\n`)
  await chmod(script, 0o755)
  return script
}

const userDataDirectory = () => join(directory, 'browser')

const open = (browser: string): BrowserWindow =>
  openWindow({
    browser,
    userDataDirectory: userDataDirectory(),
    origin: server.origin,
    newUrl: () => server.newUrl(),
    asRoot: process.getuid?.() === 0,
    platform: process.platform,
    log: () => {},
  })

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'teatray-window-'))
  paths = []
  for (;;) {
    const started = await startServer({
      port: drawPort(),
      pages: async (path) => {
        paths.push(path)
        return { status: 200, headers: { 'content-type': 'text/html' }, body: PAGE }
      },
      headers: {},
      onWindow: (link) => link.close(),
      relay: { path: '/relay', upgrade: (_request, socket) => socket.destroy() },
      instance: createInstanceDoor('', async () => ({ url: '' })),
      log: () => {},
    })
    if (!started.ok) continue
    server = started.value
    break
  }
})
afterEach(async () => {
  window.close()
  await window.ended
  await server.close()
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
})

const report = () => paths.find((path) => path.startsWith('/report/'))
const patience = { timeout: 20_000 }

test('comes in with its one-time address, may keep its data and may see local addresses, and nothing else', async () => {
  window = open(await headlessBrowser())
  await expect.poll(report, patience).toBe('/report/true-granted-prompt')
  await window.show()
})

test('is over when its last page is closed', async () => {
  window = open(await headlessBrowser())
  await expect.poll(report, patience).toBeDefined()
  const [port] = (await readFile(join(userDataDirectory(), 'DevToolsActivePort'), 'utf8')).split('\n')
  const base = `http://127.0.0.1:${port}/json`
  const targets = (await (await fetch(`${base}/list`)).json()) as { id: string; type: string }[]
  for (const { id } of targets.filter(({ type }) => type === 'page')) await fetch(`${base}/close/${id}`)
  expect((await window.ended).how).toBe('closed')
})

test.runIf(existsSync('/proc/self/cmdline'))('killed, it says so', async () => {
  window = open(await headlessBrowser())
  await expect.poll(report, patience).toBeDefined()
  const lock = await import('node:fs').then(({ readlinkSync }) =>
    readlinkSync(join(userDataDirectory(), 'SingletonLock')),
  )
  process.kill(Number(lock.split('-').at(-1)), 'SIGKILL')
  expect(await window.ended).toEqual({ how: 'killed', detail: 'SIGKILL' })
})

test('a browser that is not one has failed', async () => {
  window = open('/bin/false')
  expect((await window.ended).how).toBe('failed')
  window = open(join(directory, 'missing'))
  expect((await window.ended).how).toBe('failed')
})
