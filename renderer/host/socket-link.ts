import type { HostLink } from '../../shared/host/host-link.ts'
import { createInbox } from '../../shared/host/inbox.ts'

/** The window's end of the browser host's WebSocket, once it is open. Rejects where the host does not answer. */
export function openSocketLink(socket: WebSocket): Promise<HostLink> {
  const inbox = createInbox()
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', (event) =>
    inbox.deliver(event.data instanceof ArrayBuffer ? new Uint8Array(event.data) : undefined),
  )
  socket.addEventListener('close', inbox.closed)
  const link: HostLink = {
    send(message) {
      if (socket.readyState === socket.OPEN) socket.send(new Uint8Array(message))
    },
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    close: () => socket.close(),
  }
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(link))
    socket.addEventListener('error', () => reject(new Error('host-unreachable')))
  })
}
