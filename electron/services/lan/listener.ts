/** The TCP port, on every address and a random number: admits by the limits, then runs the handshake. */
import { type Server, type Socket, createServer } from 'node:net'
import type { Clock } from '../../../shared/base/clock.ts'
import { HandshakeRefused, type Opened, answerCall } from './handshake.ts'
import type { RoomKeys } from './keys.ts'
import { type LanLimits, createGate } from './limits.ts'

export interface Listener {
  readonly port: number
  close(): void
}

interface ListenerOptions<Room> {
  readonly limits: LanLimits
  readonly clock: Clock
  readonly rooms: () => Iterable<Room>
  readonly names: () => { readonly own: string; readonly answersTo: readonly string[] }
  readonly onOpened: (opened: Opened<Room>, address: string) => void
  readonly onRefused: (address: string, reason: string) => void
}

const listen = (server: Server, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: 0, host }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })

/** IPv6 takes both families where the system has it. */
const listenAnywhere = (server: Server): Promise<number> => listen(server, '::').catch(() => listen(server, '0.0.0.0'))

export async function createListener<Room extends { readonly keys: RoomKeys }>(
  options: ListenerOptions<Room>,
): Promise<Listener> {
  const gate = createGate(options.limits, options.clock)
  const pending = new Set<Socket>()

  const answer = async (socket: Socket, address: string): Promise<void> => {
    try {
      options.onOpened(await answerCall(socket, options.rooms, options.names(), options.limits), address)
    } catch (thrown) {
      options.onRefused(address, thrown instanceof HandshakeRefused ? thrown.message : String(thrown))
    }
  }

  const server = createServer({ noDelay: true }, (socket) => {
    const address = socket.remoteAddress ?? 'unknown'
    // Without a listener a reset by the other side would end the process.
    socket.on('error', () => undefined)
    const admission = gate.admit(address)
    if (!admission.ok) {
      options.onRefused(address, admission.reason)
      socket.destroy()
      return
    }
    pending.add(socket)
    void answer(socket, address).finally(() => {
      pending.delete(socket)
      admission.done()
    })
  })
  const port = await listenAnywhere(server)
  server.on('error', (error) => options.onRefused('this computer', error.message))

  return {
    port,
    close() {
      server.close()
      for (const socket of pending) socket.destroy()
    },
  }
}
