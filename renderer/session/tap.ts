/**
 * For end-to-end tests of what leaves and what arrives, alone: keeps every message as it is before the channel seals it and after
 * it opened it, and every open circle's replica, where the test can reach them. So it can open every box with every key this
 * computer has, and look for words that must not be there. main.tsx uses this only in builds of mode 'tap'.
 */
import { toHex } from '../../shared/base/bytes.ts'
import type { Channel } from '../../shared/sync/channel.ts'
import type { Replica } from '../../shared/sync/replica.ts'
import type { SessionDependencies } from './app-session.ts'
import type { OpenChannel } from './meet.ts'

export interface TappedMessage {
  /** Both ends of a channel know it by the same name. */
  readonly channel: string
  readonly direction: 'sent' | 'received'
  readonly bytes: Uint8Array
}

export interface Tap {
  readonly messages: TappedMessage[]
  /** Of the group and of every circle; the latest of each. */
  readonly replicas: Replica[]
}

export function tapped(openChannel: OpenChannel): Pick<SessionDependencies, 'openChannel' | 'onReplica'> {
  const tap: Tap = { messages: [], replicas: [] }
  Object.assign(globalThis, { teatrayTap: tap })
  const tappedChannel = (channel: Channel): Channel => {
    const keep = (direction: TappedMessage['direction'], message: Uint8Array): void => {
      tap.messages.push({ channel: toHex(channel.transcript), direction, bytes: new Uint8Array(message) })
    }
    return {
      kind: channel.kind,
      initiator: channel.initiator,
      transcript: channel.transcript,
      send(message) {
        keep('sent', message)
        return channel.send(message)
      },
      onMessage: (handler) =>
        channel.onMessage((message) => {
          keep('received', message)
          return handler(message)
        }),
      onClose: (handler) => channel.onClose(handler),
      close: (reason) => channel.close(reason),
    }
  }
  return {
    openChannel: async (link) => tappedChannel(await openChannel(link)),
    onReplica(replica) {
      const before = tap.replicas.findIndex(({ circle }) => circle === replica.circle)
      if (before >= 0) tap.replicas.splice(before, 1)
      tap.replicas.push(replica)
    },
  }
}
