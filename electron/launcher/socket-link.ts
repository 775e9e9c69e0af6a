import type { WebSocket } from 'ws'
import type { HostLink } from '../../shared/host/host-link.ts'
import { createInbox } from '../../shared/host/inbox.ts'

/** The browser host's end of the window's WebSocket. */
export function linkOverSocket(socket: WebSocket, log: (line: string) => void): HostLink {
  const inbox = createInbox()
  socket.on('message', (data, isBinary) =>
    inbox.deliver(isBinary && Buffer.isBuffer(data) ? new Uint8Array(data) : undefined),
  )
  socket.on('close', inbox.closed)
  // A message over the cap ends here; the close follows by itself.
  socket.on('error', (error) => log(`window: the connection failed: ${error.message}`))
  return {
    send(message) {
      if (socket.readyState === socket.OPEN) socket.send(message)
    },
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    close: () => socket.close(),
  }
}
