/**
 * The one wire between the window and its host: a MessagePort in Electron, a loopback WebSocket in the browser host. Every
 * implementation passes tests/contracts/host-link.contract.ts.
 */
export interface HostLink {
  /** Whole messages, in order. Does nothing once the link is closed. */
  send(message: Uint8Array): void
  /** One handler; what arrived before it was set is handed over first, in order. */
  onMessage(handler: (message: Uint8Array) => void): void
  /** Called once, whichever end closed. A handler set after the close is called at once. */
  onClose(handler: () => void): void
  close(): void
}
