/**
 * The newcomer's side of a joining: says hello on every channel that opens in the invitation's room, follows the first that
 * proves the code, and believes nothing of the circle that its own replay of the records does not bear out.
 */
import { equalBytes, randomBytes, type Bytes } from '../base/bytes.ts'
import type { CircleId } from '../base/ids.ts'
import { isSame } from '../crypto/same.ts'
import { verifyCertificate } from '../membership/identity.ts'
import type { DeviceSecrets } from '../membership/state.ts'
import type { Channel } from '../sync/channel.ts'
import { systemTimers, type Timers } from '../sync/timers.ts'
import { bind, commitmentTo, helloProof, stopProof, welcomeProof, type Bound } from './conversation.ts'
import { enterAsComputer, type EnterAsComputerRequest } from './enter-as-computer.ts'
import { enterAsPerson, type EnterAsPersonRequest } from './enter-as-person.ts'
import type { Entering, EnteringTalk } from './entering.ts'
import { MAX_SEATS, NONCE } from './limits.ts'
import {
  decodeJoining,
  type AnyWelcome,
  type HelloMessage,
  type JoiningMessage,
  type RevealMessage,
  type StopMessage,
  type StopReason,
} from './messages.ts'
import { closeSoon, createLeaving, handleSafely, say, sayLast, type Seat } from './seat.ts'
import { createLive, type Live } from '../base/live.ts'

export type JoinerProblem =
  | 'code-used'
  | 'code-expired'
  | 'code-cancelled'
  | 'words-differ'
  | 'cancelled-here'
  | 'cancelled-there'
  | 'not-allowed'
  | 'storage-failed'
  | 'other-version'
  /** As a new computer, after we said that the words are the same: another code is needed. */
  | 'connection-lost'
  /** The code is for another computer of one person, and this one is somebody else's already (`own`). */
  | 'already-in-a-group'
  /** The code lets a person into a group that this computer is in (`isIn`). */
  | 'already-in-this-group'

/** Fits shared/model's JoiningState, whose 'looking' adds where is looked. */
export type JoinerState =
  /** `lost`: a conversation had begun and the connection broke; it begins again with new words as soon as there is one. */
  | { readonly step: 'looking'; readonly lost: boolean }
  | {
      readonly step: 'compare-words'
      readonly words: readonly string[]
      readonly inviterName: string
      /** Empty for a computer: it is told no more than it needs before the words are compared. */
      readonly groupName: string
      readonly newcomer: 'person' | 'computer'
    }
  | { readonly step: 'waiting-for-them'; readonly inviterName: string; readonly groupName: string }
  | { readonly step: 'receiving'; readonly received: number; readonly expected: number }
  | { readonly step: 'done'; readonly circle: CircleId }
  | { readonly step: 'stopped'; readonly reason: JoinerProblem }

export interface JoinerRequest extends EnterAsPersonRequest {
  /** Groups that this computer is in: a code for one of them is refused before any words are shown. */
  readonly isIn?: (group: CircleId) => boolean
  /** Without it a code for another computer is refused: 'already-in-a-group'. */
  readonly asComputer?: EnterAsComputerRequest['asComputer']
  /** See EnterAsComputerRequest. A code of any other person's is refused: 'already-in-a-group'. */
  readonly own?: DeviceSecrets
  readonly timers?: Timers
}

export interface JoinerSide {
  readonly state: Live<JoinerState>
  /** Every channel that opens in the invitation's room. One that is attached after the end is closed at once. */
  attach(channel: Channel): void
  /** Answers 'compare-words'. False ends the joining on both sides and burns the code. */
  confirmWords(same: boolean): Promise<void>
  /** Without effect once the records are being stored. */
  cancel(): void
  /** Resolves once the last words are said and every channel is closed. Leave the transports' room only then. */
  left(): Promise<void>
}

interface JoinerSeat extends Seat {
  step: 'hello' | 'parked' | 'words' | 'confirmed' | 'storing'
  nonce: Bytes
  hello?: HelloMessage
  inviterName: string
  entering?: Entering
}

interface Side extends JoinerRequest {
  readonly timers: Timers
  readonly state: ReturnType<typeof createLive<JoinerState>>
  readonly seats: Set<JoinerSeat>
  readonly leaving: ReturnType<typeof createLeaving>
  active: JoinerSeat | undefined
  over: boolean
}

const stopMessage = (side: Side, seat: JoinerSeat, reason: StopReason): StopMessage => ({
  type: 'stop',
  reason,
  proof: stopProof(side.invitation, seat.channel, 'joiner'),
})

function finish(side: Side, state: JoinerState, farewell?: StopReason): void {
  if (side.over) return
  side.over = true
  for (const seat of side.seats) {
    if (state.step !== 'done') seat.entering?.forget()
    if (farewell !== undefined && seat === side.active) sayLast(seat, stopMessage(side, seat, farewell))
    // After 'received' the inviter closes, so that the message is not cut off.
    else if (state.step === 'done' && seat === side.active) closeSoon(seat)
    else seat.channel.close('nobody is joining here any more')
  }
  side.state.set(state)
}

const stopWith = (side: Side, reason: JoinerProblem, farewell?: StopReason): void =>
  finish(side, { step: 'stopped', reason }, farewell)

const revealOf = (side: Side, seat: JoinerSeat): RevealMessage => ({
  type: 'reveal',
  nonce: seat.nonce,
  certificate: side.secrets.certificate,
  name: side.name,
})

/** With a fresh nonce each time: a commitment is for one conversation. */
async function sayHello(side: Side, seat: JoinerSeat): Promise<void> {
  seat.step = 'hello'
  seat.nonce = randomBytes(NONCE)
  const commitment = commitmentTo(revealOf(side, seat))
  const proof = helloProof(side.invitation, seat.channel, commitment)
  seat.hello = { type: 'hello', proof, commitment, device: side.secrets.device }
  return say(seat, seat.hello)
}

type Refused = 'already-in-a-group' | 'already-in-this-group'

function enter(side: Side, seat: JoinerSeat, welcome: AnyWelcome, bound: Bound): Entering | Refused {
  const { invitation, signer, asComputer, own, isIn } = side
  if (welcome.type === 'welcome')
    return isIn?.(welcome.circle) === true ? 'already-in-this-group' : enterAsPerson(side, welcome, bound)
  const isMine = own === undefined || equalBytes(own.certificate.identityKey, welcome.inviter.identityKey)
  if (asComputer === undefined || !isMine) return 'already-in-a-group'
  const request = { invitation, signer, asComputer, ...(own === undefined ? {} : { own }) }
  return enterAsComputer(request, { welcome, channel: seat.channel, bound })
}

async function onWelcome(side: Side, seat: JoinerSeat, welcome: AnyWelcome): Promise<void> {
  const { hello } = seat
  if (seat.step !== 'hello' || hello === undefined) return seat.channel.close('welcomed out of turn')
  if (
    !isSame(welcome.proof, welcomeProof(side.invitation, seat.channel, hello, welcome.type)) ||
    !(await verifyCertificate(side.signer, welcome.inviter))
  ) {
    return seat.channel.close('does not have the code')
  }
  // Closed while we checked: one that is gone must not be followed, because nothing would ever end it.
  if (side.over || !side.seats.has(seat)) return
  if (side.active !== undefined) {
    seat.step = 'parked'
    return say(seat, { type: 'busy' })
  }
  const reveal = revealOf(side, seat)
  const bound = bind(seat.channel, hello, welcome, reveal)
  const entering = enter(side, seat, welcome, bound)
  side.active = seat
  if (entering === 'already-in-this-group') return stopWith(side, entering, 'cancelled')
  if (entering === 'already-in-a-group') return stopWith(side, entering, entering)
  seat.entering = entering
  seat.inviterName = welcome.inviterName
  seat.step = 'words'
  await say(seat, reveal)
  if (side.over || side.active !== seat) return
  const { inviterName } = welcome
  const { newcomer, groupName } = entering
  side.state.set({ step: 'compare-words', words: bound.words, inviterName, groupName, newcomer })
}

async function confirm(side: Side, seat: JoinerSeat): Promise<void> {
  const { entering, inviterName } = seat
  if (entering === undefined) return
  seat.step = 'confirmed'
  side.state.set({ step: 'waiting-for-them', inviterName, groupName: entering.groupName })
  await say(seat, await entering.yes())
}

async function confirmWords(side: Side, same: boolean): Promise<void> {
  const seat = side.active
  if (side.over || seat?.step !== 'words') return
  if (!same) return stopWith(side, 'words-differ', 'words-differ')
  return handleSafely(seat, () => confirm(side, seat))
}

async function keep(side: Side, seat: JoinerSeat, circle: CircleId, store: () => Promise<void>): Promise<void> {
  seat.step = 'storing'
  try {
    await store()
  } catch {
    // The one who stores knows the cause and shows it; the conversation only has to end truthfully.
    return stopWith(side, 'storage-failed', 'storage-failed')
  }
  // Stored is in, whether or not the inviter hears of it: they meet again in the group's own room.
  await handleSafely(seat, () => say(seat, { type: 'received' }))
  finish(side, { step: 'done', circle })
}

const talkOf = (side: Side, seat: JoinerSeat): EnteringTalk => ({
  say: (message) => say(seat, message),
  isOpen: () => !side.over && side.active === seat,
  stop: (reason) => stopWith(side, reason, reason),
  showReceived: (received, expected) => side.state.set({ step: 'receiving', received, expected }),
  keep: (circle, store) => keep(side, seat, circle, store),
})

async function onNext(side: Side, seat: JoinerSeat, message: JoiningMessage): Promise<void> {
  // Before our own yes nothing is taken: the words decide whether this is the right circle.
  const isHeard = seat.step === 'confirmed' && (await seat.entering?.hear(talkOf(side, seat), message)) === true
  if (!isHeard) seat.channel.close(`out of turn: ${message.type}`)
}

function onStop(side: Side, seat: JoinerSeat, stop: StopMessage): void {
  const isTheirs = isSame(stop.proof, stopProof(side.invitation, seat.channel, 'inviter'))
  const isForUs = side.active === undefined || side.active === seat
  if (isTheirs && isForUs && seat.step !== 'storing') {
    stopWith(side, stop.reason === 'cancelled' ? 'cancelled-there' : stop.reason)
  }
  seat.channel.close('they stopped')
}

async function onMessage(side: Side, seat: JoinerSeat, bytes: Uint8Array): Promise<void> {
  if (side.over) return
  const read = decodeJoining(bytes)
  if (!read.ok) {
    seat.channel.close(`not understood: ${read.error}`)
    if (read.error === 'other-version' && side.active === undefined) stopWith(side, 'other-version')
    return
  }
  const message = read.value
  if (message.type === 'welcome' || message.type === 'welcome-computer') return onWelcome(side, seat, message)
  if (message.type === 'stop') return onStop(side, seat, message)
  if (message.type === 'busy' && seat.step === 'hello') {
    seat.step = 'parked'
    return
  }
  if (message.type === 'ready') return onReady(side, seat)
  // Another newcomer with the same code: nothing to say to each other.
  if (message.type === 'hello') return
  try {
    await onNext(side, seat, message)
  } finally {
    if (message.type === 'identity') for (const secret of [message.seed, bytes]) secret.fill(0)
  }
}

async function onReady(side: Side, seat: JoinerSeat): Promise<void> {
  if (seat.step !== 'parked') return
  await (side.active === undefined ? sayHello(side, seat) : say(seat, { type: 'busy' }))
}

function onClosed(side: Side, seat: JoinerSeat): void {
  side.seats.delete(seat)
  if (seat.step === 'storing') return
  const problem = seat.entering?.afterLoss()
  seat.entering?.forget()
  if (side.over || side.active !== seat) return
  if (problem !== undefined) return stopWith(side, problem)
  side.active = undefined
  side.state.set({ step: 'looking', lost: true })
  for (const other of side.seats) if (other.step === 'parked') void handleSafely(other, () => sayHello(side, other))
}

function attach(side: Side, channel: Channel): void {
  if (side.over) return channel.close('nobody is joining here any more')
  if (side.seats.size >= MAX_SEATS) return channel.close('too many connections')
  const { timers } = side
  const seat: JoinerSeat = { channel, timers, step: 'parked', nonce: new Uint8Array(NONCE), inviterName: '' }
  const isGone = side.leaving.add()
  side.seats.add(seat)
  channel.onClose(() => {
    onClosed(side, seat)
    isGone()
  })
  channel.onMessage((bytes) => handleSafely(seat, () => onMessage(side, seat, bytes)))
  void handleSafely(seat, () => sayHello(side, seat))
}

export function createJoinerSide(request: JoinerRequest): JoinerSide {
  const side: Side = {
    ...request,
    timers: request.timers ?? systemTimers,
    state: createLive<JoinerState>({ step: 'looking', lost: false }),
    seats: new Set(),
    leaving: createLeaving(),
    active: undefined,
    over: false,
  }
  return {
    state: side.state,
    attach: (channel) => attach(side, channel),
    confirmWords: (same) => confirmWords(side, same),
    cancel: () => {
      if (side.active?.step !== 'storing') stopWith(side, 'cancelled-here', 'cancelled')
    },
    left: () => side.leaving.whenEmpty(),
  }
}
