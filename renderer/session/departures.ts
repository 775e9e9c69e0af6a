/** Who, and which computers, are in a circle no more, and what came from there afterwards. */
import type { DeviceId, MemberId } from '../../shared/base/ids.ts'
import type { CircleState, DeviceState, MemberState } from '../../shared/membership/state.ts'
import type { Departure } from '../../shared/model/contexts.ts'
import { byName, computerOf, isOutOfGroup, namedPerson, type Me } from './people.ts'

export interface DeparturesRequest {
  readonly state: CircleState
  /** Of a circle: the group it belongs to. */
  readonly group?: CircleState | undefined
  readonly me: Me
  readonly setAside: readonly { readonly device: DeviceId; readonly count: number }[]
  /** Whose statement took out the whole person, where one did and not only single computers. */
  readonly personRemovedBy: (member: MemberState) => MemberId | undefined
}

function departureOf(request: DeparturesRequest, member: MemberState): readonly Departure[] {
  const { state, group, me, setAside, personRemovedBy } = request
  const person = namedPerson(state, me, member.id)
  const asideOf = (devices: readonly DeviceId[]): Pick<Departure, 'setAside' | 'setAsideFrom'> => {
    const from = setAside.filter(({ device, count }) => count > 0 && devices.includes(device))
    const count = from.reduce((sum, one) => sum + one.count, 0)
    return { setAside: count, ...(count === 0 ? {} : { setAsideFrom: from.map(({ device }) => device) }) }
  }
  const byOf = (by: MemberId | undefined): Pick<Departure, 'by'> =>
    by === undefined || by === member.id ? {} : { by: namedPerson(state, me, by) }
  const gone = member.devices.flatMap((id) => {
    const device = state.devices.get(id)
    return device === undefined || device.present ? [] : [device]
  })
  if (!member.present) {
    const by = personRemovedBy(member) ?? gone.at(-1)?.removal?.by
    const outOfGroup = isOutOfGroup(group, member.id) ? { outOfGroup: true as const } : {}
    return [{ person, ...byOf(by), ...outOfGroup, ...asideOf(member.devices) }]
  }
  return gone.map(({ id, removal }: DeviceState) => ({
    person,
    computer: computerOf(state, me, id),
    ...byOf(removal?.by),
    ...asideOf([id]),
  }))
}

/** By name; somebody's computers one after the other. */
export const departuresOf = (request: DeparturesRequest): readonly Departure[] =>
  [...request.state.members.values()]
    .flatMap((member) => departureOf(request, member))
    .toSorted((a, b) => byName(a.person, b.person))
