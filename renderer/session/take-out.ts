/** Takes a person or a computer out of one circle, or themselves; with what was accepted of them up to now. */
import type { DeviceId, MemberId } from '../../shared/base/ids.ts'
import type { Result } from '../../shared/base/errors.ts'
import { removeFrom } from '../../shared/membership/remove-from.ts'
import type { CircleState, Membership } from '../../shared/membership/state.ts'
import type { ManageProblem } from '../../shared/model/contexts.ts'
import type { Replica } from '../../shared/sync/replica.ts'

export type Target = { readonly member: MemberId } | { readonly device: DeviceId }

export const isOrganiser = (membership: Membership): boolean => {
  const { members, devices } = membership.state()
  const { member, device } = membership.secrets
  return devices.get(device)?.present === true && members.get(member)?.role === 'organiser'
}

const isPresent = (state: CircleState, target: Target): boolean =>
  'member' in target
    ? state.members.get(target.member)?.present === true
    : state.devices.get(target.device)?.present === true

/** Organisers may take out anybody, everybody themselves and computers of their own. */
export function mayTakeOut(membership: Membership, target: Target): boolean {
  const state = membership.state()
  const { member, device } = membership.secrets
  if (!isPresent(state, target) || state.devices.get(device)?.present !== true) return false
  const theirs = 'member' in target ? target.member : state.devices.get(target.device)?.member
  return theirs === member || isOrganiser(membership)
}

const devicesOf = (state: CircleState, target: Target): readonly DeviceId[] =>
  'member' in target ? (state.members.get(target.member)?.devices ?? []) : [target.device]

export async function takeOut(replica: Replica, target: Target): Promise<Result<void, ManageProblem>> {
  const { membership } = replica
  // What this computer has written itself must count where it takes itself out.
  await replica.flush()
  return removeFrom(membership, target, replica.lastAccepted(devicesOf(membership.state(), target)))
}
