/** The LAN service and the window's transport over it, on this computer's loopback. */
import { type LanService, createLanService } from '../../electron/services/lan/index.ts'
import { createLanTransport } from '../../renderer/transports/lan.ts'
import { describeTransport } from './transport.contract.ts'

const log: string[] = []
const transportOf = (service: LanService) =>
  createLanTransport({ lan: service.port, onEvent: (handler) => service.onEvent(handler) })

describeTransport('LAN on loopback', () => {
  const services = [0, 1].map(() => createLanService({ log: (line) => log.push(line), loopback: true }))
  const [left, right] = services.map(transportOf)
  return Promise.resolve({
    left: left!,
    right: right!,
    async close() {
      left!.close()
      right!.close()
      await Promise.all(services.map((service) => service.close()))
    },
  })
})
