import { ok, type Result } from '../base/errors.ts'
import type { DeviceCertificate, Role } from '../wire/record.ts'
import { grantsForNewcomer } from './admission-grants.ts'
import type { Membership } from './state.ts'

export interface NewMember {
  readonly name: string
  readonly role: Role
  readonly history: 'all' | 'from-now'
  /** Of the person's computers, as the group's log has them; all of one identity. */
  readonly certificates: readonly DeviceCertificate[]
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Puts somebody of the group into a circle, with the keys that they may have. */
export async function addMember(
  membership: Membership,
  { name, role, history, certificates, now }: NewMember,
): Promise<Result<void, 'not-allowed' | 'storage-failed'>> {
  const grants = await grantsForNewcomer(membership, certificates, history)
  if (!grants.ok) return grants
  const added = await membership.append({
    type: 'add',
    name,
    role,
    history,
    certificates,
    addedAt: now,
    grants: grants.value,
  })
  return added.ok ? ok(undefined) : added
}
