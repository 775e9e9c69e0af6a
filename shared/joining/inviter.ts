/**
 * The inviter's side of a joining: a state machine over whatever channels the transports open in the code's room. The first
 * who proves the code is served; others are told to stay, and are served in the order in which they came. A stranger learns
 * nothing. Who is let in, and how, is the admission's (admission.ts).
 */
import { randomBytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { DeviceId } from '../base/ids.ts'
import { createLive, type Live } from '../base/live.ts'
import { isSame } from '../crypto/same.ts'
import type { Signer } from '../crypto/sign.ts'
import { deviceIdOf } from '../membership/names.ts'
import type { Channel } from '../sync/channel.ts'
import { systemTimers, type Timers } from '../sync/timers.ts'
import type { Admission, Conversation, Refusal } from './admission.ts'
import type { InvitationSecrets } from './code.ts'
import { bind, commitmentTo, helloProof, stopProof, welcomeProof } from './conversation.ts'
import { isFitNewcomer } from './let-in.ts'
import { HELLO_WITHIN_MS, MAX_SEATS, NONCE, REVEAL_WITHIN_MS } from './limits.ts'
import {
  decodeJoining,
  type AnyWelcome,
  type HelloMessage,
  type JoiningMessage,
  type RevealMessage,
  type StopMessage,
  type StopReason,
} from './messages.ts'
import { createLeaving, handleSafely, say, sayLast, type Seat } from './seat.ts'

export type InviterProblem =
  | Refusal
  | 'words-differ'
  | 'cancelled-here'
  | 'cancelled-there'
  /** A computer's code serves once: after its identity was sent there is no going on, only another code. */
  | 'connection-lost'
  /** The new computer is somebody's in a group already. */
  | 'already-in-a-group'
  | 'storage-failed'

/** Fits shared/model's InvitingState, whose 'waiting' adds where is looked. */
export type InviterState =
  /** `lost`: a conversation had begun and the connection broke; the same code serves again. */
  | { readonly step: 'waiting'; readonly lost: boolean }
  /** `theyAgreed`: the newcomer found the words equal already. */
  | {
      readonly step: 'compare-words'
      readonly words: readonly string[]
      readonly name: string
      readonly theyAgreed: boolean
    }
  /** `waitingForThem`: we found the words equal, the newcomer has not said so yet. */
  | { readonly step: 'admitting'; readonly name: string; readonly waitingForThem: boolean }
  | { readonly step: 'done'; readonly name: string }
  | {
      readonly step: 'stopped'
      readonly reason: InviterProblem
      readonly name?: string
      /** Another computer that was being added, of which nobody knows whether it got what it needs. Where it is present: take it out. */
      readonly device?: DeviceId
    }

export interface InviterRequest {
  /** A fresh one: admitPerson or admitComputer. */
  readonly admission: Admission
  /** The same that the admission has. */
  readonly invitation: InvitationSecrets
  readonly signer: Signer
  readonly clock: Clock
  readonly timers?: Timers
}

export interface InviterSide {
  readonly state: Live<InviterState>
  /** Every channel that opens in the invitation's room. One that is attached after the end is closed at once. */
  attach(channel: Channel): void
  /** Answers 'compare-words'. False burns the invitation: somebody else may have had the code. */
  confirmWords(same: boolean): Promise<void>
  /**
   * This device was met in the group's own room: if it is the one being let in, that is done. A computer that is met after its
   * connection was lost is done too.
   */
  arrived(device: DeviceId): void
  /** Stops waiting; a person's code stays good, a computer's ends. */
  stop(): void
  /** Resolves once the last words are said and every channel is closed. Leave the transports' room only then. */
  left(): Promise<void>
}

interface InviterSeat extends Seat {
  /** 'parked' waits for its turn; 'called' has it and was told so; 'busy' is served elsewhere and says hello when it wants to. */
  step: 'new' | 'parked' | 'busy' | 'called' | 'welcomed' | 'words' | 'admitting'
  startedAt: number
  hello?: HelloMessage
  welcome?: AnyWelcome
  conversation?: Conversation
  /** The newcomer's "the words are the same". */
  yes?: JoiningMessage
  agreed: boolean
  cancelTimer: () => void
}

interface Side extends InviterRequest {
  readonly timers: Timers
  readonly state: ReturnType<typeof createLive<InviterState>>
  /** In the order in which they came, or came into the line. */
  readonly seats: Set<InviterSeat>
  readonly leaving: ReturnType<typeof createLeaving>
  active: InviterSeat | undefined
  failedProofs: number
  over: boolean
  stopListening: () => void
}

const stopMessage = (side: Side, seat: InviterSeat, reason: StopReason): StopMessage => ({
  type: 'stop',
  reason,
  proof: stopProof(side.invitation, seat.channel, 'inviter'),
})

const nameIn = (side: Side, { reveal }: Conversation): string => side.admission.nameOf(reveal)

/** The last state; everybody still attached is told why. */
function finish(side: Side, state: InviterState, farewell?: StopReason): void {
  if (side.over) return
  side.over = true
  side.stopListening()
  for (const seat of side.seats) {
    const isServed = seat === side.active
    if (farewell !== undefined && seat.hello !== undefined) sayLast(seat, stopMessage(side, seat, farewell))
    else seat.channel.close(isServed ? 'done' : 'nobody is waiting here any more')
  }
  side.state.set(state)
}

function stopWith(side: Side, reason: InviterProblem, farewell?: StopReason): void {
  const conversation = side.active?.conversation
  const name = conversation === undefined ? {} : { name: nameIn(side, conversation) }
  const added = side.admission.added()
  finish(side, { step: 'stopped', reason, ...name, ...(added === undefined ? {} : { device: added }) }, farewell)
}

/** Whoever has the code could keep others out by taking the place and saying nothing more. */
function takeSeat(side: Side, seat: InviterSeat): void {
  side.active = seat
  seat.cancelTimer()
  seat.cancelTimer = side.timers.after(REVEAL_WITHIN_MS, () => {
    if (seat.conversation === undefined) seat.channel.close('did not go on')
  })
}

function park(side: Side, seat: InviterSeat, step: 'parked' | 'busy'): void {
  seat.cancelTimer()
  // To the end of the line; one who stands in it already keeps the place.
  if (seat.step !== step) {
    side.seats.delete(seat)
    side.seats.add(seat)
  }
  seat.step = step
}

/** The next in line has the place kept free, so that somebody quicker cannot take it again and again. */
function callNext(side: Side): void {
  const next = [...side.seats].find(({ step }) => step === 'parked')
  if (next === undefined) return
  next.step = 'called'
  takeSeat(side, next)
  void handleSafely(next, () => say(next, { type: 'ready' }))
}

function setFree(side: Side, seat: InviterSeat, lost: boolean): void {
  if (side.active !== seat || side.over) return
  side.active = undefined
  side.state.set({ step: 'waiting', lost })
  callNext(side)
}

/** Closes; after some of them a code for a computer is good no more. */
function failProof(side: Side, seat: InviterSeat, why: string): void {
  side.failedProofs++
  seat.channel.close(why)
  const { maxFailedProofs } = side.admission
  if (maxFailedProofs !== undefined && side.failedProofs >= maxFailedProofs) {
    stopWith(side, 'code-cancelled', 'code-cancelled')
  }
}

const MAY_SAY_HELLO: readonly InviterSeat['step'][] = ['new', 'parked', 'busy', 'called']

async function onHello(side: Side, seat: InviterSeat, hello: HelloMessage): Promise<void> {
  const { admission, invitation } = side
  if (!isSame(hello.proof, helloProof(invitation, seat.channel, hello.commitment))) {
    return failProof(side, seat, 'does not have the code')
  }
  if (!MAY_SAY_HELLO.includes(seat.step)) return seat.channel.close('said hello twice')
  seat.hello = hello
  if (side.active !== undefined && side.active !== seat) {
    park(side, seat, 'parked')
    return say(seat, { type: 'busy' })
  }
  seat.startedAt = side.clock.now()
  const refusal = admission.refusal(hello.device, seat.startedAt)
  if (refusal !== undefined) {
    if (!admission.outlastsRefusals()) return stopWith(side, refusal, refusal)
    return refuse(side, seat, refusal)
  }
  if (side.active !== seat) takeSeat(side, seat)
  seat.step = 'welcomed'
  const proof = welcomeProof(invitation, seat.channel, hello, admission.welcomeType)
  seat.welcome = admission.welcome({ proof, nonce: randomBytes(NONCE) })
  return say(seat, seat.welcome)
}

/** Tells this one; the place is for the next at once. */
function refuse(side: Side, seat: InviterSeat, refusal: Refusal): void {
  seat.step = 'busy'
  sayLast(seat, stopMessage(side, seat, refusal))
  if (side.active === seat) {
    side.active = undefined
    callNext(side)
  }
}

async function isHonest(side: Side, hello: HelloMessage, reveal: RevealMessage): Promise<boolean> {
  return (
    isSame(commitmentTo(reveal), hello.commitment) &&
    deviceIdOf(reveal.certificate) === hello.device &&
    (await isFitNewcomer(side.signer, reveal))
  )
}

function conversationOf(
  side: Side,
  seat: InviterSeat,
  about: Pick<Conversation, 'reveal' | 'bound' | 'startedAt'>,
): Conversation {
  return {
    ...about,
    channel: seat.channel,
    say: (message) => say(seat, message),
    isOpen: () => !side.over && side.active === seat,
    stop: (reason) => stopWith(side, reason, reason),
    done: () => finish(side, { step: 'done', name: side.admission.nameOf(about.reveal) }),
  }
}

async function onReveal(side: Side, seat: InviterSeat, reveal: RevealMessage): Promise<void> {
  const { hello, welcome, startedAt } = seat
  if (seat.step !== 'welcomed' || hello === undefined || welcome === undefined) {
    return seat.channel.close('revealed out of turn')
  }
  if (!(await isHonest(side, hello, reveal))) return failProof(side, seat, 'not what was committed to')
  if (side.over || side.active !== seat) return
  seat.cancelTimer()
  const bound = bind(seat.channel, hello, welcome, reveal)
  const conversation = conversationOf(side, seat, { reveal, bound, startedAt })
  seat.conversation = conversation
  seat.step = 'words'
  side.state.set({
    step: 'compare-words',
    words: bound.words,
    name: nameIn(side, conversation),
    theyAgreed: false,
  })
}

async function onYes(side: Side, seat: InviterSeat, yes: JoiningMessage): Promise<void> {
  const { conversation } = seat
  if (seat.step !== 'words' || conversation === undefined || seat.yes !== undefined) {
    return seat.channel.close('confirmed out of turn')
  }
  const reading = side.admission.readsYes(conversation, yes)
  if (reading === undefined) return seat.channel.close(`unexpected: ${yes.type}`)
  if (!(await reading)) return failProof(side, seat, 'the proof does not hold')
  if (side.over || side.active !== seat) return
  seat.yes = yes
  if (seat.agreed) return admit(side, seat, conversation, yes)
  const { words } = conversation.bound
  side.state.set({ step: 'compare-words', words, name: nameIn(side, conversation), theyAgreed: true })
}

async function admit(side: Side, seat: InviterSeat, conversation: Conversation, yes: JoiningMessage): Promise<void> {
  if (seat.step !== 'words') return
  seat.step = 'admitting'
  side.state.set({ step: 'admitting', name: nameIn(side, conversation), waitingForThem: false })
  await side.admission.admit(conversation, yes)
}

/** What a newcomer who will not go on may say of it; anything else is a cancelling. */
function reasonGiven({ reason }: StopMessage): InviterProblem {
  return reason === 'words-differ' || reason === 'already-in-a-group' ? reason : 'cancelled-there'
}

async function onStop(side: Side, seat: InviterSeat, stop: StopMessage): Promise<void> {
  const isTheirs = isSame(stop.proof, stopProof(side.invitation, seat.channel, 'joiner'))
  const reason = reasonGiven(stop)
  // Before it has shown itself, a connection that ends is none of this person's business, but a new computer that cannot be one is.
  const isOurs = side.active === seat && (seat.conversation !== undefined || reason === 'already-in-a-group')
  if (isTheirs && isOurs) {
    stopWith(side, reason)
    if (reason === 'words-differ') await side.admission.burn()
  }
  seat.channel.close('they stopped')
}

function onBusy(side: Side, seat: InviterSeat): void {
  if (seat.conversation !== undefined) return seat.channel.close('busy out of turn')
  park(side, seat, 'busy')
  setFree(side, seat, false)
}

async function onMessage(side: Side, seat: InviterSeat, bytes: Uint8Array): Promise<void> {
  if (side.over) return
  const read = decodeJoining(bytes)
  if (!read.ok) {
    if (read.error === 'other-version') return sayLast(seat, stopMessage(side, seat, 'other-version'))
    return seat.channel.close(`not understood: ${read.error}`)
  }
  const message = read.value
  if (message.type === 'hello') return onHello(side, seat, message)
  if (message.type === 'reveal') return onReveal(side, seat, message)
  if (message.type === 'stop') return onStop(side, seat, message)
  if (message.type === 'busy') return onBusy(side, seat)
  if (message.type === 'confirm' || message.type === 'agreed') return onYes(side, seat, message)
  const { conversation } = seat
  const isHeard =
    seat.step === 'admitting' && conversation !== undefined && (await side.admission.hear(conversation, message))
  if (!isHeard) seat.channel.close(`unexpected: ${message.type}`)
}

function onClosed(side: Side, seat: InviterSeat): void {
  seat.cancelTimer()
  side.seats.delete(seat)
  const problem = side.active === seat ? side.admission.afterLoss() : undefined
  if (problem === undefined) setFree(side, seat, seat.conversation !== undefined)
  else stopWith(side, problem, 'code-used')
}

function attach(side: Side, channel: Channel): void {
  if (side.over) return channel.close('nobody is waiting here any more')
  if (side.seats.size >= MAX_SEATS) return channel.close('too many are waiting')
  const { timers } = side
  const seat: InviterSeat = {
    channel,
    timers,
    step: 'new',
    startedAt: 0,
    agreed: false,
    cancelTimer: timers.after(HELLO_WITHIN_MS, () => channel.close('said nothing')),
  }
  const isGone = side.leaving.add()
  side.seats.add(seat)
  channel.onClose(() => {
    onClosed(side, seat)
    isGone()
  })
  channel.onMessage((bytes) => handleSafely(seat, () => onMessage(side, seat, bytes)))
}

async function confirmWords(side: Side, same: boolean): Promise<void> {
  const seat = side.active
  if (side.over || seat?.step !== 'words' || seat.conversation === undefined || seat.agreed) return
  if (!same) {
    stopWith(side, 'words-differ', 'words-differ')
    return side.admission.burn()
  }
  seat.agreed = true
  const { yes, conversation } = seat
  if (yes !== undefined) return handleSafely(seat, () => admit(side, seat, conversation, yes))
  side.state.set({ step: 'admitting', name: nameIn(side, conversation), waitingForThem: true })
}

function onMembershipChange(side: Side): void {
  const reason = side.admission.ended(side.active?.hello?.device)
  if (reason !== undefined) stopWith(side, reason, reason)
}

function arrived(side: Side, device: DeviceId): void {
  const state = side.state.get()
  const name = side.admission.arrived(device)
  if (name === undefined) return
  if (state.step === 'stopped' && state.reason === 'connection-lost') return side.state.set({ step: 'done', name })
  // Met again long after: nobody is being let in here, so there is nothing to say.
  const hasAnybodyCome = state.step !== 'waiting' || state.lost
  if (hasAnybodyCome) finish(side, { step: 'done', name })
}

export function createInviterSide(request: InviterRequest): InviterSide {
  const side: Side = {
    ...request,
    timers: request.timers ?? systemTimers,
    state: createLive<InviterState>({ step: 'waiting', lost: false }),
    seats: new Set(),
    leaving: createLeaving(),
    active: undefined,
    failedProofs: 0,
    over: false,
    stopListening: () => undefined,
  }
  side.stopListening = request.admission.onChange(() => onMembershipChange(side))
  return {
    state: side.state,
    attach: (channel) => attach(side, channel),
    confirmWords: (same) => confirmWords(side, same),
    arrived: (device) => arrived(side, device),
    stop: () => stopWith(side, 'cancelled-here', 'cancelled'),
    left: () => side.leaving.whenEmpty(),
  }
}
