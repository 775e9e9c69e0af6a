/** Which carriers are in use, as the person's settings say, at every moment. */
import { describeThrown } from '../../shared/base/errors.ts'
import type { HostClient } from '../../shared/host/rpc.ts'
import type { AppSettings, Live, LookingWhere } from '../../shared/model/contexts.ts'
import { createLive } from '../../shared/base/live.ts'
import type { Transport } from '../../shared/sync/link.ts'
import { createLanTransport } from '../transports/lan.ts'
import { createWebrtcTransport, type WebrtcTransport } from '../transports/webrtc/index.ts'

export interface Carriers {
  readonly transports: Live<readonly Transport[]>
  readonly looking: Live<LookingWhere>
  close(): void
}

export function createTransports(request: {
  readonly host: HostClient
  readonly settings: Live<AppSettings>
  readonly log: (line: string) => void
}): Carriers {
  const { host, settings, log } = request
  const transports = createLive<readonly Transport[]>([])
  const looking = createLive<LookingWhere>({ lan: 'off', internet: 'off' })
  /** Loopback addresses that stand for the group's own; the page may connect to nothing else. */
  let relays: readonly string[] = []
  let lan: Transport | undefined
  let webrtc: WebrtcTransport | undefined
  let closed = false

  const update = (): void => {
    const { sync } = settings.get()
    const next = { lan: whereabouts(sync.lan, lan), internet: whereabouts(sync.internet, webrtc) }
    const now = looking.get()
    if (now.lan !== next.lan || now.internet !== next.internet) looking.set(next)
  }
  const watched = <Kind extends Transport>(transport: Kind): Kind => {
    transport.onStatus(update)
    return transport
  }

  const relayTo = async (addresses: readonly string[]): Promise<readonly string[]> => {
    const answers = await Promise.allSettled(addresses.map((address) => host.ports.signaling.relay({ address })))
    return answers.flatMap((answer) => {
      if (answer.status === 'fulfilled') return [answer.value.url]
      log(`signalling: ${describeThrown(answer.reason)}`)
      return []
    })
  }

  const follow = (): void => {
    const { sync } = settings.get()
    if (sync.lan) lan ??= watched(createLanTransport({ lan: host.ports.lan, onEvent: host.onEvent }))
    else lan = closing(lan)
    if (sync.internet)
      webrtc ??= watched(
        createWebrtcTransport({
          signaling: () => relays,
          iceServers: () => settings.get().sync.iceServers.map((urls) => ({ urls })),
          log,
        }),
      )
    else webrtc = closing(webrtc)
    transports.set([lan, webrtc].filter((transport) => transport !== undefined))
    update()
    void relayTo(sync.internet ? sync.signalingAddresses : []).then((urls) => {
      // Settings may have changed again meanwhile; then a later call has the right addresses.
      if (closed || settings.get().sync !== sync) return
      relays = urls
      webrtc?.refresh()
      update()
    })
  }

  const unsubscribe = settings.subscribe(follow)
  follow()
  return {
    transports,
    looking,
    close() {
      closed = true
      unsubscribe()
      transports.set([])
      lan = closing(lan)
      webrtc = closing(webrtc)
    },
  }
}

function closing(transport: Transport | undefined): undefined {
  transport?.close()
}

function whereabouts(wanted: boolean, transport: Transport | undefined): 'looking' | 'unavailable' | 'off' {
  if (!wanted || transport === undefined) return 'off'
  return transport.status().state === 'unavailable' ? 'unavailable' : 'looking'
}
