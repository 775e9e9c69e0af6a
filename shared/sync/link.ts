/**
 * The carrier's side of sync. A Link is one open, ordered, two-way connection that carries whole frames; a Transport finds
 * the others who know the same room key and opens links to them. Neither is trusted with anything: all that crosses is
 * sealed by the session above. Every implementation passes tests/contracts/transport.contract.ts, both ways.
 */

/** Bytes; a longer frame closes the link that brought it. */
export const MAX_FRAME = 64 * 1024

export type LinkKind = 'lan' | 'webrtc' | 'memory'

export interface Link {
  readonly kind: LinkKind
  /** True on exactly one of the two ends; breaks ties, grants nothing. */
  readonly initiator: boolean
  /**
   * Resolves when the transport wants more (back-pressure: a writer awaits each call). Frames of 1 to MAX_FRAME bytes, in
   * order. Rejects with a LinkClosed error once the link is closed.
   */
  send(frame: Uint8Array): Promise<void>
  /** One handler; frames that arrived before it was set are handed over first, in order. */
  onFrame(handler: (frame: Uint8Array) => void): void
  /** Every handler is called once: the channel, the session and the carrier each set one. A handler set after the close is called at once. */
  onClose(handler: (reason: string) => void): void
  close(reason?: string): void
}

export class LinkClosed extends Error {
  override readonly name = 'LinkClosed'
}

/** Who may find each other: all who hold this key. Each transport derives its own tags, names and passwords from it. */
export interface Room {
  /** 32 secret bytes. */
  readonly key: Uint8Array
  /** 'circle' rooms last as long as an epoch; 'joining' rooms as long as an invitation's wait. */
  readonly purpose: 'circle' | 'joining'
}

export interface TransportStatus {
  /** 'off': the person switched it off. 'unavailable': see detail, a named reason. */
  readonly state: 'off' | 'starting' | 'ready' | 'unavailable'
  readonly detail?: string
}

export interface Transport {
  readonly kind: LinkKind
  status(): TransportStatus
  onStatus(handler: (status: TransportStatus) => void): () => void
  /**
   * Looks for others in the room and hands over every link that opens, whoever began it, until `leave` is called. Leaving
   * closes the room's links. More than one link to the same device may open; the session drops the spare.
   */
  join(room: Room, onLink: (link: Link) => void): { leave(): void }
  close(): void
}
