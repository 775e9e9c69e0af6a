/**
 * Signalling as a service of the host: this computer's own server, off until it is switched on, and the relay through which
 * the window reaches any server. What a server sees: topics.ts.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { describeThrown } from '../../../shared/base/errors.ts'
import { HostError } from '../../../shared/host/errors.ts'
import type { SignalingPort, SignalingServerStatus } from '../../../shared/host/ports.ts'
import { listAddresses } from './addresses.ts'
import { createRelay } from './relay.ts'
import { CouldNotStart, DEFAULT_PORT, type SignalingServer, startSignalingServer } from './server.ts'
import { type SignalingSettings, readSettings, writeSettings } from './settings.ts'

export interface SignalingService {
  readonly port: SignalingPort
  readonly relay: { readonly path: '/relay'; upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void }
  /** `url` is the ws://127.0.0.1:PORT of the server that hands upgrades to `relay`. */
  setRelayBase(url: string): void
  close(): Promise<void>
}

const OFF: SignalingSettings = { version: 1, enabled: false, port: DEFAULT_PORT, lan: false }

export function createSignalingService(options: {
  readonly profileDirectory: string
  readonly log: (line: string) => void
}): SignalingService {
  const { profileDirectory, log } = options
  const relay = createRelay(log)
  let settings = OFF
  let server: SignalingServer | undefined
  let problem = ''
  let relayBase = ''
  let closed = false

  const stop = async (): Promise<void> => {
    const running = server
    server = undefined
    await running?.close()
  }

  const start = async (wanted: SignalingSettings): Promise<void> => {
    problem = ''
    settings = wanted
    if (!wanted.enabled || closed) return
    try {
      server = await startSignalingServer({ port: wanted.port, hosts: wanted.lan ? ['::', '0.0.0.0'] : ['127.0.0.1'] })
      settings = { ...wanted, port: server.port }
    } catch (thrown) {
      problem = thrown instanceof CouldNotStart ? thrown.problem : 'could-not-listen'
      log(`signaling: the server did not start: ${problem}`)
    }
  }

  const restore = async (): Promise<void> => {
    const kept = await readSettings(profileDirectory)
    if (kept.ok) return start(kept.value)
    if (kept.error === 'unreadable')
      log(`signaling: the settings could not be read, the server stays off: ${kept.detail}`)
  }

  // One change after the other: a second switch must not meet a server that is half started.
  let last: Promise<unknown> = restore()
  const inTurn = <Value>(step: () => Promise<Value>): Promise<Value> => {
    const result = last.then(step)
    last = result.catch(() => undefined)
    return result
  }

  const status = (): SignalingServerStatus => ({
    enabled: settings.enabled,
    port: settings.port,
    lan: settings.lan,
    addresses: server === undefined ? [] : listAddresses(settings.port, settings.lan),
    problem,
  })

  const port: SignalingPort = {
    serverStatus: () => inTurn(async () => status()),
    setServer: ({ enabled, port: wantedPort, lan }) =>
      inTurn(async () => {
        if (closed) throw new HostError('signaling-closed')
        await stop()
        await start({ version: 1, enabled, port: wantedPort ?? settings.port, lan: lan ?? settings.lan })
        // Port 0 (any free one) that did not start has no number to remember.
        if (settings.port === 0) settings = { ...settings, port: DEFAULT_PORT }
        try {
          await writeSettings(profileDirectory, settings)
        } catch (thrown) {
          log(`signaling: the choice could not be kept: ${describeThrown(thrown)}`)
          if (problem === '') problem = 'not-remembered'
        }
        return status()
      }),
    async relay({ address }) {
      if (relayBase === '') throw new HostError('relay-not-ready')
      return { url: `${relayBase}${relay.path}?token=${relay.tokenFor(address)}` }
    },
  }

  return {
    port,
    relay,
    setRelayBase(url) {
      relayBase = url.replace(/\/$/, '')
    },
    async close() {
      closed = true
      relay.close()
      await inTurn(stop)
    },
  }
}
