/**
 * For the canary test alone: keeps every message as it is before the channel seals it, and the keys of the open group, where the
 * test can reach them, so that it can open every box that would leave and look for a private note in it. main.tsx uses this
 * only in builds of mode 'tap'.
 */
import type { Channel } from '../../shared/sync/channel.ts'
import type { Replica } from '../../shared/sync/replica.ts'
import type { SessionDependencies } from './app-session.ts'
import type { OpenChannel } from './meet.ts'

export interface Tap {
  readonly messages: Uint8Array[]
  replica: Replica | undefined
}

export function tapped(openChannel: OpenChannel): Pick<SessionDependencies, 'openChannel' | 'onReplica'> {
  const tap: Tap = { messages: [], replica: undefined }
  Object.assign(globalThis, { teatrayTap: tap })
  const tappedChannel = (channel: Channel): Channel => ({
    kind: channel.kind,
    initiator: channel.initiator,
    transcript: channel.transcript,
    send(message) {
      tap.messages.push(new Uint8Array(message))
      return channel.send(message)
    },
    onMessage: (handler) => channel.onMessage(handler),
    onClose: (handler) => channel.onClose(handler),
    close: (reason) => channel.close(reason),
  })
  return {
    openChannel: async (link) => tappedChannel(await openChannel(link)),
    onReplica(replica) {
      tap.replica = replica
    },
  }
}
