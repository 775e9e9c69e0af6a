import { ok, type Result } from '../base/errors.ts'
import type { DeviceCertificate } from '../wire/record.ts'
import { grantsOfAll } from './admission-grants.ts'
import { deviceIdOf } from './names.ts'
import type { Membership } from './state.ts'

/** Another computer of one's own, with every key that this one holds. Nothing is written where it is in already. */
export async function addDevice(
  membership: Membership,
  certificate: DeviceCertificate,
): Promise<Result<void, 'not-allowed' | 'storage-failed'>> {
  if (membership.state().devices.get(deviceIdOf(certificate))?.present === true) return ok(undefined)
  const added = await membership.append({
    type: 'device',
    certificate,
    grants: grantsOfAll(membership, [certificate]),
  })
  return added.ok ? ok(undefined) : added
}
