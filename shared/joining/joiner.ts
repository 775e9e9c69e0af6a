/**
 * The newcomer's side of a joining: says hello on every channel that opens in the invitation's room, follows the first that
 * proves the code, and believes nothing of the circle that its own replay of the records does not bear out.
 */
import { randomBytes, type Bytes } from '../base/bytes.ts'
import { fail, ok, type Result } from '../base/errors.ts'
import type { CircleId } from '../base/ids.ts'
import { isSame } from '../crypto/same.ts'
import type { Signer } from '../crypto/sign.ts'
import { verifyCertificate } from '../membership/identity.ts'
import { deviceIdOf } from '../membership/names.ts'
import { openReceived } from '../membership/open.ts'
import { signJoinProof } from '../membership/proof.ts'
import type { StoredRecord } from '../membership/record-store.ts'
import type { DeviceSecrets, Membership } from '../membership/state.ts'
import type { Channel } from '../sync/channel.ts'
import type { InvitationSecrets } from './code.ts'
import { bind, commitmentTo, helloProof, stopProof, welcomeProof, type Bound } from './conversation.ts'
import { NONCE } from './limits.ts'
import {
  decodeJoining,
  type HelloMessage,
  type RevealMessage,
  type StopMessage,
  type StopReason,
  type WelcomeMessage,
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

/** Fits shared/model's JoiningState, whose 'looking' adds where is looked. */
export type JoinerState =
  /** `lost`: a conversation had begun and the connection broke; it begins again with new words as soon as there is one. */
  | { readonly step: 'looking'; readonly lost: boolean }
  | {
      readonly step: 'compare-words'
      readonly words: readonly string[]
      readonly inviterName: string
      readonly groupName: string
    }
  | { readonly step: 'waiting-for-them'; readonly inviterName: string; readonly groupName: string }
  | { readonly step: 'receiving'; readonly received: number; readonly expected: number }
  | { readonly step: 'done'; readonly circle: CircleId }
  | { readonly step: 'stopped'; readonly reason: JoinerProblem }

export interface JoinerRequest {
  /** From stretchCode. */
  readonly invitation: InvitationSecrets
  /** Keep them until the joining is over: only the same device can take it up again once it has been let in. */
  readonly secrets: DeviceSecrets
  readonly name: string
  readonly signer: Signer
  /** Stores the circle; the records have been checked and make this device a member who holds the current key. May reject. */
  readonly onRecords: (circle: CircleId, records: readonly StoredRecord[]) => Promise<void>
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
  step: 'hello' | 'parked' | 'words' | 'confirmed' | 'receiving' | 'storing'
  nonce: Bytes
  hello?: HelloMessage
  welcome?: WelcomeMessage
  bound?: Bound
  expected: number
  records: Bytes[]
}

interface Side extends JoinerRequest {
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

async function onWelcome(side: Side, seat: JoinerSeat, welcome: WelcomeMessage): Promise<void> {
  const { hello } = seat
  if (seat.step !== 'hello' || hello === undefined) return seat.channel.close('welcomed out of turn')
  if (
    !isSame(welcome.proof, welcomeProof(side.invitation, seat.channel, hello)) ||
    !(await verifyCertificate(side.signer, welcome.inviter))
  ) {
    return seat.channel.close('does not have the code')
  }
  if (side.over) return
  if (side.active !== undefined) {
    seat.step = 'parked'
    return say(seat, { type: 'busy' })
  }
  const reveal = revealOf(side, seat)
  side.active = seat
  seat.welcome = welcome
  seat.bound = bind(seat.channel, hello, welcome, reveal)
  seat.step = 'words'
  await say(seat, reveal)
  if (side.over || side.active !== seat) return
  const { inviterName, groupName } = welcome
  side.state.set({ step: 'compare-words', words: seat.bound.words, inviterName, groupName })
}

async function confirm(side: Side, seat: JoinerSeat): Promise<void> {
  const { bound, welcome } = seat
  if (bound === undefined || welcome === undefined) return
  seat.step = 'confirmed'
  const { circle, inviterName, groupName } = welcome
  side.state.set({ step: 'waiting-for-them', inviterName, groupName })
  const join = await signJoinProof(
    side.signer,
    circle,
    { secrets: side.secrets, name: side.name },
    side.invitation,
    bound.challenge,
  )
  await say(seat, { type: 'confirm', join })
}

async function confirmWords(side: Side, same: boolean): Promise<void> {
  const seat = side.active
  if (side.over || seat?.step !== 'words') return
  if (!same) return stopWith(side, 'words-differ', 'words-differ')
  return handleSafely(seat, () => confirm(side, seat))
}

function onAdmitted(side: Side, seat: JoinerSeat, count: number): void {
  // Before our own yes nothing is taken: the words decide whether this is the right circle.
  if (seat.step !== 'confirmed' || count < 1) return seat.channel.close('admitted out of turn')
  seat.step = 'receiving'
  seat.expected = count
  side.state.set({ step: 'receiving', received: 0, expected: count })
}

/** Kept in memory until everything has been checked. */
function passingStore(): { store: Parameters<typeof openReceived>[0]['store']; kept: StoredRecord[] } {
  const kept: StoredRecord[] = []
  const store = {
    records: () => Promise.resolve(kept),
    putRecords(records: readonly StoredRecord[]) {
      kept.push(...records)
      return Promise.resolve()
    },
  }
  return { store, kept }
}

/** Are we in, by the invitation we used, let in where the person whose words we compared is, and can we read? */
function isIn(side: Side, membership: Membership, welcome: WelcomeMessage): boolean {
  const state = membership.state()
  const me = state.devices.get(side.secrets.device)
  const inviter = state.devices.get(deviceIdOf(welcome.inviter))
  return (
    me?.present === true &&
    me.member === side.secrets.member &&
    inviter?.present === true &&
    state.invitations.get(side.invitation.id)?.usedByDevice === side.secrets.device &&
    membership.epochKey(state.currentEpoch) !== undefined
  )
}

async function replay(
  side: Side,
  seat: JoinerSeat,
  welcome: WelcomeMessage,
): Promise<Result<readonly StoredRecord[], 'not-allowed' | 'other-version'>> {
  const { store, kept } = passingStore()
  const { circle } = welcome
  const request = { circle, secrets: side.secrets, signer: side.signer, store }
  const { membership, refusals } = await openReceived(request, seat.records)
  if (membership !== undefined && isIn(side, membership, welcome)) return ok(kept)
  return fail(refusals.some(({ reason }) => reason === 'other-version') ? 'other-version' : 'not-allowed')
}

async function storeAll(side: Side, seat: JoinerSeat, welcome: WelcomeMessage): Promise<void> {
  const replayed = await replay(side, seat, welcome)
  if (side.over || side.active !== seat) return
  if (!replayed.ok) return stopWith(side, replayed.error, replayed.error)
  seat.step = 'storing'
  try {
    await side.onRecords(welcome.circle, replayed.value)
  } catch {
    // The one who stores knows the cause and shows it; the conversation only has to end truthfully.
    return stopWith(side, 'storage-failed', 'storage-failed')
  }
  side.active = seat
  // Stored is in, whether or not the inviter hears of it: they meet again in the circle's own room.
  await handleSafely(seat, () => say(seat, { type: 'received' }))
  finish(side, { step: 'done', circle: welcome.circle })
}

async function onRecords(side: Side, seat: JoinerSeat, records: readonly Bytes[]): Promise<void> {
  const { welcome } = seat
  if (seat.step !== 'receiving' || welcome === undefined) return seat.channel.close('records out of turn')
  seat.records.push(...records)
  const [received, { expected }] = [seat.records.length, seat]
  if (received > expected || records.length === 0) return seat.channel.close('more records than announced')
  side.state.set({ step: 'receiving', received, expected })
  if (received === expected) await storeAll(side, seat, welcome)
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
  if (message.type === 'welcome') return onWelcome(side, seat, message)
  if (message.type === 'admitted') return onAdmitted(side, seat, message.count)
  if (message.type === 'records') return onRecords(side, seat, message.records)
  if (message.type === 'stop') return onStop(side, seat, message)
  if (message.type === 'busy' && seat.step === 'hello') {
    seat.step = 'parked'
    return
  }
  if (message.type === 'ready') {
    if (seat.step === 'parked' && side.active === undefined) await sayHello(side, seat)
    return
  }
  // Another newcomer with the same code: nothing to say to each other.
  if (message.type === 'hello') return
  seat.channel.close(`unexpected: ${message.type}`)
}

function onClosed(side: Side, seat: JoinerSeat): void {
  side.seats.delete(seat)
  if (side.over || side.active !== seat || seat.step === 'storing') return
  side.active = undefined
  side.state.set({ step: 'looking', lost: true })
  for (const other of side.seats) if (other.step === 'parked') void handleSafely(other, () => sayHello(side, other))
}

function attach(side: Side, channel: Channel): void {
  if (side.over) return channel.close('nobody is joining here any more')
  const seat: JoinerSeat = { channel, step: 'parked', nonce: new Uint8Array(NONCE), expected: 0, records: [] }
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
