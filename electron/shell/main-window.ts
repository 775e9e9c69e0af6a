import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron'
import type { Electron } from './electron.ts'
import { ORIGIN } from './origin.ts'

export const windowOptions = (preload: string): BrowserWindowConstructorOptions => ({
  width: 1200,
  height: 820,
  minWidth: 360,
  minHeight: 480,
  show: false,
  title: 'Teatray',
  webPreferences: {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    // A window behind another one must still seal what was typed and answer the others.
    backgroundThrottling: false,
    allowRunningInsecureContent: false,
    // Electron fetches its dictionaries from a server that no group has chosen.
    spellcheck: false,
  },
})

export function openMainWindow({ BrowserWindow }: Pick<Electron, 'BrowserWindow'>, preload: string): BrowserWindow {
  const window = new BrowserWindow(windowOptions(preload))
  window.once('ready-to-show', () => window.show())
  return window
}

export const loadPages = (window: BrowserWindow): Promise<void> => window.loadURL(`${ORIGIN}/`)

export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
