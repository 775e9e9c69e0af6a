/** The one wire between the window and its host: a MessagePort in Electron, a loopback WebSocket in the browser host. */
export interface HostLink {
  send(message: Uint8Array): void
  onMessage(handler: (message: Uint8Array) => void): void
  onClose(handler: () => void): void
  close(): void
}
