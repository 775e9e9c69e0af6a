/** What this computer is called, said in the group and in every circle that it is in. */
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import type { Membership } from '../../shared/membership/state.ts'
import type { ManageProblem } from '../../shared/model/contexts.ts'

const isHere = (membership: Membership): boolean =>
  membership.state().devices.get(membership.secrets.device)?.present === true

/** Circles in which it is not said now follow the group's name later (own-computers.ts). */
export async function nameThisComputer(
  [group, ...circles]: readonly [Membership, ...Membership[]],
  name: string,
): Promise<Result<void, ManageProblem>> {
  if (!isHere(group)) return fail('not-allowed')
  const named = await group.append({ type: 'device-name', name })
  if (!named.ok) return named
  for (const circle of circles.filter(isHere)) {
    if (circle.state().devices.get(circle.secrets.device)?.name === name) continue
    const there = await circle.append({ type: 'device-name', name })
    if (!there.ok && there.error === 'storage-failed') return there
  }
  return ok(undefined)
}
