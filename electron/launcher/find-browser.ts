/** Looks for a Chromium, Chrome or Edge that is installed anyway. */
import { accessSync, constants, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, delimiter, join } from 'node:path'

export interface Machine {
  readonly platform: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly isProgram: (path: string) => boolean
  /** Follows links; the path itself where there is nothing to follow. */
  readonly realPath: (path: string) => string
}

export const thisMachine = (): Machine => ({
  platform: process.platform,
  environment: process.env,
  home: homedir(),
  isProgram(path) {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  },
  realPath(path) {
    try {
      return realpathSync(path)
    } catch {
      return path
    }
  },
})

const LINUX = [
  'chromium',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'chromium-browser',
]
const MAC = ['Google Chrome', 'Chromium', 'Microsoft Edge']
const WINDOWS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
]

function candidates({ platform, environment, home }: Machine): readonly string[] {
  if (platform === 'darwin') {
    return ['/Applications', join(home, 'Applications')].flatMap((folder) =>
      MAC.map((name) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)),
    )
  }
  if (platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => environment[name])
    return roots.filter((root) => root !== undefined).flatMap((root) => WINDOWS.map((path) => `${root}\\${path}`))
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return LINUX.flatMap((name) => [...folders, '/snap/bin'].map((folder) => join(folder, name)))
}

/** A snap may not write into hidden folders of the home folder, so it is taken last. */
const isSnap = (machine: Machine, path: string): boolean =>
  path.startsWith('/snap/') || ['/usr/bin/snap', '/bin/snap'].includes(machine.realPath(path))

/** The program to start, or undefined. TEATRAY_BROWSER names one outright. */
export function findBrowser(machine: Machine): string | undefined {
  const named = machine.environment['TEATRAY_BROWSER']
  if (named !== undefined && named !== '') return machine.isProgram(named) ? named : undefined
  const found = candidates(machine).filter((path) => machine.isProgram(path))
  return found.find((path) => !isSnap(machine, path)) ?? found[0]
}

/** Where the browser keeps what the window stores. */
export function browserDirectory(machine: Machine, browser: string, profile: string): string {
  if (!isSnap(machine, browser)) return join(profile, 'browser')
  const key = Buffer.from(profile).toString('base64url')
  return join(machine.home, 'snap', basename(browser), 'common', 'teatray', key)
}

export const hasDisplay = ({ platform, environment }: Machine): boolean =>
  platform !== 'linux' || Boolean(environment['DISPLAY']) || Boolean(environment['WAYLAND_DISPLAY'])
