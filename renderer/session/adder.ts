/** Who put this person into a circle: told where they find themselves in it. */
import type { MemberId } from '../../shared/base/ids.ts'
import { memberIdOf } from '../../shared/membership/names.ts'
import type { Membership } from '../../shared/membership/state.ts'
import { decodeRecord, type MembershipRecord } from '../../shared/wire/record.ts'

/** All records held, parents before children. */
export const recordsIn = (membership: Membership): readonly MembershipRecord[] =>
  membership.recordsOf(membership.hashes()).flatMap((bytes) => {
    const record = decodeRecord(bytes)
    return record.ok ? [record.value] : []
  })

/** By the latest statement that did so. Undefined where it was this person, from another computer. */
export function adderOf(membership: Membership): MemberId | undefined {
  const { member } = membership.secrets
  const author = recordsIn(membership).findLast(
    ({ body }) => body.type === 'add' && body.certificates.some((each) => memberIdOf(each.identityKey) === member),
  )?.author
  const by = author === undefined ? undefined : membership.state().devices.get(author)?.member
  return by === member ? undefined : by
}
