/** The browser host's window: an installed browser, with a folder of its own, showing one page and no address bar. */
import { spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { describeThrown } from '../../shared/base/errors.ts'
import { connectDevtools } from './devtools-pipe.ts'
import type { Devtools } from './devtools-pipe.ts'
import { writeBrowserSettings } from './browser-settings.ts'
import { STARTING_PATH } from './server.ts'

export interface WindowOptions {
  readonly browser: string
  readonly userDataDirectory: string
  readonly origin: string
  /** Draws the one-time address. It is handed over by pipe: other people on this computer can read command lines. */
  readonly newUrl: () => string
  readonly asRoot: boolean
  readonly platform: string
  readonly log: (line: string) => void
}

export interface BrowserWindow {
  /** 'closed': the person closed it. 'killed': it ended without being asked to. 'failed': it never came up. */
  readonly ended: Promise<{ readonly how: 'closed' | 'killed' | 'failed'; readonly detail: string }>
  show(): Promise<void>
  close(): void
}

export const browserArguments = (
  options: Pick<WindowOptions, 'userDataDirectory' | 'origin' | 'asRoot' | 'platform'>,
): string[] => [
  `--user-data-dir=${options.userDataDirectory}`,
  `--app=${options.origin}${STARTING_PATH}`,
  '--remote-debugging-pipe',
  '--disable-extensions',
  '--password-store=basic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-crash-restore-bubble',
  '--disable-features=Translate',
  // A window behind another one must still seal what was typed and answer the others.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  ...(options.platform === 'darwin' ? ['--use-mock-keychain'] : []),
  // Chromium refuses to start as root with its sandbox on.
  ...(options.asRoot ? ['--no-sandbox'] : []),
]

const PERMISSIONS = [
  // Without it the browser hides every local address, and two computers on a network without internet cannot connect.
  // Nothing is ever captured.
  'microphone',
  'camera',
  // Or the browser may clear what the window stored when the disk fills up.
  'persistent-storage',
]

async function letIn(devtools: Devtools, { origin, newUrl }: WindowOptions): Promise<void> {
  for (const name of PERMISSIONS) {
    await devtools.call('Browser.setPermission', { permission: { name }, setting: 'granted', origin })
  }
  const sessionId = await attachToPage(devtools)
  await devtools.call('Page.navigate', { url: newUrl() }, sessionId)
}

interface Target {
  readonly targetId: string
  readonly type: string
}

async function pageTargets(devtools: Devtools): Promise<readonly Target[]> {
  const { targetInfos } = await devtools.call('Target.getTargets')
  return (targetInfos as readonly Target[]).filter((target) => target.type === 'page')
}

async function attachToPage(devtools: Devtools): Promise<string> {
  const [page] = await pageTargets(devtools)
  if (page === undefined) throw new Error('the browser has no page')
  const { sessionId } = await devtools.call('Target.attachToTarget', { targetId: page.targetId, flatten: true })
  return String(sessionId)
}

async function bringToFront(devtools: Devtools): Promise<void> {
  const [page] = await pageTargets(devtools)
  if (page === undefined) return
  const { windowId } = await devtools.call('Browser.getWindowForTarget', { targetId: page.targetId })
  await devtools.call('Browser.setWindowBounds', { windowId, bounds: { windowState: 'normal' } })
  await devtools.call('Target.activateTarget', { targetId: page.targetId })
}

/** On a Mac a browser outlives its last window; here it must not. */
async function endWithLastPage(devtools: Devtools): Promise<void> {
  await devtools.call('Target.setDiscoverTargets', { discover: true })
  devtools.onEvent(({ method }) => {
    if (method !== 'Target.targetDestroyed') return
    pageTargets(devtools)
      .then((pages) => (pages.length === 0 ? devtools.call('Browser.close') : undefined))
      // The browser is closing already.
      .catch(() => undefined)
  })
}

export function openWindow(options: WindowOptions): BrowserWindow {
  const { log } = options
  writeBrowserSettings(options.userDataDirectory)
  const child = spawn(options.browser, browserArguments(options), {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const devtools = connectDevtools(child.stdio[3] as Writable, child.stdio[4] as Readable, log)
  let isIn = false
  let problem = ''

  letIn(devtools, options)
    .then(() => {
      isIn = true
      return endWithLastPage(devtools)
    })
    .catch((thrown: unknown) => {
      if (isIn) return log(`browser: ${describeThrown(thrown)}`)
      problem = describeThrown(thrown)
      child.kill()
    })

  const ended = new Promise<{ how: 'closed' | 'killed' | 'failed'; detail: string }>((resolve) => {
    child.once('error', (error) => resolve({ how: 'failed', detail: error.message }))
    child.once('exit', (code, signal) => {
      const detail = problem === '' ? (signal ?? `exit code ${code ?? 0}`) : problem
      if (!isIn) resolve({ how: 'failed', detail })
      else resolve({ how: code === 0 ? 'closed' : 'killed', detail })
    })
  })

  return {
    ended,
    show: () => bringToFront(devtools),
    close: () => void devtools.call('Browser.close').catch(() => child.kill()),
  }
}
