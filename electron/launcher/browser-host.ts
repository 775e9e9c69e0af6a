/** The whole browser host, put together: one profile, one port, one server, and a window where there can be one. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Result, describeThrown, fail, ok } from '../../shared/base/errors.ts'
import type { HostLink } from '../../shared/host/host-link.ts'
import type { HostEvent } from '../../shared/host/ports.ts'
import { askToShow, createInstanceDoor } from './instance.ts'
import { startServer } from './server.ts'
import type { Server, ServerOptions } from './server.ts'
import type { BrowserWindow } from './window.ts'

/** What a profile's installation.json says to the browser host. */
export interface Address {
  readonly port: number
  readonly secret: string
}

export type StartFailure = 'port-taken' | 'profile-unreadable' | 'profile-of-electron'

export interface ProfileAccess {
  /** Undefined: a new profile. */
  read(): Promise<Result<Address | undefined, 'profile-unreadable' | 'profile-of-electron'>>
  draw(): Address
  /** False where another start was first. */
  keep(address: Address): Promise<boolean>
}

const DRAWS = 20

export type StartListening = (address: Address) => Promise<Result<Server, 'port-taken'>>

export type Started =
  | { readonly role: 'first'; readonly server: Server; readonly address: Address }
  /** Another host of this profile runs already; `url` is not empty where it has no window of its own. */
  | { readonly role: 'second'; readonly url: string }

/** Never another port than the one kept: at another origin everything the window stored would be out of sight. */
export async function takePort(profile: ProfileAccess, listen: StartListening): Promise<Result<Started, StartFailure>> {
  const known = await profile.read()
  if (!known.ok) return known
  if (known.value !== undefined) return takeKnownPort(known.value, listen)
  for (let draws = 0; draws < DRAWS; draws++) {
    const address = profile.draw()
    const listening = await listen(address)
    if (!listening.ok) continue
    if (await profile.keep(address)) return ok({ role: 'first', server: listening.value, address })
    await listening.value.close()
    return takePort(profile, listen)
  }
  return fail('port-taken', `no free port in ${DRAWS} draws`)
}

async function takeKnownPort(address: Address, listen: StartListening): Promise<Result<Started, StartFailure>> {
  const listening = await listen(address)
  if (listening.ok) return ok({ role: 'first', server: listening.value, address })
  const asked = await askToShow(address.port, address.secret)
  return asked.ok ? ok({ role: 'second', url: asked.value.url }) : fail('port-taken', String(address.port))
}

/** What the server hands everything on to. Started only once the port is ours: a second start must touch nothing. */
export interface BehindTheServer {
  onWindow(link: HostLink): void
  readonly relay: { upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void }
  emit(event: HostEvent): void
  close(): Promise<void>
}

export interface BrowserHostOptions {
  readonly profileDirectory: string
  readonly noWindow: boolean
  readonly profile: ProfileAccess
  readonly server: Pick<ServerOptions, 'pages' | 'headers'> & { readonly relayPath: string }
  readonly start: (server: Server) => Promise<BehindTheServer>
  /** Undefined where there is no browser or no display; `why` says which. */
  readonly openWindow: { readonly why: string } | { readonly open: (server: Server) => BrowserWindow }
  readonly print: (line: string) => void
  readonly log: (line: string) => void
  /** Calls back once for every further one-time address that is wanted. */
  readonly onMoreUrls: (handler: () => void) => void
  /** Resolves when the host is asked to stop. */
  readonly stopped: Promise<void>
}

const SENTENCES: Readonly<Record<StartFailure, (detail: string, directory: string) => string>> = {
  'port-taken': (detail) =>
    `Another program uses port ${detail}, where this installation keeps its data. Nothing is lost: close that program, or restart the computer, and start Teatray again.`,
  'profile-unreadable': (_, directory) =>
    `The file installation.json in ${directory} cannot be read, so Teatray does not know where its data is. Nothing has been changed.`,
  'profile-of-electron': (_, directory) =>
    `The installation in ${directory} was made by Teatray's own window (Electron), and its data can only be seen there. Nothing has been changed.`,
}

const OPEN_THIS = 'Open this address in Chromium, Chrome or Edge:'

/** Runs until the window is closed or the host is asked to stop. Resolves with the exit code. */
export async function runBrowserHost(options: BrowserHostOptions): Promise<number> {
  const { print, log, profileDirectory } = options
  let behind: BehindTheServer | undefined
  let running: Server | undefined
  let window: BrowserWindow | undefined

  const show = async (): Promise<{ url: string }> => {
    behind?.emit({ type: 'show-yourself' })
    if (window === undefined) return { url: running?.newUrl() ?? '' }
    await window.show().catch((thrown: unknown) => log(`window: could not be shown: ${describeThrown(thrown)}`))
    return { url: '' }
  }
  const listen: StartListening = ({ port, secret }) =>
    startServer({
      ...options.server,
      port,
      log,
      instance: createInstanceDoor(secret, show),
      onWindow: (link) => (behind === undefined ? link.close() : behind.onWindow(link)),
      relay: {
        path: options.server.relayPath,
        upgrade: (request, socket, head) =>
          behind === undefined ? socket.destroy() : behind.relay.upgrade(request, socket, head),
      },
    })

  const started = await takePort(options.profile, listen)
  if (!started.ok) {
    log(SENTENCES[started.error](started.detail ?? '', profileDirectory))
    return 1
  }
  if (started.value.role === 'second') {
    print(secondStart(started.value.url, options))
    return 0
  }
  const { server } = started.value
  running = server
  try {
    behind = await options.start(server)
    if (options.noWindow) {
      const printUrl = (): void => print(urlLine(server.newUrl(), profileDirectory))
      printUrl()
      options.onMoreUrls(printUrl)
      await options.stopped
      return 0
    }
    if ('why' in options.openWindow) {
      print(`${options.openWindow.why} ${OPEN_THIS} ${server.newUrl()}`)
      await options.stopped
      return 0
    }
    window = options.openWindow.open(server)
    const outcome = await Promise.race([window.ended, options.stopped])
    if (outcome === undefined) {
      window.close()
      await window.ended
      return 0
    }
    window = undefined
    if (outcome.how === 'closed') return 0
    if (outcome.how === 'killed') {
      log(`Teatray's window ended without being closed (${outcome.detail}). What was saved is kept.`)
      return 1
    }
    print(`The browser did not start (${outcome.detail}). ${OPEN_THIS} ${server.newUrl()}`)
    await options.stopped
    return 0
  } finally {
    await behind?.close()
    await server.close()
  }
}

/** The one line of --no-window: {"url","port","profile"}. */
const urlLine = (url: string, profile: string): string =>
  JSON.stringify({ url, port: Number(new URL(url).port), profile })

function secondStart(url: string, { noWindow, profileDirectory }: BrowserHostOptions): string {
  if (url === '') return 'Teatray is open already; its window has been asked to come to the front.'
  return noWindow ? urlLine(url, profileDirectory) : `Teatray is running already. ${OPEN_THIS} ${url}`
}
