/** An encrypted stream as frames with back-pressure: one message of the stream is one frame. */
import type SecretStream from '@hyperswarm/secret-stream'
import { HostError } from '../../../shared/host/errors.ts'
import { MAX_FRAME } from '../../../shared/sync/link.ts'

/** 'ended': the other side closed it in good order. 'lost': it broke, or fell silent. 'refused': it broke the rules. */
export type FrameEnd = 'ended' | 'lost' | 'refused'

export interface Frames {
  /** Resolves when the stream wants more; rejects 'link-closed', or 'bad-frame' for a frame of a wrong size. */
  send(frame: Uint8Array): Promise<void>
  /** Sends what is under way, then ends; what does not leave within a second is given up. */
  close(): void
}

interface Waiting {
  readonly resolve: () => void
  readonly reject: (reason: HostError) => void
}

const FAREWELL = 1000

export function frameStream(
  stream: SecretStream,
  on: { frame(frame: Uint8Array): void; end(how: FrameEnd, detail: string): void },
): Frames {
  let waiting: Waiting[] = []
  let open = true

  const finish = (how: FrameEnd, detail: string): void => {
    if (!open) return
    open = false
    for (const { reject } of waiting.splice(0)) reject(new HostError('link-closed'))
    on.end(how, detail)
  }
  const refuse = (detail: string): void => {
    finish('refused', detail)
    stream.destroy()
  }

  stream.on('data', (message) => {
    if (!open) return
    if (message.length > MAX_FRAME) return refuse('a frame over the limit')
    if (message.length > 0) on.frame(new Uint8Array(message))
  })
  stream.on('drain', () => {
    const ready = waiting
    waiting = []
    for (const { resolve } of ready) resolve()
  })
  stream.on('end', () => {
    finish('ended', '')
    stream.end()
  })
  // A reset or a silence is the network's doing; anything else is bytes that do not decrypt.
  stream.on('error', (error) => finish(isNetworkError(error) ? 'lost' : 'refused', error.message))
  stream.on('close', () => finish('lost', ''))

  return {
    send(frame) {
      if (!open || stream.destroying) return Promise.reject(new HostError('link-closed'))
      if (frame.length === 0 || frame.length > MAX_FRAME) return Promise.reject(new HostError('bad-frame'))
      // A copy: the stream keeps the bytes until the socket takes them, the caller may use its buffer again at once.
      if (stream.write(Buffer.from(frame))) return Promise.resolve()
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    close() {
      if (!open) return
      open = false
      for (const { reject } of waiting.splice(0)) reject(new HostError('link-closed'))
      stream.end()
      setTimeout(() => stream.destroy(), FAREWELL).unref()
    },
  }
}

const isNetworkError = (error: Error): boolean =>
  ('code' in error && typeof error.code === 'string') || error.message === 'Stream timed out'
