/**
 * The inviter's side of a joining: a state machine over whatever channels the transports open in the invitation's room.
 * The first who proves the code is served; others are told to stay until that ends. A stranger learns nothing.
 */
import { randomBytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import { fail, ok, type Result } from '../base/errors.ts'
import type { DeviceId } from '../base/ids.ts'
import { isSame } from '../crypto/same.ts'
import type { Signer } from '../crypto/sign.ts'
import { verifyCertificate } from '../membership/identity.ts'
import { grantTo, recipientOf } from '../membership/keys.ts'
import { deviceIdOf } from '../membership/names.ts'
import { verifyJoinProof } from '../membership/proof.ts'
import { isFitName } from '../membership/rules.ts'
import type { InvitationState, Membership } from '../membership/state.ts'
import type { Channel } from '../sync/channel.ts'
import type { AdmitBody, EpochGrant, JoinProof } from '../wire/record.ts'
import type { InvitationSecrets } from './code.ts'
import { bind, commitmentTo, helloProof, stopProof, welcomeProof, type Bound } from './conversation.ts'
import { MAX_RECORDS_IN_MESSAGE, NONCE, RECORDS_MESSAGE } from './limits.ts'
import {
  decodeJoining,
  type HelloMessage,
  type RevealMessage,
  type StopMessage,
  type StopReason,
  type WelcomeMessage,
} from './messages.ts'
import { createLeaving, handleSafely, say, sayLast, type Seat } from './seat.ts'
import { createLive, type Live } from '../base/live.ts'

export type InviterProblem =
  | 'code-used'
  | 'code-expired'
  | 'code-cancelled'
  | 'words-differ'
  | 'cancelled-here'
  | 'cancelled-there'
  | 'not-allowed'
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
  | { readonly step: 'stopped'; readonly reason: InviterProblem; readonly name?: string }

export interface InviterRequest {
  readonly membership: Membership
  /**
   * From stretchCode; its INVITE record is in the membership already. One that is used, cancelled or expired already may be
   * given too: then everybody who comes with the code is told so (but the device that used it may fetch what it lacks).
   */
  readonly invitation: InvitationSecrets
  readonly inviterName: string
  readonly signer: Signer
  /** For the expiry alone. */
  readonly clock: Clock
}

export interface InviterSide {
  readonly state: Live<InviterState>
  /** Every channel that opens in the invitation's room. One that is attached after the end is closed at once. */
  attach(channel: Channel): void
  /** Answers 'compare-words'. False burns the invitation: somebody else may have had the code. */
  confirmWords(same: boolean): Promise<void>
  /** This device was met in the circle's own room: if it is the one being let in, that is done. */
  arrived(device: DeviceId): void
  /** Stops waiting; the code stays good. */
  stop(): void
  /** Resolves once the last words are said and every channel is closed. Leave the transports' room only then. */
  left(): Promise<void>
}

interface InviterSeat extends Seat {
  step: 'new' | 'parked' | 'welcomed' | 'words' | 'admitting' | 'sent'
  startedAt: number
  hello?: HelloMessage
  welcome?: WelcomeMessage
  reveal?: RevealMessage
  bound?: Bound
  confirmed?: JoinProof
  agreed: boolean
}

interface Side extends InviterRequest {
  readonly state: ReturnType<typeof createLive<InviterState>>
  readonly seats: Set<InviterSeat>
  readonly leaving: ReturnType<typeof createLeaving>
  active: InviterSeat | undefined
  /** The device an ADMIT of this side names. */
  admitted: DeviceId | undefined
  /** The invitation was over when we began: whoever comes is told why, one after the other. */
  readonly isOver: boolean
  over: boolean
  stopListening: () => void
}

const stopMessage = (side: Side, seat: InviterSeat, reason: StopReason): StopMessage => ({
  type: 'stop',
  reason,
  proof: stopProof(side.invitation, seat.channel, 'inviter'),
})

const nameOf = (side: Side): { readonly name?: string } =>
  side.active?.reveal === undefined ? {} : { name: side.active.reveal.name }

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

const stopWith = (side: Side, reason: InviterProblem, farewell: StopReason): void =>
  finish(side, { step: 'stopped', reason, ...nameOf(side) }, farewell)

function setFree(side: Side, seat: InviterSeat, lost: boolean): void {
  if (side.active !== seat || side.over) return
  side.active = undefined
  side.state.set({ step: 'waiting', lost })
  for (const other of side.seats) {
    if (other === seat || other.step !== 'parked') continue
    other.step = 'new'
    void handleSafely(other, () => say(other, { type: 'ready' }))
  }
}

const invitationOf = (side: Side): InvitationState | undefined =>
  side.membership.state().invitations.get(side.invitation.id)

type Refusal = 'code-used' | 'code-expired' | 'code-cancelled' | 'not-allowed'

/** May this device be let in with the code now? One that was let in already may fetch again what did not reach it. */
function whyNot(side: Side, device: DeviceId, at: number): Refusal | undefined {
  const invitation = invitationOf(side)
  const { member } = side.membership.secrets
  const me = side.membership.state().members.get(member)
  if (invitation === undefined || me === undefined || !me.present || me.role !== 'organiser') return 'not-allowed'
  if (invitation.status === 'used') return invitation.usedByDevice === device ? undefined : 'code-used'
  if (invitation.status === 'cancelled') return 'code-cancelled'
  return at > invitation.expiresAt ? 'code-expired' : undefined
}

async function onHello(side: Side, seat: InviterSeat, hello: HelloMessage): Promise<void> {
  if (!isSame(hello.proof, helloProof(side.invitation, seat.channel, hello.commitment))) {
    return seat.channel.close('does not have the code')
  }
  if (seat.step !== 'new' && seat.step !== 'parked') return seat.channel.close('said hello twice')
  seat.hello = hello
  if (side.active !== undefined) {
    seat.step = 'parked'
    return say(seat, { type: 'busy' })
  }
  seat.startedAt = side.clock.now()
  const refusal = whyNot(side, hello.device, seat.startedAt)
  if (refusal !== undefined) {
    // Somebody else with the code must not cost the one who was let in the rest of the conversation.
    if (side.admitted !== undefined || side.isOver) return sayLast(seat, stopMessage(side, seat, refusal))
    return stopWith(side, refusal, refusal)
  }
  side.active = seat
  seat.step = 'welcomed'
  seat.welcome = {
    type: 'welcome',
    proof: welcomeProof(side.invitation, seat.channel, hello),
    nonce: randomBytes(NONCE),
    circle: side.membership.circle,
    groupName: side.membership.state().name,
    inviterName: side.inviterName,
    inviter: side.membership.secrets.certificate,
  }
  return say(seat, seat.welcome)
}

async function isHonest(side: Side, hello: HelloMessage, reveal: RevealMessage): Promise<boolean> {
  return (
    isSame(commitmentTo(reveal), hello.commitment) &&
    deviceIdOf(reveal.certificate) === hello.device &&
    isFitName(reveal.name) &&
    (await verifyCertificate(side.signer, reveal.certificate))
  )
}

async function onReveal(side: Side, seat: InviterSeat, reveal: RevealMessage): Promise<void> {
  const { hello, welcome } = seat
  if (seat.step !== 'welcomed' || hello === undefined || welcome === undefined) {
    return seat.channel.close('revealed out of turn')
  }
  if (!(await isHonest(side, hello, reveal))) return seat.channel.close('not what was committed to')
  if (side.over || side.active !== seat) return
  seat.reveal = reveal
  seat.bound = bind(seat.channel, hello, welcome, reveal)
  seat.step = 'words'
  side.state.set({ step: 'compare-words', words: seat.bound.words, name: reveal.name, theyAgreed: false })
}

async function onConfirm(side: Side, seat: InviterSeat, join: JoinProof): Promise<void> {
  const { bound, reveal } = seat
  if (seat.step !== 'words' || bound === undefined || reveal === undefined || seat.confirmed !== undefined) {
    return seat.channel.close('confirmed out of turn')
  }
  const isBound =
    isSame(join.challenge, bound.challenge) &&
    join.name === reveal.name &&
    deviceIdOf(join.certificate) === deviceIdOf(reveal.certificate)
  const { circle } = side.membership
  if (!isBound || !(await verifyJoinProof(side.signer, circle, side.invitation.keys.publicKey, join))) {
    return seat.channel.close('the proof does not hold')
  }
  if (side.over || side.active !== seat) return
  seat.confirmed = join
  if (seat.agreed) return admit(side, seat, join)
  side.state.set({ step: 'compare-words', words: bound.words, name: reveal.name, theyAgreed: true })
}

function grantsFor(side: Side, join: JoinProof): readonly EpochGrant[] {
  const { membership } = side
  const to = [recipientOf(join.certificate)]
  const all = invitationOf(side)?.history !== 'from-now'
  const epochs = all ? membership.heldEpochs() : [membership.state().currentEpoch]
  return epochs.flatMap((epoch) => {
    const key = membership.epochKey(epoch)
    return key === undefined ? [] : [grantTo(to, epoch, key)]
  })
}

/** Nothing to append where the same newcomer was let in before and only lacks the records. */
async function appendAdmit(
  side: Side,
  seat: InviterSeat,
  join: JoinProof,
): Promise<Result<void, Refusal | 'storage-failed'>> {
  const device = deviceIdOf(join.certificate)
  // By the time the conversation began: nobody has to hurry over the words because the code is about to expire.
  const refusal = whyNot(side, device, seat.startedAt)
  if (refusal !== undefined) return fail(refusal)
  side.admitted = device
  if (invitationOf(side)?.status === 'used') return ok(undefined)
  const body: AdmitBody = { type: 'admit', join, admittedAt: seat.startedAt, grants: grantsFor(side, join) }
  const appended = await side.membership.append(body)
  return appended.ok ? ok(undefined) : appended
}

async function sendRecords(side: Side, seat: InviterSeat): Promise<void> {
  const all = side.membership.recordsOf(side.membership.hashes())
  await say(seat, { type: 'admitted', count: all.length })
  let batch: typeof all = []
  let size = 0
  for (const record of all) {
    if (batch.length === MAX_RECORDS_IN_MESSAGE || (batch.length > 0 && size + record.length > RECORDS_MESSAGE)) {
      await say(seat, { type: 'records', records: batch })
      batch = []
      size = 0
    }
    batch = [...batch, record]
    size += record.length
  }
  await say(seat, { type: 'records', records: batch })
}

async function admit(side: Side, seat: InviterSeat, join: JoinProof): Promise<void> {
  if (seat.step !== 'words') return
  seat.step = 'admitting'
  side.state.set({ step: 'admitting', name: join.name, waitingForThem: false })
  const appended = await appendAdmit(side, seat, join)
  if (side.over || side.active !== seat) return
  if (!appended.ok) return stopWith(side, appended.error, appended.error)
  seat.step = 'sent'
  await sendRecords(side, seat)
}

function onReceived(side: Side, seat: InviterSeat): void {
  if (seat.step !== 'sent' || seat.reveal === undefined) return seat.channel.close('received out of turn')
  finish(side, { step: 'done', name: seat.reveal.name })
}

async function burn(side: Side): Promise<void> {
  const { id } = side.invitation
  // An invitation that was used already cannot be cancelled, and need not be: it lets in nobody else.
  await side.membership.append({ type: 'cancel', invitation: id, reason: 'words-differ' })
}

async function onStop(side: Side, seat: InviterSeat, stop: StopMessage): Promise<void> {
  const isTheirs = isSame(stop.proof, stopProof(side.invitation, seat.channel, 'joiner'))
  if (isTheirs && side.active === seat && seat.reveal !== undefined) {
    const { name } = seat.reveal
    const differ = stop.reason === 'words-differ'
    finish(side, { step: 'stopped', reason: differ ? 'words-differ' : 'cancelled-there', name })
    if (differ) await burn(side)
  }
  seat.channel.close('they stopped')
}

function onBusy(side: Side, seat: InviterSeat): void {
  seat.step = 'parked'
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
  if (message.type === 'confirm') return onConfirm(side, seat, message.join)
  if (message.type === 'received') return onReceived(side, seat)
  if (message.type === 'stop') return onStop(side, seat, message)
  if (message.type === 'busy') return onBusy(side, seat)
  seat.channel.close(`unexpected: ${message.type}`)
}

function attach(side: Side, channel: Channel): void {
  if (side.over) return channel.close('nobody is waiting here any more')
  const seat: InviterSeat = { channel, step: 'new', startedAt: 0, agreed: false }
  const isGone = side.leaving.add()
  side.seats.add(seat)
  channel.onClose(() => {
    side.seats.delete(seat)
    setFree(side, seat, seat.reveal !== undefined)
    isGone()
  })
  channel.onMessage((bytes) => handleSafely(seat, () => onMessage(side, seat, bytes)))
}

async function confirmWords(side: Side, same: boolean): Promise<void> {
  const seat = side.active
  if (side.over || seat?.step !== 'words' || seat.reveal === undefined || seat.agreed) return
  if (!same) {
    stopWith(side, 'words-differ', 'words-differ')
    return burn(side)
  }
  seat.agreed = true
  const { confirmed, reveal } = seat
  if (confirmed !== undefined) return handleSafely(seat, () => admit(side, seat, confirmed))
  side.state.set({ step: 'admitting', name: reveal.name, waitingForThem: true })
}

/** The log may close the invitation while we wait: another organiser cancelled it, or let somebody in with it. */
function onMembershipChange(side: Side): void {
  if (side.isOver) return
  const invitation = invitationOf(side)
  if (invitation?.status === 'cancelled') return stopWith(side, 'code-cancelled', 'code-cancelled')
  if (invitation?.status !== 'used' || invitation.usedByDevice === side.admitted) return
  const served = side.active?.hello?.device
  if (served === undefined || served !== invitation.usedByDevice) stopWith(side, 'code-used', 'code-used')
}

function arrived(side: Side, device: DeviceId): void {
  const state = side.state.get()
  // Met again long after: nobody is being let in here, so there is nothing to say.
  const hasAnybodyCome = state.step !== 'waiting' || state.lost
  if (side.over || !hasAnybodyCome || invitationOf(side)?.usedByDevice !== device) return
  const member = side.membership.state().devices.get(device)?.member
  const name = member === undefined ? undefined : side.membership.state().members.get(member)?.name
  if (name !== undefined) finish(side, { step: 'done', name })
}

function isInvitationOver({ membership, invitation, clock }: InviterRequest): boolean {
  const known = membership.state().invitations.get(invitation.id)
  return known !== undefined && (known.status !== 'open' || clock.now() > known.expiresAt)
}

export function createInviterSide(request: InviterRequest): InviterSide {
  const side: Side = {
    ...request,
    isOver: isInvitationOver(request),
    state: createLive<InviterState>({ step: 'waiting', lost: false }),
    seats: new Set(),
    leaving: createLeaving(),
    active: undefined,
    admitted: undefined,
    over: false,
    stopListening: () => undefined,
  }
  side.stopListening = request.membership.onChange(() => onMembershipChange(side))
  return {
    state: side.state,
    attach: (channel) => attach(side, channel),
    confirmWords: (same) => confirmWords(side, same),
    arrived: (device) => arrived(side, device),
    stop: () => stopWith(side, 'cancelled-here', 'cancelled'),
    left: () => side.leaving.whenEmpty(),
  }
}
