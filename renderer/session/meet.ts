/** Looks for others in one room, over every transport at once, and hands over private channels. */
import { describeThrown } from '../../shared/base/errors.ts'
import type { Channel } from '../../shared/sync/channel.ts'
import type { Link, Room, Transport } from '../../shared/sync/link.ts'
import type { Live } from '../../shared/model/contexts.ts'

export type OpenChannel = (link: Link) => Promise<Channel>

export interface Meeting {
  /** Stops looking and closes what was opened here. */
  leave(): void
}

export function meet(request: {
  readonly transports: Live<readonly Transport[]>
  readonly room: Room
  readonly openChannel: OpenChannel
  readonly onChannel: (channel: Channel) => void
  readonly log: (line: string) => void
}): Meeting {
  const { transports, room, openChannel, onChannel, log } = request
  const joined = new Map<Transport, { leave(): void }>()

  const onLink = (link: Link): void => {
    openChannel(link).then(onChannel, (thrown: unknown) => log(`${link.kind}: ${describeThrown(thrown)}`))
  }
  const follow = (): void => {
    const wanted = new Set(transports.get())
    for (const [transport, { leave }] of joined) {
      if (wanted.has(transport)) continue
      joined.delete(transport)
      leave()
    }
    for (const transport of wanted) {
      if (!joined.has(transport)) joined.set(transport, transport.join(room, onLink))
    }
  }

  const unsubscribe = transports.subscribe(follow)
  follow()
  return {
    leave() {
      unsubscribe()
      for (const { leave } of joined.values()) leave()
      joined.clear()
    },
  }
}
