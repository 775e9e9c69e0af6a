/** Finds the window's host, whichever of the two it is, and speaks to it. */
import type { HostLink } from '../../shared/host/host-link.ts'
import { createHostClient } from '../../shared/host/rpc.ts'
import type { HostClient } from '../../shared/host/rpc.ts'
import { linkOverPort } from './port-link.ts'
import { openSocketLink } from './socket-link.ts'

/** What electron/preload.ts exposes, and nothing more. */
interface PreloadApi {
  /** Asks for a port; it comes as a message of this window with the text PORT_MESSAGE and one MessagePort. */
  connect(): void
}

/** Equal to the text in electron/preload.ts. */
const PORT_MESSAGE = 'teatray-host-port'

const preloadApi = (): PreloadApi | undefined => (globalThis as { teatray?: PreloadApi }).teatray

const portFromPreload = (preload: PreloadApi): Promise<HostLink> =>
  new Promise((resolve) => {
    const receive = (event: MessageEvent): void => {
      const [port] = event.ports
      if (event.source !== window || event.data !== PORT_MESSAGE || port === undefined) return
      window.removeEventListener('message', receive)
      resolve(linkOverPort(port))
    }
    window.addEventListener('message', receive)
    preload.connect()
  })

/** Rejects with 'host-unreachable' where there is no host behind this page. */
export async function connectHost(): Promise<HostClient> {
  const preload = preloadApi()
  const link =
    preload === undefined
      ? await openSocketLink(new WebSocket(`ws://${location.host}/host`))
      : await portFromPreload(preload)
  return createHostClient(link, (refusal, detail) => console.error(`Refused from the host: ${refusal} ${detail}`))
}
