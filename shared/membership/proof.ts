/**
 * What a newcomer proves. Both signatures cover the circle, the invitation, the newcomer's keys and name, and a challenge
 * that only this conversation could have produced, so that neither can be shown anywhere else.
 */
import { concat, fromHex, utf8, type Bytes } from '../base/bytes.ts'
import type { CircleId, InvitationId } from '../base/ids.ts'
import type { Signer, SigningKeyPair } from '../crypto/sign.ts'
import type { JoinProof } from '../wire/record.ts'
import { invitationIdOf } from './names.ts'
import type { DeviceSecrets } from './state.ts'

type Claim = Pick<JoinProof, 'invitation' | 'name' | 'certificate' | 'challenge'>

/** Fixed lengths first, the name last: no two claims share their bytes. */
const claimed = (circle: CircleId, claim: Claim): Bytes =>
  concat(
    fromHex(circle),
    fromHex(claim.invitation),
    claim.challenge,
    claim.certificate.identityKey,
    claim.certificate.signingKey,
    claim.certificate.boxKey,
    utf8(claim.name),
  )

export async function signJoinProof(
  signer: Signer,
  circle: CircleId,
  joiner: { readonly secrets: DeviceSecrets; readonly name: string },
  invitation: { readonly id: InvitationId; readonly keys: SigningKeyPair },
  challenge: Bytes,
): Promise<JoinProof> {
  const { certificate, identity } = joiner.secrets
  const claim: Claim = { invitation: invitation.id, name: joiner.name, certificate, challenge }
  const message = claimed(circle, claim)
  return {
    ...claim,
    proof: await signer.sign('invitation proof', invitation.keys, message),
    consent: await signer.sign('joiner consent', identity, message),
  }
}

/** Both signatures, against the key in the INVITE record; the certificate is checked elsewhere. */
export async function verifyJoinProof(
  signer: Signer,
  circle: CircleId,
  invitationKey: Bytes,
  join: JoinProof,
): Promise<boolean> {
  if (invitationIdOf(invitationKey) !== join.invitation) return false
  const message = claimed(circle, join)
  return (
    (await signer.verify('invitation proof', invitationKey, message, join.proof)) &&
    (await signer.verify('joiner consent', join.certificate.identityKey, message, join.consent))
  )
}
