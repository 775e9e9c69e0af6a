/** The receiving half that every HostLink shares: holds what comes before there is a handler, and closes once. */
export interface Inbox {
  readonly deliver: (data: unknown) => void
  readonly closed: () => void
  readonly onMessage: (handler: (message: Uint8Array) => void) => void
  readonly onClose: (handler: () => void) => void
}

export function createInbox(): Inbox {
  let early: Uint8Array[] = []
  let handle: ((message: Uint8Array) => void) | undefined
  let open = true
  const closeHandlers: (() => void)[] = []

  return {
    deliver(data) {
      // What is not bytes becomes an empty message, which the RPC refuses by name.
      const message =
        data instanceof Uint8Array ? data : new Uint8Array(data instanceof ArrayBuffer ? data : new ArrayBuffer(0))
      if (handle === undefined) early.push(message)
      else handle(message)
    },
    closed() {
      if (!open) return
      open = false
      for (const handler of closeHandlers.splice(0)) handler()
    },
    onMessage(handler) {
      handle = handler
      const waiting = early
      early = []
      for (const message of waiting) handler(message)
    },
    onClose(handler) {
      if (open) closeHandlers.push(handler)
      else handler()
    },
  }
}
