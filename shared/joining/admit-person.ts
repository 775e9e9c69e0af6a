/** Lets somebody new into the group: their proof becomes an ADMIT record, and they are sent all records. */
import type { Clock } from '../base/clock.ts'
import { fail, ok, type Result } from '../base/errors.ts'
import type { DeviceId } from '../base/ids.ts'
import { isSame } from '../crypto/same.ts'
import type { Signer } from '../crypto/sign.ts'
import { admissionGrants } from '../membership/admission-grants.ts'
import { deviceIdOf } from '../membership/names.ts'
import { verifyJoinProof } from '../membership/proof.ts'
import type { InvitationState, Membership } from '../membership/state.ts'
import type { JoinProof } from '../wire/record.ts'
import { sayRecords, type Admission, type Conversation, type Refusal } from './admission.ts'
import type { InvitationSecrets } from './code.ts'

export interface AdmitPersonRequest {
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

interface Room extends AdmitPersonRequest {
  /** The invitation was over when we began: whoever comes is told why, one after the other. */
  readonly wasOver: boolean
  /** The device an ADMIT of this side names. */
  admitted: DeviceId | undefined
  /** Whom the records were sent to. */
  sentTo: Conversation | undefined
}

const invitationOf = ({ membership, invitation }: AdmitPersonRequest): InvitationState | undefined =>
  membership.state().invitations.get(invitation.id)

/** May this device be let in with the code now? One that was let in already may fetch again what did not reach it. */
function refusal(room: Room, device: DeviceId, at: number): Refusal | undefined {
  const invitation = invitationOf(room)
  const { member } = room.membership.secrets
  const me = room.membership.state().members.get(member)
  if (invitation === undefined || me === undefined || !me.present || me.role !== 'organiser') return 'not-allowed'
  if (invitation.status === 'used') return invitation.usedByDevice === device ? undefined : 'code-used'
  if (invitation.status === 'cancelled') return 'code-cancelled'
  return at > invitation.expiresAt ? 'code-expired' : undefined
}

async function isBound(room: Room, { bound, reveal }: Conversation, join: JoinProof): Promise<boolean> {
  return (
    isSame(join.challenge, bound.challenge) &&
    join.name === reveal.name &&
    deviceIdOf(join.certificate) === deviceIdOf(reveal.certificate) &&
    (await verifyJoinProof(room.signer, room.membership.circle, room.invitation.keys.publicKey, join))
  )
}

/** Nothing to append where the same newcomer was let in before and only lacks the records. */
async function appendAdmit(
  room: Room,
  startedAt: number,
  join: JoinProof,
): Promise<Result<void, Refusal | 'storage-failed'>> {
  const device = deviceIdOf(join.certificate)
  // By the time the conversation began: nobody has to hurry over the words because the code is about to expire.
  const refused = refusal(room, device, startedAt)
  if (refused !== undefined) return fail(refused)
  const invitation = invitationOf(room)
  room.admitted = device
  if (invitation?.status === 'used') return ok(undefined)
  const grants = await admissionGrants(room.membership, join.certificate, invitation?.history ?? 'from-now')
  if (!grants.ok) return grants
  const appended = await room.membership.append({ type: 'admit', join, admittedAt: startedAt, grants: grants.value })
  return appended.ok ? ok(undefined) : appended
}

async function admit(room: Room, conversation: Conversation, join: JoinProof): Promise<void> {
  const appended = await appendAdmit(room, conversation.startedAt, join)
  if (!conversation.isOpen()) return
  if (!appended.ok) return conversation.stop(appended.error)
  room.sentTo = conversation
  const records = room.membership.recordsOf(room.membership.hashes())
  await conversation.say({ type: 'admitted', count: records.length })
  await sayRecords(conversation, records)
}

/** The log may close the invitation while we wait: another organiser cancelled it, or let somebody in with it. */
function ended(room: Room, served: DeviceId | undefined): Refusal | undefined {
  if (room.wasOver) return undefined
  const invitation = invitationOf(room)
  if (invitation?.status === 'cancelled') return 'code-cancelled'
  if (invitation?.status !== 'used' || invitation.usedByDevice === room.admitted) return undefined
  return served === undefined || served !== invitation.usedByDevice ? 'code-used' : undefined
}

function arrived(room: Room, device: DeviceId): string | undefined {
  if (invitationOf(room)?.usedByDevice !== device) return undefined
  const { devices, members } = room.membership.state()
  const member = devices.get(device)?.member
  return member === undefined ? undefined : members.get(member)?.name
}

function isOver(request: AdmitPersonRequest): boolean {
  const known = invitationOf(request)
  return known !== undefined && (known.status !== 'open' || request.clock.now() > known.expiresAt)
}

export function admitPerson(request: AdmitPersonRequest): Admission {
  const room: Room = { ...request, wasOver: isOver(request), admitted: undefined, sentTo: undefined }
  const { membership } = request
  return {
    newcomer: 'person',
    refusal: (device, at) => refusal(room, device, at),
    // Somebody else with the code must not cost the one who was let in the rest of the conversation.
    outlastsRefusals: () => room.wasOver || room.admitted !== undefined,
    welcomeType: 'welcome',
    welcome: (fresh) => ({
      type: 'welcome',
      ...fresh,
      circle: membership.circle,
      groupName: membership.state().name,
      inviterName: request.inviterName,
      inviter: membership.secrets.certificate,
    }),
    nameOf: ({ name }) => name,
    readsYes: (conversation, message) =>
      message.type === 'confirm' ? isBound(room, conversation, message.join) : undefined,
    async admit(conversation, yes) {
      if (yes.type === 'confirm') await admit(room, conversation, yes.join)
    },
    hear(conversation, message) {
      if (message.type !== 'received' || room.sentTo !== conversation) return Promise.resolve(false)
      conversation.done()
      return Promise.resolve(true)
    },
    afterLoss: () => undefined,
    added: () => undefined,
    ended: (served) => ended(room, served),
    onChange: (listener) => membership.onChange(listener),
    async burn() {
      // An invitation that was used already cannot be cancelled, and need not be: it lets in nobody else.
      await membership.append({ type: 'cancel', invitation: request.invitation.id, reason: 'words-differ' })
    },
    arrived: (device) => arrived(room, device),
  }
}
