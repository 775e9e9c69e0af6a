import { LinkClosed, MAX_FRAME, type Link } from '../../../shared/sync/link.ts'
import { HIGH_WATER, LOW_WATER, MAX_UNREAD } from './limits.ts'

/** Whole frames over one data channel, one message each. The browser's queue is never filled past HIGH_WATER + one frame. */
export function createChannelLink(channel: RTCDataChannel, initiator: boolean): Link {
  let closedBecause: string | undefined
  let handleFrame: ((frame: Uint8Array) => void) | undefined
  const closeHandlers: ((reason: string) => void)[] = []
  let unread: Uint8Array[] = []
  let unreadBytes = 0
  // Sends take turns, so that a caller who does not wait still cannot overtake a frame that does.
  let lastTurn: Promise<unknown> = Promise.resolve()
  channel.binaryType = 'arraybuffer'
  channel.bufferedAmountLowThreshold = LOW_WATER

  const ends = new Set<() => void>()

  function end(reason: string): void {
    if (closedBecause !== undefined) return
    closedBecause = reason
    unread = []
    // Closing a channel still delivers what was handed to it (RFC 8831, section 6.7).
    channel.close()
    for (const wake of ends) wake()
    for (const handler of closeHandlers.splice(0)) handler(reason)
  }

  function drained(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        channel.removeEventListener('bufferedamountlow', wake)
        ends.delete(wake)
        resolve()
      }
      channel.addEventListener('bufferedamountlow', wake)
      ends.add(wake)
    })
  }

  const assertOpen = () => {
    if (closedBecause !== undefined) throw new LinkClosed(closedBecause)
  }

  async function write(frame: Uint8Array): Promise<void> {
    assertOpen()
    channel.send(frame as Uint8Array<ArrayBuffer>)
    if (channel.bufferedAmount < HIGH_WATER) return
    await drained()
    assertOpen()
  }

  function receive(frame: Uint8Array): void {
    if (handleFrame !== undefined) return handleFrame(frame)
    unread.push(frame)
    unreadBytes += frame.length
    if (unreadBytes > MAX_UNREAD) end('nobody-reads')
  }

  channel.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (closedBecause !== undefined) return
    if (!(event.data instanceof ArrayBuffer)) return end('frame-not-binary')
    if (event.data.byteLength > MAX_FRAME) return end('frame-too-large')
    if (event.data.byteLength === 0) return end('frame-empty')
    receive(new Uint8Array(event.data))
  })
  channel.addEventListener('close', () => end('closed-by-other'))

  return {
    kind: 'webrtc',
    initiator,
    send(frame) {
      if (frame.length < 1 || frame.length > MAX_FRAME) {
        return Promise.reject(new RangeError(`a frame has 1 to ${MAX_FRAME} bytes, not ${frame.length}`))
      }
      const turn = lastTurn.then(() => write(frame))
      // The caller has the rejection; the next turn only needs to know that this one is over.
      lastTurn = turn.then(
        () => undefined,
        () => undefined,
      )
      return turn
    },
    onFrame(handler) {
      handleFrame = handler
      const waiting = unread
      unread = []
      unreadBytes = 0
      for (const frame of waiting) {
        if (closedBecause === undefined) handler(frame)
      }
    },
    onClose(handler) {
      if (closedBecause === undefined) closeHandlers.push(handler)
      else handler(closedBecause)
    },
    close: (reason = 'closed') => end(reason),
  }
}
