/** Whose statement took a whole person out of a circle, where one did; the state tells it only of single computers. */
import type { MemberId } from '../../shared/base/ids.ts'
import type { Membership, MemberState } from '../../shared/membership/state.ts'
import { decodeRecord } from '../../shared/wire/record.ts'

export function personRemovedBy(membership: Membership, member: MemberState): MemberId | undefined {
  const removals = new Set(member.devices.flatMap((device) => membership.removalsOf(device)))
  for (const bytes of membership.recordsOf(removals)) {
    const record = decodeRecord(bytes)
    if (!record.ok) continue
    const { author, body } = record.value
    if (body.type === 'remove' && 'member' in body.target) return membership.state().devices.get(author)?.member
  }
  return undefined
}
