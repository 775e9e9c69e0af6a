import type { HostLink } from '../../shared/host/host-link.ts'
import { createInbox } from '../../shared/host/inbox.ts'

/** The window's end of the MessagePort that Electron's preload hands over. */
export function linkOverPort(port: MessagePort): HostLink {
  const inbox = createInbox()
  let open = true
  const closed = (): void => {
    open = false
    inbox.closed()
  }
  port.addEventListener('message', (event) => inbox.deliver(event.data))
  port.addEventListener('messageerror', () => inbox.deliver(undefined))
  port.addEventListener('close', closed)
  port.start()
  return {
    send(message) {
      if (open) port.postMessage(message)
    },
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    close() {
      port.close()
      closed()
    },
  }
}
