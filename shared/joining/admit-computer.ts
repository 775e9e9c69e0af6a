/**
 * Takes in another computer of one's own: it is given the identity's seed, makes keys of its own, is added to every circle and
 * sent their records. The code stands in no log and serves once: from the moment the seed is said it is good no more.
 */
import type { DeviceId } from '../base/ids.ts'
import { equalBytes } from '../base/bytes.ts'
import { isSame } from '../crypto/same.ts'
import type { Signer } from '../crypto/sign.ts'
import { addDevice } from '../membership/add-device.ts'
import { verifyCertificate } from '../membership/identity.ts'
import { deviceIdOf } from '../membership/names.ts'
import type { Membership } from '../membership/state.ts'
import type { DeviceCertificate } from '../wire/record.ts'
import { sayRecords, type Admission, type Conversation } from './admission.ts'
import type { InvitationSecrets } from './code.ts'
import { agreedProof } from './conversation.ts'
import { MAX_CIRCLES_SENT, MAX_FAILED_PROOFS } from './limits.ts'

export interface AdmitComputerRequest {
  /** The circles of this person, the group first. Asked for when the new computer is added; those without this one are left out. */
  readonly circles: () => readonly [group: Membership, ...circles: Membership[]]
  /** From stretchCode, of a fresh code that is kept nowhere. */
  readonly invitation: InvitationSecrets
  /** The person's name: the new computer begins with it. */
  readonly name: string
  readonly signer: Signer
  readonly log: (line: string) => void
}

interface Room extends AdmitComputerRequest {
  /** The one that has been given the seed. */
  given: Conversation | undefined
  added: DeviceId | undefined
  sent: boolean
}

const isHere = (membership: Membership, device: DeviceId): boolean =>
  membership.state().devices.get(device)?.present === true

const amHere = (membership: Membership): boolean => isHere(membership, membership.secrets.device)

async function give(room: Room, conversation: Conversation): Promise<void> {
  room.given = conversation
  const [group] = room.circles()
  await conversation.say({ type: 'identity', name: room.name, seed: group.secrets.identity.seed })
}

/** Of this person, and new to the group: a computer that was taken out does not come back under its old keys. */
async function isFit(room: Room, certificate: DeviceCertificate): Promise<boolean> {
  const [group] = room.circles()
  return (
    equalBytes(certificate.identityKey, group.secrets.certificate.identityKey) &&
    !group.state().devices.has(deviceIdOf(certificate)) &&
    (await verifyCertificate(room.signer, certificate))
  )
}

/** The circles it is in then; undefined where the joining ended on the way. */
async function addEverywhere(
  room: Room,
  conversation: Conversation,
  certificate: DeviceCertificate,
): Promise<readonly Membership[] | undefined> {
  const device = deviceIdOf(certificate)
  const [group, ...circles] = room.circles()
  for (const membership of [group, ...circles.filter(amHere)].slice(0, MAX_CIRCLES_SENT)) {
    if (!conversation.isOpen()) return undefined
    const result = await addDevice(membership, certificate)
    if (result.ok) continue
    room.log(`another computer, circle ${membership.circle}: ${result.error} ${result.detail ?? ''}`)
    // One circle that refuses (a full log, say) must not keep the new computer out of the others.
    if (membership !== group && result.error === 'not-allowed') continue
    if (conversation.isOpen()) conversation.stop(result.error)
    return undefined
  }
  return [group, ...circles].filter((membership) => isHere(membership, device))
}

async function addAndSend(room: Room, conversation: Conversation, certificate: DeviceCertificate): Promise<void> {
  const circles = await addEverywhere(room, conversation, certificate)
  if (circles === undefined || !conversation.isOpen()) return
  const all = circles.map((membership) => ({
    circle: membership.circle,
    records: membership.recordsOf(membership.hashes()),
  }))
  room.sent = true
  await conversation.say({
    type: 'circles',
    circles: all.map(({ circle, records }) => ({ circle, count: records.length })),
  })
  for (const { records } of all) await sayRecords(conversation, records)
}

async function onDevice(room: Room, conversation: Conversation, certificate: DeviceCertificate): Promise<boolean> {
  if (room.given !== conversation || room.added !== undefined) return false
  if (!(await isFit(room, certificate)) || !conversation.isOpen()) return false
  // Before the record is made: should the connection break meanwhile, the screen must name it.
  room.added = deviceIdOf(certificate)
  await addAndSend(room, conversation, certificate)
  return true
}

/** One for one code and one inviter side. */
export function admitComputer(request: AdmitComputerRequest): Admission {
  const room: Room = { ...request, given: undefined, added: undefined, sent: false }
  const mayAdd = (): boolean => amHere(request.circles()[0])
  return {
    newcomer: 'computer',
    maxFailedProofs: MAX_FAILED_PROOFS,
    refusal: () => (mayAdd() ? undefined : 'not-allowed'),
    outlastsRefusals: () => false,
    welcomeType: 'welcome-computer',
    welcome: (fresh) => ({
      type: 'welcome-computer',
      ...fresh,
      inviterName: request.name,
      inviter: request.circles()[0].secrets.certificate,
    }),
    nameOf: () => request.name,
    readsYes: ({ channel, bound }, message) =>
      message.type === 'agreed'
        ? Promise.resolve(isSame(message.proof, agreedProof(request.invitation, channel, bound.challenge)))
        : undefined,
    admit: (conversation) => give(room, conversation),
    async hear(conversation, message) {
      if (message.type === 'device') return onDevice(room, conversation, message.certificate)
      if (message.type !== 'received' || !room.sent || room.given !== conversation) return false
      conversation.done()
      return true
    },
    afterLoss: () => (room.given === undefined ? undefined : 'connection-lost'),
    added: () => room.added,
    ended: () => (mayAdd() ? undefined : 'not-allowed'),
    onChange: (listener) => request.circles()[0].onChange(listener),
    // It stands nowhere: with this side's end it is good no more.
    burn: () => Promise.resolve(),
    arrived: (device) => (device === room.added ? request.name : undefined),
  }
}
