/** Runs inside a namespace: the LAN service, driven by the parent process over Node's IPC channel. */
import { type LanService, createLanService } from '../../electron/services/lan/index.ts'
import type { MachineCall, MachineMessage } from './remote-lan.ts'

const tell = (message: MachineMessage): void => void process.send?.(message)

const service: LanService = createLanService({ log: (line) => tell({ type: 'log', line }) })
service.onEvent((event) => tell({ type: 'event', event }))

async function run({ method, request }: MachineCall): Promise<void> {
  switch (method) {
    case 'join':
      return service.port.join(request)
    case 'leave':
      return service.port.leave(request)
    case 'send':
      return service.port.send(request)
    case 'closeLink':
      return service.port.closeLink(request)
    case 'close':
      return service.close()
    default:
      throw new Error('unknown method')
  }
}

process.on('message', (message: MachineCall) => {
  run(message).then(
    () => tell({ type: 'answer', id: message.id, error: '' }),
    (thrown: unknown) =>
      tell({ type: 'answer', id: message.id, error: thrown instanceof Error ? thrown.message : 'failed' }),
  )
})
process.on('disconnect', () => process.exit(0))
tell({ type: 'started' })
