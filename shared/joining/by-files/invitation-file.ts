/** The first of the three files: who invites, into what. Sealed by the code, which is told apart from it and never in it. */
import { randomBytes, type Bytes } from '../../base/bytes.ts'
import { fail, ok, type Result } from '../../base/errors.ts'
import type { CircleId } from '../../base/ids.ts'
import type { Signer } from '../../crypto/sign.ts'
import { verifyCertificate } from '../../membership/identity.ts'
import type { Membership } from '../../membership/state.ts'
import { createWriter, type DecodeProblem, type Reader } from '../../wire/codec.ts'
import { MAX_NAME, MAX_TIME } from '../../wire/limits.ts'
import { readCertificate, writeCertificate, type DeviceCertificate } from '../../wire/record.ts'
import { NONCE } from '../limits.ts'
import {
  decodePadded,
  openSealed,
  readJoiningFile,
  sealJoiningFile,
  type EnvelopeProblem,
  type FileCode,
} from './envelope.ts'

/** What the inviter says: as `welcome` in a conversation, and until when. */
export interface Offer {
  /** One for each invitation: what is proved for one cannot be shown for another. */
  readonly nonce: Bytes
  readonly circle: CircleId
  readonly groupName: string
  readonly inviterName: string
  readonly inviter: DeviceCertificate
  /** For display; the log decides. */
  readonly expiresAt: number
}

export const newOffer = (membership: Membership, inviterName: string, expiresAt: number): Offer => ({
  nonce: randomBytes(NONCE),
  circle: membership.circle,
  groupName: membership.state().name,
  inviterName,
  inviter: membership.secrets.certificate,
  expiresAt,
})

export const encodeOffer = (offer: Offer): Bytes =>
  writeCertificate(
    createWriter().fixed(offer.nonce).id(offer.circle).text(offer.groupName).text(offer.inviterName),
    offer.inviter,
  )
    .uint(offer.expiresAt)
    .done()

export const readOffer = (reader: Reader): Offer => ({
  nonce: reader.fixed(NONCE),
  circle: reader.id<CircleId>(),
  groupName: reader.text(MAX_NAME),
  inviterName: reader.text(MAX_NAME),
  inviter: readCertificate(reader),
  expiresAt: reader.uint(MAX_TIME),
})

/** Padded, as it is sealed. */
export const decodeOffer = (padded: Uint8Array): Result<Offer, DecodeProblem> => decodePadded(padded, readOffer)

export const sealInvitationFile = (code: FileCode, offer: Offer): Bytes =>
  sealJoiningFile('invitation', code, encodeOffer(offer))

export type InvitationFileProblem = EnvelopeProblem | 'other-code'

/** By the newcomer, with the code that was told. */
export async function openInvitationFile(
  bytes: Uint8Array,
  code: FileCode,
  signer: Signer,
): Promise<Result<Offer, InvitationFileProblem>> {
  const sealed = readJoiningFile('invitation', bytes)
  if (!sealed.ok) return sealed
  const padded = openSealed('invitation', code, sealed.value)
  if (padded === undefined) return fail('other-code')
  const offer = decodeOffer(padded)
  if (!offer.ok) return fail('damaged', offer.error)
  if (!(await verifyCertificate(signer, offer.value.inviter))) return fail('damaged', 'certificate')
  return ok(offer.value)
}
