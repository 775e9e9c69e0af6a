/** The only thing the page gets from Electron: a way to ask for its MessagePort. Sandboxed, so it imports nothing else. */
import { contextBridge, ipcRenderer } from 'electron'

interface PageWindow {
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void
  readonly location: { readonly origin: string }
}
declare const window: PageWindow

contextBridge.exposeInMainWorld('teatray', { connect: () => ipcRenderer.send('teatray:connect') })

// A port cannot cross the context bridge; a message of the window can carry it.
ipcRenderer.on('teatray:port', (event) => window.postMessage('teatray-host-port', window.location.origin, event.ports))
