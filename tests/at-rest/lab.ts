/**
 * A page with the keyring, the store and the vault in a real Chromium with a profile on disk, under the hosts' CSP. The
 * server outlives the browser, so that a killed one finds its origin again.
 */
import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { tmpdir } from 'node:os'
import { extname, join, resolve, sep } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { build } from 'vite'
import { securityHeaders } from '../../electron/services/pages/index.ts'
import { CHROMIUM_FLAGS } from '../browser/chromium.ts'

const root = resolve(import.meta.dirname, '../..')

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html; charset=utf-8' }
const DOCUMENT = '<!doctype html><html lang="en"><title>At rest</title><script type="module" src="/page.js"></script>'

export interface Lab {
  readonly profile: string
  /** What the page has reported as done, by name: the greatest number each. */
  readonly reported: ReadonlyMap<string, number>
  start(): Promise<Page>
  stop(): Promise<void>
  /** SIGKILL to every process of this browser, in mid-work. */
  kill(): Promise<void>
  close(): Promise<void>
}

async function serve(directory: string, reported: Map<string, number>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://lab').pathname
    const send = (status: number, type: string, body: string | Buffer): void => {
      response.writeHead(status, { ...securityHeaders([]), 'content-type': type })
      response.end(body)
    }
    if (path === '/') return send(200, 'text/html; charset=utf-8', DOCUMENT)
    if (path.startsWith('/report/')) {
      const [, , name = '', count = ''] = path.split('/')
      reported.set(name, Math.max(reported.get(name) ?? 0, Number(count)))
      return send(200, 'text/plain', '')
    }
    if (path === '/favicon.ico') return send(204, 'image/x-icon', '')
    readFile(join(directory, path)).then(
      (body) => send(200, TYPES[extname(path)] ?? 'application/octet-stream', body),
      () => send(404, 'text/plain', ''),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return server
}

/** Processes started with this very profile; Chromium names it on the command line of all that matter. */
async function processesOf(profile: string): Promise<readonly number[]> {
  if (!existsSync('/proc/self/cmdline')) {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,command='])
    return stdout.split('\n').flatMap((line) => (line.includes(profile) ? [Number.parseInt(line, 10)] : []))
  }
  const found: number[] = []
  for (const name of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // A process may end while the list is read.
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (line.includes(profile)) found.push(Number(name))
  }
  return found
}

export async function openLab(): Promise<Lab> {
  const work = await mkdtemp(join(tmpdir(), 'teatray-at-rest-'))
  const profile = join(work, 'profile')
  const site = join(work, 'site')
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: site,
      emptyOutDir: true,
      target: 'chrome120',
      rollupOptions: { input: resolve(root, 'tests/at-rest/page.ts'), output: { entryFileNames: 'page.js' } },
    },
  })
  const reported = new Map<string, number>()
  const server = await serve(site, reported)
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const debian = process.env['TEATRAY_CHROMIUM'] ?? '/usr/bin/chromium'
  let context: BrowserContext | undefined

  return {
    profile,
    reported,
    async start() {
      context = await chromium.launchPersistentContext(profile, {
        args: [...CHROMIUM_FLAGS],
        ...(existsSync(debian) ? { executablePath: debian } : { channel: 'chromium' }),
      })
      const page = await context.newPage()
      page.on('pageerror', (error) => console.error(error))
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') console.error(message.text())
      })
      await page.goto(origin)
      await page.waitForFunction(() => 'atRest' in window)
      return page
    },
    async stop() {
      await context?.close()
      context = undefined
    },
    async kill() {
      for (const pid of await processesOf(profile)) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It ended with its parent.
        }
      }
      await context?.close().catch(() => undefined)
      context = undefined
    },
    async close() {
      await context?.close().catch(() => undefined)
      await new Promise((closed) => server.close(closed))
      await rm(work, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Every file below a folder whose raw bytes hold the marker, as UTF-8 or UTF-16. */
export async function filesHolding(folder: string, marker: string): Promise<readonly string[]> {
  const forms = [Buffer.from(marker, 'utf8'), Buffer.from(marker, 'utf16le')]
  const found: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = `${entry.parentPath}${sep}${entry.name}`
    const bytes = await readFile(path).catch(() => Buffer.alloc(0))
    if (forms.some((form) => bytes.includes(form))) found.push(path)
  }
  return found
}
