/**
 * Two devices over one channel: the group they have in common first, and then, between the devices that it proved, each of its
 * circles that both are in. Hostile input is refused by name and never throws.
 */
import type { Clock } from '../base/clock.ts'
import { createEmitter } from '../base/emitter.ts'
import { describeThrown } from '../base/errors.ts'
import type { CircleId, DeviceId, DocumentId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import type { Channel } from './channel.ts'
import {
  createCircleSession,
  type CircleSession,
  type CircleStatus,
  type PresenceEvent,
  type SessionRefusal,
} from './circle-session.ts'
import { createClaims, type Claims } from './claims.ts'
import { tagOf } from './hello.ts'
import {
  decodeMessage,
  encodeMessage,
  MAX_CIRCLES,
  MAX_OFFERS,
  type CircleTag,
  type HelloOffer,
  type Message,
} from './messages.ts'
import type { Replica } from './replica.ts'
import { systemTimers, type Timers } from './timers.ts'
import { createWelcomeReceiver, createWelcomeSender, type Welcome, type WelcomeMessage } from './welcome.ts'

/** Refusals after which there is nothing to talk about. */
const MAX_REFUSALS = 1000
const PROVE_WITHIN_MS = 20_000
/** Far more than circles are opened and keys are changed while two are connected. */
const MAX_HELLOS = 512
/** Bytes of hellos for circles kept while the group is not proved. */
const MAX_KEPT = 1024 * 1024

export interface SyncSessionOptions {
  readonly channel: Channel
  readonly replicas: readonly Replica[]
  readonly signer: Signer
  readonly clock: Clock
  readonly timers?: Timers
  /** Shared by the sessions of one replica. */
  readonly claimsOf?: (replica: Replica) => Claims
  /** The group that a circle belongs to: nothing is said of the circle before that is proved. Undefined: it is a group itself. */
  readonly groupOf?: (circle: CircleId) => CircleId | undefined
  /** Of a circle with a group: whether this device is present there. */
  readonly mayMeet?: (circle: CircleId, device: DeviceId) => boolean
  /** So many changes were handed to the channel. */
  readonly onChangesSent?: (count: number) => void
}

export interface SessionRefusalEvent {
  readonly reason: string
  readonly device?: DeviceId
}

export interface SyncSession {
  readonly channel: Channel
  /** Who is at the other end; undefined until proved. One that was removed is known too, and told nothing more. */
  device(): DeviceId | undefined
  isOpen(): boolean
  statuses(): readonly CircleStatus[]
  onStatus(listener: () => void): () => void
  onRefusal(listener: (refusal: SessionRefusalEvent) => void): () => void
  onPresence(listener: (event: PresenceEvent) => void): () => void
  /** They say that this computer is in a circle that it holds nothing of. */
  onWelcome(listener: (welcome: Welcome) => void): () => void
  sendPresence(circle: CircleId, document: DocumentId, update: Uint8Array): void
  /** A circle that was opened after the session began. */
  add(replica: Replica): void
  remove(circle: CircleId): void
  onClose(handler: (reason: string) => void): void
  close(reason?: string): void
}

interface Part {
  readonly session: CircleSession
  /** Undefined: a group itself. */
  readonly group: CircleTag | undefined
  readonly stopListening: () => void
}

export function createSyncSession(options: SyncSessionOptions): SyncSession {
  const { channel, signer, clock } = options
  const timers = options.timers ?? systemTimers
  const claimsOf = options.claimsOf ?? (() => createClaims())
  const groupOf = options.groupOf ?? (() => undefined)
  const mayMeet = options.mayMeet ?? (() => true)
  const parts = new Map<CircleTag, Part>()
  const statuses = createEmitter<void>()
  const refusals = createEmitter<SessionRefusalEvent>()
  const presences = createEmitter<PresenceEvent>()
  const welcomes = createEmitter<Welcome>()
  /** Groups whose circles were offered. */
  const opened = new Set<CircleTag>()
  /** Tags the other has offered, of circles we hold or may come to hold. */
  const theirTags = new Set<CircleTag>()
  let kept: { readonly offers: HelloOffer[]; size: number } | undefined = { offers: [], size: 0 }
  let saying: Promise<void> = Promise.resolve()
  let groupsHeard = false
  let circlesHeard = false
  let hellos = 0
  let refused = 0
  let isOpen = true

  const refuse = (reason: string, device?: DeviceId): void => {
    refused += 1
    refusals.emit(device === undefined ? { reason } : { reason, device })
    if (refused > MAX_REFUSALS) channel.close('too-many-refusals')
  }

  /** Who proved to be present in the group. */
  const presentIn = (group: CircleTag): DeviceId | undefined => parts.get(group)?.session.status()?.device
  const refusalOf = (circle: CircleId, group: CircleTag | undefined, device: DeviceId): SessionRefusal | undefined => {
    if (group === undefined) return undefined
    const proved = presentIn(group)
    if (proved === undefined || !mayMeet(circle, device)) return 'not-in-the-group'
    return proved === device ? undefined : 'other-device'
  }

  const open = (replica: Replica): Part => {
    const { circle } = replica
    const groupId = groupOf(circle)
    const group = groupId === undefined ? undefined : tagOf(channel.transcript, groupId)
    const session = createCircleSession({
      replica,
      channel,
      signer,
      clock,
      timers,
      claims: claimsOf(replica),
      refusalOf: (device) => refusalOf(circle, group, device),
      onStatus: () => {
        if (group === undefined) onGroupStatus(tagOf(channel.transcript, circle))
        statuses.emit()
      },
      onPresence: (event) => presences.emit(event),
      onChangesSent: (count) => options.onChangesSent?.(count),
      refuse,
    })
    const part: Part = { session, group, stopListening: replica.membership.onChange(() => sender.considerSoon()) }
    parts.set(session.tag, part)
    return part
  }

  const hello = async (sessions: readonly CircleSession[]): Promise<void> => {
    const offers: HelloOffer[] = []
    for (const session of sessions.slice(0, MAX_CIRCLES)) offers.push(...(await session.offers()))
    await channel.send(encodeMessage({ type: 'hello', offers }))
  }
  const say = (sessions: readonly CircleSession[]): void => {
    saying = saying.then(() => hello(sessions)).catch(() => channel.close('hello-failed'))
  }
  const circlesOf = (group: CircleTag): readonly CircleSession[] =>
    [...parts.values()].flatMap((part) => (part.group === group ? [part.session] : []))

  const onGroupStatus = (group: CircleTag): void => {
    for (const circle of circlesOf(group)) circle.reconsider()
    if (presentIn(group) === undefined || opened.has(group)) return
    opened.add(group)
    // Said even where there is none: then the other knows, and welcomes us to those it has.
    say(circlesOf(group))
    const waiting = kept?.offers ?? []
    kept = undefined
    saying
      .then(() => onOffers(waiting, false))
      .then(
        () => sender.consider(),
        () => channel.close('failed'),
      )
  }

  const keep = (offers: readonly HelloOffer[]): void => {
    for (const offer of offers) {
      if (kept === undefined || kept.size + offer.sealed.length > MAX_KEPT) return refuse('too-many-offers')
      kept.size += offer.sealed.length
      kept.offers.push(offer)
    }
  }
  const onOffers = async (offers: readonly HelloOffer[], late: boolean): Promise<void> => {
    const byTag = new Map<CircleTag, HelloOffer[]>()
    for (const offer of offers) byTag.set(offer.tag, [...(byTag.get(offer.tag) ?? []), offer])
    for (const [tag, some] of byTag) {
      if (theirTags.size < MAX_CIRCLES * MAX_OFFERS) theirTags.add(tag)
      // Circles that only one of the two is in: nothing is said about them.
      await parts.get(tag)?.session.onOffers(some.slice(0, MAX_OFFERS), late)
    }
  }
  const onHello = async (offers: readonly HelloOffer[]): Promise<void> => {
    hellos += 1
    if (hellos > MAX_HELLOS) return refuse('too-many-hellos')
    const isOfGroup = ({ tag }: HelloOffer): boolean => {
      const part = parts.get(tag)
      return part !== undefined && part.group === undefined
    }
    const groups = offers.filter(isOfGroup)
    const circles = offers.filter((offer) => !isOfGroup(offer))
    const lateGroups = groupsHeard
    groupsHeard = true
    await onOffers(groups, lateGroups)
    if (groups.length > 0 && circles.length === 0) return
    if (kept !== undefined) keep(circles)
    else {
      // Ours first: an answer before it would be taken for all that we offer.
      await saying
      await onOffers(circles, circlesHeard)
    }
    circlesHeard ||= groups.length === 0
    sender.consider()
  }

  const sender = createWelcomeSender({
    timers,
    due: () =>
      [...parts.values()].flatMap(({ session: { replica, tag }, group }) => {
        const device = group === undefined ? undefined : presentIn(group)
        if (group === undefined || device === undefined || !circlesHeard || theirTags.has(tag)) return []
        const isIn = replica.membership.state().devices.get(device)?.present === true
        return isIn && mayMeet(replica.circle, device) ? [{ replica, group }] : []
      }),
    send: (message) => channel.send(encodeMessage(message)),
    refuse,
  })
  const receiver = createWelcomeReceiver({ onWelcome: (welcome) => welcomes.emit(welcome), refuse })
  const onWelcome = (message: WelcomeMessage): void => {
    const part = parts.get(message.tag)
    const from = part?.group === undefined ? part?.session.status()?.device : undefined
    if (from === undefined) return refuse('welcome-before-hello')
    receiver.onPart(message, from)
  }

  const handle = async (message: Message): Promise<void> => {
    if (message.type === 'hello') return onHello(message.offers)
    if (message.type === 'welcome') return onWelcome(message)
    const part = parts.get(message.tag)
    if (part === undefined) return refuse('unknown-circle')
    await part.session.onMessage(message)
  }

  const device = (): DeviceId | undefined => {
    for (const { session, group } of parts.values()) {
      const found = group === undefined ? session.device() : undefined
      if (found !== undefined) return found
    }
    return undefined
  }
  const end = ({ session, stopListening }: Part): void => {
    stopListening()
    session.close()
  }

  for (const replica of options.replicas) open(replica)
  const cancelProve = timers.after(PROVE_WITHIN_MS, () => {
    if (device() === undefined) channel.close('nobody-we-know')
  })
  channel.onClose(() => {
    isOpen = false
    cancelProve()
    sender.stop()
    for (const part of parts.values()) end(part)
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
  say([...parts.values()].flatMap(({ session, group }) => (group === undefined ? [session] : [])))

  return {
    channel,
    device,
    isOpen: () => isOpen,
    statuses: () => [...parts.values()].flatMap(({ session }) => session.status() ?? []),
    onStatus: (listener) => statuses.on(listener),
    onRefusal: (listener) => refusals.on(listener),
    onPresence: (listener) => presences.on(listener),
    onWelcome: (listener) => welcomes.on(listener),
    sendPresence: (circle, document, update) => {
      parts.get(tagOf(channel.transcript, circle))?.session.sendPresence(document, update)
    },
    add: (replica) => {
      if (!isOpen || parts.has(tagOf(channel.transcript, replica.circle))) return
      const { session, group } = open(replica)
      // With the others of its group, once that is proved.
      if (group === undefined || opened.has(group)) say([session])
      sender.considerSoon()
    },
    remove: (circle) => {
      const tag = tagOf(channel.transcript, circle)
      const part = parts.get(tag)
      if (part === undefined) return
      parts.delete(tag)
      end(part)
      for (const other of circlesOf(tag)) other.reconsider()
      statuses.emit()
    },
    onClose: (handler) => channel.onClose(handler),
    close: (reason = 'closed') => channel.close(reason),
  }
}
