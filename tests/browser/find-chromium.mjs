// Which browser tests, the demo and the bench drive. Node's own modules only, until the libraries are known to be there.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { root } from '../../electron/launcher/prepare.mjs'

const PROGRAMS = ['chromium', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'chromium-browser']

const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** An installed browser, else Playwright's, which is fetched where there is none. Undefined: none could be had. */
export function findChromium() {
  const named = process.env.TEATRAY_CHROMIUM
  if (named) return named
  const folders = (process.env.PATH ?? '').split(delimiter)
  const installed = PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram)
  if (installed !== undefined) return installed
  const { chromium } = createRequire(import.meta.url)('playwright')
  if (!existsSync(chromium.executablePath())) {
    console.error('Fetching a browser for the tests (npx playwright install chromium)…')
    const program = join(root, 'node_modules', 'playwright', 'cli.js')
    spawnSync(process.execPath, [program, 'install', 'chromium'], { cwd: root, stdio: ['ignore', 2, 2] })
  }
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined
}

export const NO_CHROMIUM =
  'No Chromium was found and none could be fetched. Install one: npx playwright install --with-deps chromium'
