/** Pages for benches: each in a Chromium process of its own, with a profile on the disk, as installations have it. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { randomBytes, toHex } from '../../shared/base/bytes.ts'
import { startSignalingServer } from '../../electron/services/signaling/server.ts'
import { bundlePage } from '../browser/bundle.ts'
import { CHROMIUM_FLAGS } from '../browser/chromium.ts'
import { startYWebrtcServer } from './y-webrtc-server.ts'

const ORIGIN = 'http://127.0.0.1:4999'
const DEBIAN = '/usr/bin/chromium'
const bundles = new Map<string, Promise<string>>()

function bundled(entry: string): Promise<string> {
  const made = bundles.get(entry) ?? bundlePage(entry)
  bundles.set(entry, made)
  return made
}

/** Serves the bench's page, and whatever `data` names, from routes of `origin`; everything else goes where it went. */
export async function serveBench(
  context: BrowserContext,
  origin: string,
  entry: string,
  data: Readonly<Record<string, string>> = {},
): Promise<void> {
  const module = await bundled(entry)
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bench</title><script type="module" src="/bench.js"></script>`
  const answers = new Map([
    ['/bench', { contentType: 'text/html; charset=utf-8', body: html }],
    ['/bench.js', { contentType: 'text/javascript; charset=utf-8', body: module }],
    ...Object.entries(data).map(([path, body]) => [path, { contentType: 'application/json', body }] as const),
  ])
  await context.route(
    ({ origin: from, pathname }) => from === origin && answers.has(pathname),
    (route) => route.fulfill(answers.get(new URL(route.request().url()).pathname) ?? { status: 404 }),
  )
}

async function openPage(profile: string, entry: string, data?: Readonly<Record<string, string>>): Promise<Page> {
  const named = process.env['TEATRAY_CHROMIUM'] ?? (existsSync(DEBIAN) ? DEBIAN : undefined)
  const context = await chromium.launchPersistentContext(profile, {
    args: [...CHROMIUM_FLAGS],
    ...(named === undefined ? { channel: 'chromium' } : { executablePath: named }),
  })
  // As in tests/browser/lab.ts: ICE needs the media permission, and a page from a route may not speak to loopback unasked.
  await context.grantPermissions(['microphone', 'camera', 'local-network-access'], { origin: ORIGIN })
  await serveBench(context, ORIGIN, entry, data)
  const page = context.pages()[0] ?? (await context.newPage())
  page.on('pageerror', (error) => process.stderr.write(`page: ${error.message}\n`))
  await page.goto(`${ORIGIN}/bench`)
  return page
}

export interface PageOptions {
  /** Path of the page's module from the repository's root. */
  readonly entry: string
  /** Path -> JSON. */
  readonly data?: Readonly<Record<string, string>>
}

async function withPages<Value>(
  count: number,
  { entry, data }: PageOptions,
  run: (pages: readonly Page[]) => Promise<Value>,
): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'teatray-bench-'))
  const pages: Page[] = []
  try {
    for (let index = 0; index < count; index++) pages.push(await openPage(join(folder, String(index)), entry, data))
    return await run(pages)
  } finally {
    for (const page of pages) await page.context().close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

export const withPage = <Value>(options: PageOptions, run: (page: Page) => Promise<Value>): Promise<Value> =>
  withPages(1, options, ([page]) => {
    if (page === undefined) throw new Error('no page')
    return run(page)
  })

export interface TwoPages {
  readonly one: Page
  readonly two: Page
  /** ws:// address of a signalling server on loopback. */
  readonly signaling: string
  /** A fresh room key, 64 hexadecimal digits; its text serves as plain y-webrtc's room name too. */
  readonly key: string
}

/** Whose signalling server the two pages meet at. */
export type Signaling = 'ours' | 'of y-webrtc'

const startSignaling = async (whose: Signaling): Promise<{ url: string; close(): Promise<void> }> => {
  if (whose === 'of y-webrtc') return startYWebrtcServer()
  const server = await startSignalingServer({ port: 0, hosts: ['127.0.0.1'] })
  return { url: `ws://127.0.0.1:${server.port}`, close: () => server.close() }
}

export async function withTwoPages<Value>(
  entry: string,
  whose: Signaling,
  run: (pages: TwoPages) => Promise<Value>,
): Promise<Value> {
  const signaling = await startSignaling(whose)
  try {
    return await withPages(2, { entry }, ([one, two]) => {
      if (one === undefined || two === undefined) throw new Error('no pages')
      return run({ one, two, signaling: signaling.url, key: toHex(randomBytes(32)) })
    })
  } finally {
    await signaling.close()
  }
}
