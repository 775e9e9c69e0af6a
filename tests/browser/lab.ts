/**
 * Real pages for tests and benches: bundles entries with Vite, serves them on loopback, opens them in Chromium.
 *
 *   const lab = await openLab({ entries: { page: 'tests/browser/webrtc-page.ts' } })
 *   const one = await lab.open('page')                     // a context, so a profile, of its own
 *   const two = await lab.open('page', one.context())      // a second page of the same profile
 *   await one.evaluate(() => …)
 *   await lab.close()
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { bundlePage } from './bundle.ts'
import { launchChromium } from './chromium.ts'

export interface Lab {
  /** `http://127.0.0.1:<port>`; entry `name` is at `/name.js`, its page at `/name`. */
  readonly origin: string
  /** With the media permission, which the hosts grant too: without it ICE has no plain host candidates. */
  open(entry: string, context?: BrowserContext): Promise<Page>
  /** A page in a browser process of its own. */
  openApart(entry: string): Promise<Page>
  close(): Promise<void>
}

export interface LabOptions {
  /** Name of the page -> path of its module from the repository's root. */
  readonly entries: Readonly<Record<string, string>>
  /** For namespaces; loopback only where left out. */
  readonly host?: string
  readonly executablePath?: string
}

const document = (entry: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${entry}</title><script type="module" src="/${entry}.js"></script>`

function respond(modules: ReadonlyMap<string, string>, path: string): { type: string; body: string } | undefined {
  const name = /^\/(\w+?)(\.js)?$/.exec(path)
  const module = name?.[1] === undefined ? undefined : modules.get(name[1])
  if (name?.[1] === undefined || module === undefined) return undefined
  return name[2] === undefined
    ? { type: 'text/html; charset=utf-8', body: document(name[1]) }
    : { type: 'text/javascript; charset=utf-8', body: module }
}

async function serve(modules: ReadonlyMap<string, string>): Promise<{ origin: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const found = respond(modules, new URL(request.url ?? '/', 'http://lab').pathname)
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': found?.type ?? 'text/plain' })
    response.end(found?.body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}

export async function openLab({ entries }: LabOptions): Promise<Lab> {
  const modules = new Map<string, string>()
  for (const [name, entry] of Object.entries(entries)) modules.set(name, await bundlePage(entry))
  const server = await serve(modules)
  const browsers: Browser[] = [await launchChromium()]

  async function openIn(context: BrowserContext, entry: string): Promise<Page> {
    await context.grantPermissions(['microphone', 'camera'], { origin: server.origin })
    const page = await context.newPage()
    await page.goto(`${server.origin}/${entry}`)
    return page
  }

  return {
    origin: server.origin,
    open: async (entry, context) => openIn(context ?? (await browsers[0]!.newContext()), entry),
    async openApart(entry) {
      const browser = await launchChromium()
      browsers.push(browser)
      return openIn(await browser.newContext(), entry)
    },
    async close() {
      for (const browser of browsers) await browser.close()
      await server.close()
    },
  }
}
