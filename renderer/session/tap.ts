/**
 * For the canary test alone: shows every message as it is before sealing to `globalThis.teatrayTap`, so that the test can look
 * for a private note in what would be sent. main.tsx uses it only in builds of mode 'tap'.
 */
import type { Channel } from '../../shared/sync/channel.ts'
import type { OpenChannel } from './meet.ts'

const show = (message: Uint8Array): void =>
  (globalThis as { teatrayTap?: (message: Uint8Array) => void }).teatrayTap?.(message)

const tappedChannel = (channel: Channel): Channel => ({
  kind: channel.kind,
  initiator: channel.initiator,
  transcript: channel.transcript,
  send(message) {
    show(message)
    return channel.send(message)
  },
  onMessage: (handler) => channel.onMessage(handler),
  onClose: (handler) => channel.onClose(handler),
  close: (reason) => channel.close(reason),
})

export const tapped =
  (openChannel: OpenChannel): OpenChannel =>
  async (link) =>
    tappedChannel(await openChannel(link))
