import type { DeviceId, MemberId } from '../base/ids.ts'
import type { CircleState } from './state.ts'

interface LogName {
  readonly device: DeviceId
  readonly incarnation: number
}

/** Whether this member can read a log from its beginning: everybody can, but for those who came in from now on. */
export function mayFollow({ members }: Pick<CircleState, 'members'>, member: MemberId, log: LogName): boolean {
  const follows = members.get(member)?.follows
  return follows === undefined || follows.get(log.device)?.includes(log.incarnation) === true
}

/** False where somebody present cannot follow what this log says: its device begins another one before it writes on. */
export const isFollowedByAll = (state: Pick<CircleState, 'members'>, log: LogName): boolean =>
  [...state.members.keys()].every((member) => mayFollow(state, member, log))
