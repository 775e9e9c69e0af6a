/** Two devices over one channel, all circles they have in common at once. Hostile input is refused by name and never throws. */
import type { Clock } from '../base/clock.ts'
import { createEmitter } from '../base/emitter.ts'
import { describeThrown } from '../base/errors.ts'
import type { CircleId, DeviceId, DocumentId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import type { Channel } from './channel.ts'
import {
  createCircleSession,
  tagOf,
  type CircleSession,
  type CircleStatus,
  type PresenceEvent,
} from './circle-session.ts'
import { createClaims, type Claims } from './claims.ts'
import { decodeMessage, encodeMessage, MAX_CIRCLES, type CircleTag, type HelloOffer, type Message } from './messages.ts'
import type { Replica } from './replica.ts'
import { systemTimers, type Timers } from './timers.ts'

/** Refusals after which there is nothing to talk about. */
const MAX_REFUSALS = 1000
const PROVE_WITHIN_MS = 20_000

export interface SyncSessionOptions {
  readonly channel: Channel
  readonly replicas: readonly Replica[]
  readonly signer: Signer
  readonly clock: Clock
  readonly timers?: Timers
  /** Shared by the sessions of one replica. */
  readonly claimsOf?: (replica: Replica) => Claims
}

export interface SessionRefusalEvent {
  readonly reason: string
  readonly device?: DeviceId
}

export interface SyncSession {
  readonly channel: Channel
  /** Who is at the other end; undefined until proved. */
  device(): DeviceId | undefined
  statuses(): readonly CircleStatus[]
  onStatus(listener: () => void): () => void
  onRefusal(listener: (refusal: SessionRefusalEvent) => void): () => void
  onPresence(listener: (event: PresenceEvent) => void): () => void
  sendPresence(circle: CircleId, document: DocumentId, update: Uint8Array): void
  /** A circle that was opened after the session began. */
  add(replica: Replica): void
  onClose(handler: (reason: string) => void): void
  close(reason?: string): void
}

export function createSyncSession(options: SyncSessionOptions): SyncSession {
  const { channel, signer, clock } = options
  const timers = options.timers ?? systemTimers
  const claimsOf = options.claimsOf ?? (() => createClaims())
  const circles = new Map<CircleTag, CircleSession>()
  const statuses = createEmitter<void>()
  const refusals = createEmitter<SessionRefusalEvent>()
  const presences = createEmitter<PresenceEvent>()
  let refused = 0

  const refuse = (reason: string, device?: DeviceId): void => {
    refused += 1
    refusals.emit(device === undefined ? { reason } : { reason, device })
    if (refused > MAX_REFUSALS) channel.close('too-many-refusals')
  }
  const open = (replica: Replica): CircleSession => {
    const session = createCircleSession({
      replica,
      channel,
      signer,
      clock,
      timers,
      claims: claimsOf(replica),
      onStatus: () => statuses.emit(),
      onPresence: (event) => presences.emit(event),
      refuse,
    })
    circles.set(session.tag, session)
    return session
  }
  const hello = async (sessions: readonly CircleSession[]): Promise<void> => {
    const offers: HelloOffer[] = []
    for (const session of sessions.slice(0, MAX_CIRCLES)) {
      const offer = await session.offer()
      if (offer !== undefined) offers.push(offer)
    }
    await channel.send(encodeMessage({ type: 'hello', offers }))
  }
  const say = (sessions: readonly CircleSession[]): void => {
    hello(sessions).catch(() => channel.close('hello-failed'))
  }

  const handle = async (message: Message): Promise<void> => {
    if (message.type === 'hello') {
      // Circles that only one of the two is in: nothing is said about them.
      for (const offer of message.offers) await circles.get(offer.tag)?.onOffer(offer)
      return
    }
    const circle = circles.get(message.tag)
    if (circle === undefined) return refuse('unknown-circle')
    await circle.onMessage(message)
  }

  const device = (): DeviceId | undefined => {
    for (const circle of circles.values()) {
      const status = circle.status()
      if (status !== undefined) return status.device
    }
    return undefined
  }

  for (const replica of options.replicas) open(replica)
  const cancelProve = timers.after(PROVE_WITHIN_MS, () => {
    if (device() === undefined) channel.close('nobody-we-know')
  })
  channel.onClose(() => {
    cancelProve()
    for (const circle of circles.values()) circle.close()
    statuses.emit()
  })
  channel.onMessage(async (bytes) => {
    const message = decodeMessage(bytes)
    if (!message.ok) return refuse(`message: ${message.error}`)
    try {
      await handle(message.value)
    } catch (thrown) {
      // For example a store that cannot be read: this conversation cannot go on, the app can.
      refuse(`failed: ${describeThrown(thrown)}`)
      channel.close('failed')
    }
  })
  say([...circles.values()])

  return {
    channel,
    device,
    statuses: () => [...circles.values()].flatMap((circle) => circle.status() ?? []),
    onStatus: (listener) => statuses.on(listener),
    onRefusal: (listener) => refusals.on(listener),
    onPresence: (listener) => presences.on(listener),
    sendPresence: (circle, document, update) => {
      circles.get(tagOf(channel.transcript, circle))?.sendPresence(document, update)
    },
    add: (replica) => {
      if (!circles.has(tagOf(channel.transcript, replica.circle))) say([open(replica)])
    },
    onClose: (handler) => channel.onClose(handler),
    close: (reason = 'closed') => channel.close(reason),
  }
}
