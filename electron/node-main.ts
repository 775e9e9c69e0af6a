/** Entry of the browser host: Node, a loopback server, and an installed browser for a window. */
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fail, ok } from '../shared/base/errors.ts'
import { readAppVersion } from './app-version.ts'
import { runBrowserHost } from './launcher/browser-host.ts'
import type { BehindTheServer, ProfileAccess } from './launcher/browser-host.ts'
import { browserDirectory, findBrowser, hasDisplay, thisMachine } from './launcher/find-browser.ts'
import { readArguments } from './launcher/profile-directory.mjs'
import type { Server } from './launcher/server.ts'
import { openWindow } from './launcher/window.ts'
import type { BrowserWindow } from './launcher/window.ts'
import { createServices } from './services/index.ts'
import { createPages, securityHeaders } from './services/pages/index.ts'
import {
  drawPort,
  keepInstallation,
  newBrowserInstallation,
  prepareProfile,
  readInstallation,
} from './services/profile/index.ts'
import { createWindowLinks } from './services/window-link.ts'

// out/main/node-main.js
const root = join(import.meta.dirname, '..', '..')
const log = (line: string): void => console.error(line)

const profileAccess = (directory: string): ProfileAccess => ({
  async read() {
    const installation = await readInstallation(directory)
    if (!installation.ok) return installation.error === 'profile-new' ? ok(undefined) : fail(installation.error)
    return installation.value.kind === 'browser' ? ok(installation.value) : fail('profile-of-electron')
  },
  draw: () => newBrowserInstallation(drawPort()),
  keep: async ({ port, secret }) =>
    (await keepInstallation(directory, { version: 1, kind: 'browser', port, secret })).ok,
})

async function start(profileDirectory: string, appVersion: string, server: Server): Promise<BehindTheServer> {
  const services = await createServices({ profileDirectory, appVersion, kind: 'browser', log })
  services.setRelayBase(server.origin.replace('http:', 'ws:'))
  const windows = createWindowLinks(services, log)
  return {
    onWindow: (link) => windows.accept(link),
    relay: services.relay,
    emit: (event) => services.emit(event),
    async close() {
      windows.close()
      await services.close()
    },
  }
}

function chooseWindow(profileDirectory: string): { why: string } | { open: (server: Server) => BrowserWindow } {
  const machine = thisMachine()
  const browser = findBrowser(machine)
  if (browser === undefined) return { why: 'No Chromium, Chrome or Edge was found on this computer.' }
  if (!hasDisplay(machine)) return { why: 'There is no screen to open a window on.' }
  return {
    open: (server) =>
      openWindow({
        browser,
        userDataDirectory: browserDirectory(machine, browser, profileDirectory),
        origin: server.origin,
        newUrl: () => server.newUrl(),
        asRoot: process.getuid?.() === 0,
        platform: machine.platform,
        log,
      }),
  }
}

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
})

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2))
  if (!args.ok) {
    log(`${args.problem}. Teatray knows --profile DIR and --no-window.`)
    return 2
  }
  const profileDirectory = args.profile
  await prepareProfile(profileDirectory)
  const appVersion = await readAppVersion(root)
  return runBrowserHost({
    profileDirectory,
    noWindow: args.noWindow,
    profile: profileAccess(profileDirectory),
    server: {
      pages: createPages(join(import.meta.dirname, '..', 'renderer')),
      headers: securityHeaders([]),
      relayPath: '/relay',
    },
    start: (server) => start(profileDirectory, appVersion, server),
    openWindow: chooseWindow(profileDirectory),
    print: (line) => console.log(line),
    log,
    // A line on standard input asks for one more address, so that a test can open a second browser.
    onMoreUrls: (handler) => createInterface({ input: process.stdin }).on('line', handler),
    stopped,
  })
}

// Services may still hold timers or sockets that are closing: the host ends when its work has.
process.exit(await main())
