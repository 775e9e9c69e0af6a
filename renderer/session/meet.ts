/** Looks for others in one room, over every transport at once, and hands over private channels. */
import { describeThrown } from '../../shared/base/errors.ts'
import type { Channel } from '../../shared/sync/channel.ts'
import { joinRoom } from '../../shared/sync/join-room.ts'
import type { Link, Room, Transport } from '../../shared/sync/link.ts'
import { metered, type OpenMeter } from '../../shared/sync/meter.ts'
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
  /** Counts what leaves over each link. */
  readonly meter: OpenMeter
  readonly onChannel: (channel: Channel) => void
  readonly log: (line: string) => void
}): Meeting {
  const { transports, room, openChannel, meter, onChannel, log } = request
  const onLink = (link: Link): void => {
    openChannel(metered(link, meter(link.kind))).then(onChannel, (thrown: unknown) =>
      log(`${link.kind}: ${describeThrown(thrown)}`),
    )
  }
  return { leave: joinRoom({ transports, room, onLink }) }
}
