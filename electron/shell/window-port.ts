/** Hands the page its HostLink: a MessagePort, given only to the top frame of our own pages. All else is in the RPC. */
import type { MessagePortMain, WebFrameMain } from 'electron'
import type { HostLink } from '../../shared/host/host-link.ts'
import { createInbox } from '../../shared/host/inbox.ts'
import type { Electron } from './electron.ts'
import { isOwn } from './origin.ts'

/** Equal to the texts in electron/preload.ts. */
export const CONNECT_CHANNEL = 'teatray:connect'
export const PORT_CHANNEL = 'teatray:port'

export function linkOverMainPort(port: MessagePortMain): HostLink {
  const inbox = createInbox()
  let open = true
  const closed = (): void => {
    open = false
    inbox.closed()
  }
  port.on('message', (event) => inbox.deliver(event.data))
  port.on('close', closed)
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

const isOwnTopFrame = (frame: WebFrameMain | null): frame is WebFrameMain =>
  frame !== null && frame.parent === null && isOwn(frame.url)

export function servePorts(
  { ipcMain, MessageChannelMain }: Pick<Electron, 'ipcMain' | 'MessageChannelMain'>,
  onWindow: (link: HostLink) => void,
  log: (line: string) => void,
): void {
  ipcMain.on(CONNECT_CHANNEL, ({ senderFrame }) => {
    if (!isOwnTopFrame(senderFrame)) return log('window: a foreign frame asked for the host')
    const { port1, port2 } = new MessageChannelMain()
    onWindow(linkOverMainPort(port1))
    senderFrame.postMessage(PORT_CHANNEL, null, [port2])
  })
}
