import { fail, ok, type Result } from '../base/errors.ts'
import type { DeviceCertificate, EpochGrant } from '../wire/record.ts'
import { newestFirst } from './epoch-order.ts'
import { grantTo, keysHeld, recipientOf } from './keys.ts'
import { renewKey } from './renew-key.ts'
import type { Membership } from './state.ts'

/** Boxes in one record beside the rest of it: 97 bytes each, and 18 for each epoch, within 64 KiB. */
const MAX_BOXES = 400
const MAX_EPOCHS = 200

/** Every key held here for these computers, newest first, as many as one record holds; key repair brings the rest. */
export function grantsOfAll(membership: Membership, certificates: readonly DeviceCertificate[]): readonly EpochGrant[] {
  const to = certificates.map(recipientOf)
  const most = Math.min(MAX_EPOCHS, Math.floor(MAX_BOXES / Math.max(1, to.length)))
  const held = keysHeld(membership, newestFirst(membership.state().epochs), most)
  return [...held].map(([epoch, key]) => grantTo(to, epoch, key))
}

/** 'from-now': changes the key first, for those who are in already, and gives no other. */
export async function grantsForNewcomer(
  membership: Membership,
  certificates: readonly DeviceCertificate[],
  history: 'all' | 'from-now',
): Promise<Result<readonly EpochGrant[], 'not-allowed' | 'storage-failed'>> {
  if (history === 'all') return ok(grantsOfAll(membership, certificates))
  const renewed = await renewKey(membership, { older: 'none' })
  if (!renewed.ok) return renewed
  const key = membership.epochKey(renewed.value)
  return key === undefined
    ? fail('not-allowed', 'the new key does not open')
    : ok([grantTo(certificates.map(recipientOf), renewed.value, key)])
}

/** The keys for somebody about to be let in by an ADMIT record. */
export const admissionGrants = (
  membership: Membership,
  certificate: DeviceCertificate,
  history: 'all' | 'from-now',
): Promise<Result<readonly EpochGrant[], 'not-allowed' | 'storage-failed'>> =>
  grantsForNewcomer(membership, [certificate], history)
