/** The Electron host: everything about Electron and nothing else. Takes Electron as a parameter, so tests pass a fake. */
import { resolve } from 'node:path'
import { describeThrown } from '../../shared/base/errors.ts'
import type { Clock } from '../../shared/base/clock.ts'
import type { Pages } from '../services/pages/index.ts'
import type { Services } from '../services/index.ts'
import { isUpdateFile } from '../services/files/index.ts'
import { createWindowLinks } from '../services/window-link.ts'
import { reloadAfterCrash } from './crash.ts'
import type { Electron } from './electron.ts'
import { guardContents, guardPermissions } from './guards.ts'
import { bringToFront, loadPages, openMainWindow } from './main-window.ts'
import { SCHEME } from './origin.ts'
import { answerWith, registerScheme } from './scheme.ts'
import { servePorts } from './window-port.ts'

export interface ShellOptions {
  /** Folder of this installation; what the window stores goes into `electron` below it. */
  readonly dataDirectory: string
  readonly preload: string
  /** Opens the profile and starts what runs behind the window. `problem`: a sentence for the person, and the app ends. */
  readonly start: () => Promise<
    | { readonly ok: true; readonly services: Services; readonly pages: Pages; close(): Promise<void> }
    | { readonly ok: false; readonly problem: string }
  >
  /** Update files named when this was started. */
  readonly files?: readonly string[]
  readonly clock: Clock
  readonly log: (line: string) => void
}

/** Call once, before Electron is ready. */
export function runShell(electron: Electron, options: ShellOptions): void {
  const { app } = electron
  const { log } = options
  app.enableSandbox()
  registerScheme(electron)
  // The lock belongs to this folder, so it must be set first: two profiles may run side by side.
  app.setPath('userData', options.dataDirectory)
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  const opened = openFilesOf(electron, options)
  app.on('web-contents-created', (_event, contents) => guardContents(contents, electron, log))
  app.on('window-all-closed', () => app.quit())
  app
    .whenReady()
    .then(() => openTeatray(electron, options, opened))
    .catch((thrown: unknown) => {
      log(`shell: ${describeThrown(thrown)}`)
      electron.dialog.showErrorBox('Teatray could not start', 'Nothing has been changed. Please start it again.')
      app.exit(1)
    })
}

async function openTeatray(electron: Electron, options: ShellOptions, opened: OpenedFiles): Promise<void> {
  const { app, session } = electron
  const { log } = options
  const started = await options.start()
  if (!started.ok) {
    electron.dialog.showErrorBox('Teatray could not start', started.problem)
    app.exit(1)
    return
  }
  const { services, pages } = started
  guardPermissions(session.defaultSession)
  session.defaultSession.protocol.handle(SCHEME, answerWith(pages, log))
  const windows = createWindowLinks(services, log)
  servePorts(electron, (link) => windows.accept(link), log)
  setMenu(electron)

  const window = openMainWindow(electron, options.preload)
  reloadAfterCrash(window, options.clock, log, () => {
    electron.dialog.showErrorBox(
      'Teatray stopped',
      'The window stopped several times. What was saved is kept. Please start Teatray again.',
    )
    app.quit()
  })
  app.on('second-instance', (_event, args, folder) => {
    bringToFront(window)
    services.emit({ type: 'show-yourself' })
    for (const path of args.filter(isUpdateFile)) opened.offer(resolve(folder, path))
  })
  opened.handTo((path) => {
    services.openFile(path).catch((thrown: unknown) => log(`files: ${describeThrown(thrown)}`))
  })
  closeBeforeQuitting(
    electron,
    async () => {
      windows.close()
      await started.close()
    },
    log,
  )
  await loadPages(window)
}

interface OpenedFiles {
  offer(path: string): void
  /** Those that came before, and from now on each. */
  handTo(take: (path: string) => void): void
}

/** macOS names a file in an event that may come before anything is ready; elsewhere it stands among the arguments. */
function openFilesOf({ app }: Electron, { files = [] }: ShellOptions): OpenedFiles {
  const early = [...files]
  let take = (path: string): void => void early.push(path)
  app.on('open-file', (event, path) => {
    event.preventDefault()
    take(path)
  })
  return {
    offer: (path) => take(path),
    handTo(next) {
      take = next
      for (const path of early.splice(0)) take(path)
    },
  }
}

/** Electron does not wait for promises: the first quit is held until the services have closed. */
function closeBeforeQuitting({ app }: Electron, close: () => Promise<void>, log: (line: string) => void): void {
  let closed = false
  app.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    closed = true
    close()
      .catch((thrown: unknown) => log(`shell: closing: ${describeThrown(thrown)}`))
      .finally(() => app.quit())
      .catch(() => app.exit(1))
  })
}

/** Editing and zoom, which people rely on; no links to anywhere. */
function setMenu({ Menu }: Electron): void {
  const menu = Menu.buildFromTemplate([
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'togglefullscreen' }],
    },
    { role: 'windowMenu' },
  ])
  Menu.setApplicationMenu(menu)
}
