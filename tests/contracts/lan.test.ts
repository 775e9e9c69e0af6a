/** The LAN service and the window's transport over it, on this computer's loopback. */
import { type LanService, createLanService } from '../../electron/services/lan/index.ts'
import { expect, test } from 'vitest'
import { randomBytes } from '../../shared/base/bytes.ts'
import type { LanEvent } from '../../shared/host/ports.ts'
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

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 5000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function withService(run: (service: LanService, events: LanEvent[]) => Promise<void>): Promise<void> {
  const service = createLanService({ log: (line) => log.push(line), loopback: true })
  const events: LanEvent[] = []
  service.onEvent((event) => events.push(event))
  try {
    await run(service, events)
  } finally {
    await service.close()
  }
}

const linksOf = (events: readonly LanEvent[]): readonly Extract<LanEvent, { type: 'lan-link' }>[] =>
  events.filter((event) => event.type === 'lan-link')

test('a window that is loaded again joins anew: its old links are closed, new ones are handed over, the status is said again', () =>
  withService((service, events) =>
    withService(async (other) => {
      const key = randomBytes(32)
      await service.port.join({ roomId: 'before', key })
      await other.port.join({ roomId: 'x', key })
      await until(() => linksOf(events).length === 1, 'linked')
      const said = events.filter(({ type }) => type === 'lan-status').length
      await service.port.join({ roomId: 'after', key })
      expect(events.filter(({ type }) => type === 'lan-closed')).toHaveLength(1)
      await until(() => linksOf(events).length === 2, 'linked again')
      expect(linksOf(events).map(({ roomId }) => roomId)).toEqual(['before', 'after'])
      expect(events.filter(({ type }) => type === 'lan-status').length).toBeGreaterThan(said)
      await expect(service.port.send({ linkId: linksOf(events)[0]!.linkId, frame: new Uint8Array(1) })).rejects.toThrow(
        'link-closed',
      )
    }),
  ))

test('what cannot be done has a name', () =>
  withService(async (service) => {
    await expect(service.port.send({ linkId: 'none', frame: new Uint8Array(1) })).rejects.toThrow('link-closed')
    await service.port.leave({ roomId: 'none' })
    await service.port.closeLink({ linkId: 'none' })
    for (let index = 0; index < 48; index++) await service.port.join({ roomId: `${index}`, key: randomBytes(32) })
    await expect(service.port.join({ roomId: 'one more', key: randomBytes(32) })).rejects.toThrow('too-many-rooms')
    await service.close()
    await expect(service.port.join({ roomId: 'late', key: randomBytes(32) })).rejects.toThrow('lan-closed')
  }))
