/** Lets somebody new into the group: their proof becomes an ADMIT record, and they are sent all records. */
import type { Clock } from '../base/clock.ts'
import type { DeviceId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import { deviceIdOf } from '../membership/names.ts'
import type { Membership } from '../membership/state.ts'
import type { JoinProof } from '../wire/record.ts'
import { sayRecords, type Admission, type Conversation, type Refusal } from './admission.ts'
import type { InvitationSecrets } from './code.ts'
import { invitationOf, isProofFor, letIn, refusalOf } from './let-in.ts'

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

async function admit(room: Room, conversation: Conversation, join: JoinProof): Promise<void> {
  const { startedAt } = conversation
  const device = deviceIdOf(join.certificate)
  // Before the record: its coming must not look like somebody else's.
  if (refusalOf(room, device, startedAt) === undefined) room.admitted = device
  const appended = await letIn(room, startedAt, join)
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
    refusal: (device, at) => refusalOf(room, device, at),
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
      message.type === 'confirm' ? isProofFor(room, conversation.bound, conversation.reveal, message.join) : undefined,
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
