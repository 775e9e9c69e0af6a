import { ok, type Result } from '../base/errors.ts'
import type { DeviceId, MemberId } from '../base/ids.ts'
import type { RemoveBody } from '../wire/record.ts'
import { renewKey } from './renew-key.ts'
import type { Membership } from './state.ts'

/**
 * Takes out a person or one computer, and changes the key. `lastAccepted`: up to where each of the computers' logs counts. A key
 * that could not be made is no failure: until there is one, nobody writes (Membership.sealingEpoch), and whoever wants to makes it.
 * Who leaves makes none: it would be theirs.
 */
export async function removeFrom(
  membership: Membership,
  target: { readonly member: MemberId } | { readonly device: DeviceId },
  lastAccepted: RemoveBody['lastAccepted'],
): Promise<Result<void, 'not-allowed' | 'storage-failed'>> {
  const removed = await membership.append({ type: 'remove', target, lastAccepted })
  if (!removed.ok) return removed
  const amIn = membership.state().devices.get(membership.secrets.device)?.present === true
  if (amIn) await renewKey(membership)
  return ok(undefined)
}
