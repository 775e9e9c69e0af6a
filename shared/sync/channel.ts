/**
 * A Link made private: both ends draw a fresh X25519 key, and every frame after that is sealed under keys of this one
 * connection. Who is at the other end is not known yet; that is proved inside, bound to `transcript`.
 */
import type { Bytes } from '../base/bytes.ts'

/** Bytes of one message; longer ones are cut into frames and put together again below this interface. */
export const MAX_MESSAGE = 8 * 1024 * 1024

export interface Channel {
  readonly kind: 'lan' | 'webrtc' | 'memory'
  readonly initiator: boolean
  /** 32 bytes, equal on both ends of this connection and on no other: what signatures and safety words are bound to. */
  readonly transcript: Bytes
  /** In order; resolves when the link wants more. Rejects with LinkClosed. */
  send(message: Uint8Array): Promise<void>
  /** One handler; what came earlier is handed over first. Messages are handed over one after the other, awaiting the handler. */
  onMessage(handler: (message: Bytes) => void | Promise<void>): void
  onClose(handler: (reason: string) => void): void
  close(reason?: string): void
}
