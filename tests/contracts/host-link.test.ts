import { EventEmitter } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MessageChannel, type MessagePort as NodePort } from 'node:worker_threads'
import type { MessagePortMain } from 'electron'
import { WebSocket as WsClient, WebSocketServer } from 'ws'
import { linkOverSocket } from '../../electron/launcher/socket-link.ts'
import { linkOverMainPort } from '../../electron/shell/window-port.ts'
import { linkOverPort } from '../../renderer/host/port-link.ts'
import { openSocketLink } from '../../renderer/host/socket-link.ts'
import type { HostLink } from '../../shared/host/host-link.ts'
import { createMemoryLinks } from '../../shared/host/memory-link.ts'
import { hostLinkContract } from './host-link.contract.ts'

/** Electron's MessagePortMain has Node's channel below it here, and its own shape of events. */
function asMainPort(port: NodePort): MessagePortMain {
  const events = new EventEmitter()
  port.on('close', () => events.emit('close'))
  const main = {
    on: events.on.bind(events),
    start: () => port.on('message', (data: unknown) => events.emit('message', { data, ports: [] })),
    postMessage: (data: unknown) => port.postMessage(data),
    close: () => port.close(),
  }
  return main as unknown as MessagePortMain
}

hostLinkContract('memory', async () => {
  const [window, host] = createMemoryLinks()
  return { window, host, dispose: async () => window.close() }
})

hostLinkContract('MessagePort', async () => {
  const { port1, port2 } = new MessageChannel()
  const window = linkOverPort(port2 as unknown as MessagePort)
  return { window, host: linkOverMainPort(asMainPort(port1)), dispose: async () => window.close() }
})

hostLinkContract('WebSocket', async () => {
  const server = createServer()
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const accepted = new Promise<HostLink>((resolve) => {
    sockets.once('connection', (socket) => resolve(linkOverSocket(socket, () => {})))
  })
  const client = new WsClient(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/host`)
  const window = await openSocketLink(client as unknown as WebSocket)
  return {
    window,
    host: await accepted,
    dispose: () =>
      new Promise((resolve) => {
        window.close()
        for (const socket of sockets.clients) socket.terminate()
        server.close(() => resolve())
      }),
  }
})
