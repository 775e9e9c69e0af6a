/**
 * Serves the one window. A reload or a second page gets a link of its own and the one before is closed: what the earlier
 * page had joined on the LAN is left first, or its links would carry frames that nobody reads.
 */
import { describeThrown } from '../../shared/base/errors.ts'
import type { HostLink } from '../../shared/host/host-link.ts'
import type { HostPorts } from '../../shared/host/ports.ts'
import { serveHost } from '../../shared/host/rpc.ts'
import type { Services } from './index.ts'

export interface WindowLinks {
  accept(link: HostLink): void
  close(): void
}

export function createWindowLinks(
  services: Pick<Services, 'ports' | 'onEvent'>,
  log: (line: string) => void,
): WindowLinks {
  let current: { readonly link: HostLink; retire(): void } | undefined
  /** Ends once everything the earlier pages joined has been left. */
  let cleared: Promise<void> = Promise.resolve()

  const leaveAll = async (joined: ReadonlySet<string>): Promise<void> => {
    for (const roomId of joined) {
      try {
        await services.ports.lan.leave({ roomId })
      } catch (thrown) {
        log(`window: a room could not be left: ${describeThrown(thrown)}`)
      }
    }
  }

  return {
    accept(link) {
      current?.retire()
      const ready = cleared
      const joined = new Set<string>()
      let retired = false
      const { lan } = services.ports
      const ports: HostPorts = {
        ...services.ports,
        lan: {
          async join(request) {
            await ready
            if (retired) return
            joined.add(request.roomId)
            await lan.join(request)
          },
          async leave(request) {
            joined.delete(request.roomId)
            await lan.leave(request)
          },
          send: (request) => lan.send(request),
          closeLink: (request) => lan.closeLink(request),
        },
      }
      const retire = (): void => {
        if (retired) return
        retired = true
        cleared = cleared.then(() => leaveAll(joined))
        link.close()
      }
      const mine = { link, retire }
      current = mine
      link.onClose(() => {
        retire()
        if (current === mine) current = undefined
      })
      serveHost(link, ports, services.onEvent, (refusal, detail) => log(`window: refused ${refusal} ${detail}`))
    },
    close: () => current?.retire(),
  }
}
