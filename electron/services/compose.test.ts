import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEmitter } from '../../shared/base/emitter.ts'
import type { HostEvent, LanEvent } from '../../shared/host/ports.ts'
import { createServices } from './index.ts'
import type { NetworkServices } from './index.ts'

let profileDirectory: string
beforeEach(async () => {
  profileDirectory = await mkdtemp(join(tmpdir(), 'teatray-'))
})
afterEach(() => rm(profileDirectory, { recursive: true }))

function fakeNetwork() {
  const lanEvents = createEmitter<LanEvent>()
  const calls: string[] = []
  const status = { enabled: false, port: 4444, lan: false, addresses: [], problem: '' }
  const network: NetworkServices = {
    lan: {
      port: { join: async () => {}, leave: async () => {}, send: async () => {}, closeLink: async () => {} },
      onEvent: (handler) => lanEvents.on(handler),
      close: async () => void calls.push('lan closed'),
    },
    signaling: {
      port: { serverStatus: async () => status, setServer: async () => status, relay: async () => ({ url: '' }) },
      relay: { path: '/relay', upgrade: () => {} },
      setRelayBase: (url) => calls.push(url),
      close: async () => void calls.push('signaling closed'),
    },
  }
  return { network, lanEvents, calls }
}

const log = () => {}

test('every source of events comes out in one stream, and none after closing', async () => {
  const { network, lanEvents, calls } = fakeNetwork()
  let freeBytes = 100
  const services = await createServices(
    {
      profileDirectory,
      appVersion: '1',
      kind: 'browser',
      log,
      storage: { reserve: 200, freeBytes: async () => freeBytes },
    },
    network,
  )
  const seen: HostEvent[] = []
  services.onEvent((event) => seen.push(event))
  // Already low before anyone listened: the first question answers it.
  expect(await services.ports.storage.space()).toEqual({ freeBytes: 100, low: true })
  lanEvents.emit({ type: 'lan-status', state: 'ready', detail: '' })
  services.emit({ type: 'show-yourself' })
  freeBytes = 1000
  await services.ports.storage.space()
  services.setRelayBase('ws://127.0.0.1:5')
  await services.close()
  lanEvents.emit({ type: 'lan-status', state: 'unavailable', detail: '' })
  expect(seen.map(({ type }) => type)).toEqual(['lan-status', 'show-yourself', 'storage-low'])
  expect(calls).toEqual(['ws://127.0.0.1:5', 'lan closed', 'signaling closed'])
})

test('the real services start and stop, and say where they are', async () => {
  const services = await createServices({ profileDirectory, appVersion: '1.2.3', kind: 'electron', log })
  expect(await services.ports.info.get()).toEqual({
    kind: 'electron',
    appVersion: '1.2.3',
    platform: process.platform,
    profileDirectory,
  })
  expect((await services.ports.signaling.serverStatus()).enabled).toBe(false)
  expect(await services.ports.keychain.status()).toEqual({ state: 'not-here' })
  services.setRelayBase('ws://127.0.0.1:5')
  expect((await services.ports.signaling.relay({ address: 'ws://127.0.0.1:4444' })).url).toMatch(
    /^ws:\/\/127\.0\.0\.1:5\/relay\?/,
  )
  await services.close()
})
