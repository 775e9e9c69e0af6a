/** Whether and how somebody new is let in by an invitation, whatever way their proof came: over a connection or in a file. */
import { fail, ok, type Result } from '../base/errors.ts'
import type { DeviceId } from '../base/ids.ts'
import { isSame } from '../crypto/same.ts'
import type { Signer } from '../crypto/sign.ts'
import { admissionGrants } from '../membership/admission-grants.ts'
import { verifyCertificate } from '../membership/identity.ts'
import { deviceIdOf } from '../membership/names.ts'
import { verifyJoinProof } from '../membership/proof.ts'
import { isFitName } from '../membership/rules.ts'
import type { InvitationState, Membership } from '../membership/state.ts'
import type { DeviceCertificate, JoinProof } from '../wire/record.ts'
import type { Refusal } from './admission.ts'
import type { InvitationSecrets } from './code.ts'
import type { Bound } from './conversation.ts'

export interface LettingIn {
  readonly membership: Membership
  readonly invitation: Pick<InvitationSecrets, 'id' | 'keys'>
  readonly signer: Signer
}

/** As a newcomer shows itself. */
export interface ShownNewcomer {
  readonly name: string
  readonly certificate: DeviceCertificate
}

export const invitationOf = ({ membership, invitation }: LettingIn): InvitationState | undefined =>
  membership.state().invitations.get(invitation.id)

/** May this device be let in with the code now? One that was let in already may fetch again what did not reach it. */
export function refusalOf(desk: LettingIn, device: DeviceId, at: number): Refusal | undefined {
  const invitation = invitationOf(desk)
  const { member } = desk.membership.secrets
  const me = desk.membership.state().members.get(member)
  if (invitation === undefined || me === undefined || !me.present || me.role !== 'organiser') return 'not-allowed'
  if (invitation.status === 'used') return invitation.usedByDevice === device ? undefined : 'code-used'
  if (invitation.status === 'cancelled') return 'code-cancelled'
  return at > invitation.expiresAt ? 'code-expired' : undefined
}

export const isFitNewcomer = async (signer: Signer, { name, certificate }: ShownNewcomer): Promise<boolean> =>
  isFitName(name) && (await verifyCertificate(signer, certificate))

/** Proof and consent are by that newcomer, for this invitation, and bound to what both sides compared words over. */
export async function isProofFor(
  desk: LettingIn,
  bound: Bound,
  newcomer: ShownNewcomer,
  join: JoinProof,
): Promise<boolean> {
  const { signer, membership, invitation } = desk
  return (
    isSame(join.challenge, bound.challenge) &&
    join.name === newcomer.name &&
    deviceIdOf(join.certificate) === deviceIdOf(newcomer.certificate) &&
    (await verifyJoinProof(signer, membership.circle, invitation.keys.publicKey, join))
  )
}

/** `askedAt`: when the newcomer came with the code. Nothing to append where the same newcomer was let in before. */
export async function letIn(
  desk: LettingIn,
  askedAt: number,
  join: JoinProof,
): Promise<Result<void, Refusal | 'storage-failed'>> {
  // By the time the newcomer came: nobody has to hurry over the words because the code is about to expire.
  const refused = refusalOf(desk, deviceIdOf(join.certificate), askedAt)
  if (refused !== undefined) return fail(refused)
  const invitation = invitationOf(desk)
  if (invitation?.status === 'used') return ok(undefined)
  const grants = await admissionGrants(desk.membership, join.certificate, invitation?.history ?? 'from-now')
  if (!grants.ok) return grants
  const appended = await desk.membership.append({ type: 'admit', join, admittedAt: askedAt, grants: grants.value })
  return appended.ok ? ok(undefined) : appended
}
