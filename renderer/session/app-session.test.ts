import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { systemClock } from '../../shared/base/clock.ts'
import { createEmitter } from '../../shared/base/emitter.ts'
import { defaultSigner } from '../../shared/crypto/sign.ts'
import type { HostEvent, HostPorts, LanPort } from '../../shared/host/ports.ts'
import type { HostClient } from '../../shared/host/rpc.ts'
import { openChannel } from '../../shared/sync/open-channel.ts'
import { startSession } from './app-session.ts'

const lan: LanPort = {
  join: () => Promise.resolve({ room: 1 }),
  leave: () => Promise.resolve(),
  send: () => Promise.resolve(),
  closeLink: () => Promise.resolve(),
} as unknown as LanPort

/** A host whose LAN is out of order as long as `broken` says so. */
function brokenHost(): { host: HostClient; broken: { now: boolean } } {
  const broken = { now: true }
  const events = createEmitter<HostEvent>()
  const ports = {
    info: { get: () => Promise.reject(new Error('not asked for')) },
    get lan(): LanPort {
      if (broken.now) throw new Error('the LAN is out of order')
      return lan
    },
    signaling: {
      serverStatus: () => Promise.resolve({ enabled: false, lan: false, port: 0, addresses: [], problem: '' }),
      setServer: () => Promise.reject(new Error('not asked for')),
      relay: () => Promise.reject(new Error('not asked for')),
    },
    storage: { space: () => Promise.resolve({ free: 1e12, low: false }) },
  } as unknown as HostPorts
  const host = {
    ports,
    onEvent: (listener: (event: HostEvent) => void) => events.on(listener),
    onClose: () => () => undefined,
  } as unknown as HostClient
  return { host, broken }
}

test('where carriers cannot be made, the store is closed again and the next try opens it', async () => {
  const { host, broken } = brokenHost()
  const log: string[] = []
  const session = await startSession({
    host,
    clock: systemClock,
    signer: await defaultSigner(),
    openChannel: (link) => openChannel(link),
    log: (line) => log.push(line),
  })
  const closing = vi.spyOn(IDBDatabase.prototype, 'close')
  expect(await session.setUp({ name: 'Asha', passphrase: 'tea for two' })).toMatchObject({
    ok: false,
    error: 'storage-failed',
    detail: expect.stringContaining('out of order') as string,
  })
  const closed = new Set(closing.mock.contexts.map((database) => (database as IDBDatabase).name))
  closing.mockRestore()
  expect([...closed].toSorted()).toEqual(expect.arrayContaining(['teatray', 'teatray-notes']))

  broken.now = false
  expect(await session.unlock('tea for two')).toMatchObject({ ok: true })
  expect(session.state.get()).toMatchObject({ stage: 'no-group', name: 'Asha' })
  expect(await session.createGroup({ groupName: 'Tuesday' })).toMatchObject({ ok: true })
  const state = session.state.get()
  if (state.stage !== 'group') throw new Error(state.stage)
  const made = await state.group.createCircle({ name: 'Planning', people: [] })
  expect(made).toMatchObject({ ok: true })
  await session.lock()
  expect(session.state.get()).toEqual({ stage: 'locked', name: '' })
  expect(await session.unlock('tea for two')).toMatchObject({ ok: true })
  const again = session.state.get()
  if (again.stage !== 'group') throw new Error(again.stage)
  expect(again.group.circles.get().map(({ name }) => name.get())).toEqual(['Planning'])
  await session.lock()
}, 60_000)
