/**
 * Real pages for tests and benches: bundles entries with Vite and opens them in Chromium. The pages come through Playwright's
 * routes, so no server has to be reachable, not even from a network namespace; on loopback's address they are a secure context.
 *
 *   const lab = await openLab({ entries: { page: 'tests/browser/webrtc-page.ts' } })
 *   const one = await lab.open('page')                     // a context, so a profile, of its own
 *   const two = await lab.open('page', one.context())      // a second page of the same profile
 *   const far = await lab.openApart('page', wrapper)       // a browser of its own, perhaps on another machine
 *   await one.evaluate(() => …)
 *   await lab.close()
 */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { bundlePage } from './bundle.ts'
import { type ChromiumOptions, launchChromium } from './chromium.ts'

const ORIGIN = 'http://127.0.0.1:4999'

export interface Lab {
  /** Entry `name` is the page `/name` with the module `/name.js`; a query makes another instance of a module. */
  open(entry: string, context?: BrowserContext): Promise<Page>
  /** A page in a browser process of its own. */
  openApart(entry: string, options?: ChromiumOptions): Promise<Page>
  close(): Promise<void>
}

export interface LabOptions {
  /** Name of the page -> path of its module from the repository's root. */
  readonly entries: Readonly<Record<string, string>>
}

const page = (entry: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${entry}</title><script type="module" src="/${entry}.js"></script>`

function answer(modules: ReadonlyMap<string, string>, path: string): { contentType: string; body: string } | undefined {
  const [, name, suffix] = /^\/(\w+)(\.js)?$/.exec(path) ?? []
  const module = name === undefined ? undefined : modules.get(name)
  if (name === undefined || module === undefined) return undefined
  return suffix === undefined
    ? { contentType: 'text/html; charset=utf-8', body: page(name) }
    : { contentType: 'text/javascript; charset=utf-8', body: module }
}

export async function openLab({ entries }: LabOptions): Promise<Lab> {
  const modules = new Map<string, string>()
  for (const [name, entry] of Object.entries(entries)) modules.set(name, await bundlePage(entry))
  const first = await launchChromium()
  const browsers: Browser[] = [first]
  const ready = new WeakSet<BrowserContext>()

  async function prepare(context: BrowserContext): Promise<void> {
    if (ready.has(context)) return
    ready.add(context)
    // Without the media permission, which the hosts grant too, ICE has no plain host candidates. A page from a route has no
    // address, so Chromium takes it for one of the internet and asks before it may speak to loopback or the LAN.
    await context.grantPermissions(['microphone', 'camera', 'local-network-access'], { origin: ORIGIN })
    await context.route(`${ORIGIN}/**`, (route) =>
      route.fulfill(answer(modules, new URL(route.request().url()).pathname) ?? { status: 404 }),
    )
  }

  async function openIn(context: BrowserContext, entry: string): Promise<Page> {
    await prepare(context)
    const opened = await context.newPage()
    await opened.goto(`${ORIGIN}/${entry}`)
    return opened
  }

  return {
    open: async (entry, context) => openIn(context ?? (await first.newContext()), entry),
    async openApart(entry, options) {
      const browser = await launchChromium(options)
      browsers.push(browser)
      return openIn(await browser.newContext(), entry)
    },
    async close() {
      for (const browser of browsers) await browser.close()
    },
  }
}
