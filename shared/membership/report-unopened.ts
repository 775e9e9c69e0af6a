import { fail, ok, type Result } from '../base/errors.ts'
import { MAX_WRAPS } from '../wire/limits.ts'
import { MAX_HOUSEKEEPING } from './quota.ts'
import type { Membership } from './state.ts'

/**
 * Says of each key that this device was given and that does not open, that it does not: a grant to nobody. Others see then that it
 * lacks the key (state.withoutKey). Resolves to how many were named.
 */
export async function reportUnopened(
  membership: Membership,
): Promise<Result<number, 'not-allowed' | 'storage-failed' | 'room-kept'>> {
  const epochs = membership.unopened().slice(0, MAX_WRAPS)
  if (epochs.length === 0) return ok(0)
  if (membership.ownRecords() >= MAX_HOUSEKEEPING) return fail('room-kept')
  const grants = epochs.map((epoch) => ({ epoch, wraps: [] }))
  const appended = await membership.append({ type: 'grant', grants })
  return appended.ok ? ok(epochs.length) : appended
}
