/** How this person and this computer stand to a circle. */
import type { CircleState } from '../../shared/membership/state.ts'
import type { Standing } from '../../shared/model/contexts.ts'
import type { Me } from './people.ts'

const nameIn = (state: CircleState, id: Parameters<CircleState['members']['get']>[0] | undefined): string =>
  (id === undefined ? undefined : state.members.get(id)?.name) ?? ''

const isIn = (state: CircleState, me: Me): boolean => state.devices.get(me.device)?.present === true

/** Who put us in was taken out before the others heard of it: whoever took them out. */
function undoneBy(state: CircleState): string {
  const adder = state.skipped.find(({ type }) => type === 'add' || type === 'admit')?.author
  const devices = adder === undefined ? undefined : state.members.get(adder)?.devices
  const removals = devices?.flatMap((device) => state.devices.get(device)?.removal ?? [])
  return nameIn(state, removals?.[0]?.by)
}

/** Of one who is not in it. */
function absence(state: CircleState, me: Me): Standing {
  const device = state.devices.get(me.device)
  const computerOnly = state.members.get(me.member)?.present === true
  if (device?.removal === undefined) return { state: 'removed', by: undoneBy(state), computerOnly }
  const { by } = device.removal
  if (by === me.member && !computerOnly) return { state: 'left' }
  return { state: 'removed', by: nameIn(state, by), computerOnly }
}

/**
 * `group`, for a circle: whoever is out of the group is out of each of its circles at once, even before the circle's organisers
 * have said so.
 */
export function standingOf(state: CircleState, me: Me, group?: CircleState): Standing {
  if (!isIn(state, me)) return absence(state, me)
  if (group !== undefined && !isIn(group, me)) return absence(group, me)
  return state.closed ? { state: 'closed' } : { state: 'member' }
}
