/** Entry of the Electron host. */
import { join, resolve } from 'node:path'
import {
  BrowserWindow,
  Menu,
  MessageChannelMain,
  app,
  dialog,
  ipcMain,
  protocol,
  safeStorage,
  session,
  shell,
} from 'electron'
import { systemClock } from '../shared/base/clock.ts'
import { readArguments } from './launcher/profile-directory.mjs'
import { isUpdateFile } from './services/files/index.ts'
import { createServices } from './services/index.ts'
import { createPages } from './services/pages/index.ts'
import { claimForElectron } from './services/profile/claim-for-electron.ts'
import { startRelayServer } from './services/relay-server.ts'
import { chooseFolder } from './shell/choose-folder.ts'
import { runShell } from './shell/index.ts'
import { ORIGIN } from './shell/origin.ts'
import { keychainOf } from './shell/safe-storage.ts'

// out/main/main.js
const out = join(import.meta.dirname, '..')
const log = (line: string): void => console.error(line)

const given = process.argv.slice(app.isPackaged ? 1 : 2).filter((arg) => !isForChromium(arg))
const files = given.filter(isUpdateFile)
const args = readArguments(given.filter((arg) => !files.includes(arg)))
if (args.ok) start(args.profile)
else {
  log(`${args.problem}. Teatray knows --profile DIR.`)
  app.exit(2)
}

/** Switches of Chromium's own reach us as well; --no-sandbox is what containers need. */
function isForChromium(arg: string): boolean {
  return arg.startsWith('--') && !arg.startsWith('--profile') && arg !== '--no-window'
}

function start(profileDirectory: string): void {
  runShell(
    { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, protocol, session, shell },
    {
      dataDirectory: join(profileDirectory, 'electron'),
      preload: join(out, 'preload', 'preload.cjs'),
      files: files.map((path) => resolve(path)),
      clock: systemClock,
      log,
      async start() {
        const claimed = await claimForElectron(profileDirectory)
        if (!claimed.ok) return { ok: false, problem: claimed.detail ?? claimed.error }
        const services = await createServices({
          profileDirectory,
          appVersion: app.getVersion(),
          kind: 'electron',
          log,
          chooseFolder: () => chooseFolder({ BrowserWindow, dialog }),
          systemKeychain: keychainOf(safeStorage),
        })
        const relay = await startRelayServer(services.relay, ORIGIN)
        services.setRelayBase(relay.base)
        return {
          ok: true,
          services,
          pages: createPages(join(out, 'renderer'), [relay.base]),
          async close() {
            await services.close()
            await relay.close()
          },
        }
      },
    },
  )
}
