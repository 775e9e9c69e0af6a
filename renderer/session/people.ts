/** The people and computers of a circle, as screens are handed them. */
import type { DeviceId, MemberId } from '../../shared/base/ids.ts'
import type { CircleState, DeviceSecrets } from '../../shared/membership/state.ts'
import type { Computer, Person } from '../../shared/model/contexts.ts'

/** Who is looking. */
export type Me = Pick<DeviceSecrets, 'member' | 'device'>

type Named = Pick<Person, 'id' | 'name' | 'isMe'>

export const computerOf = (state: CircleState, me: Me, id: DeviceId): Computer => ({
  id,
  name: state.devices.get(id)?.name ?? '',
  isThis: id === me.device,
})

export const namedPerson = (state: CircleState, me: Me, id: MemberId): Named => ({
  id,
  name: state.members.get(id)?.name ?? '',
  isMe: id === me.member,
})

export const byName = (a: Named, b: Named): number => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1)

/** In the circle by its own records, and yet nobody of the group: a computer of the circle's organisers has still to take them out. */
export const isOutOfGroup = (group: CircleState | undefined, id: MemberId): boolean =>
  group?.members.get(id)?.present === false

/** Those who are in it now, by name. `group`: of a circle, the group it belongs to. */
export const peopleOf = (state: CircleState, me: Me, group?: CircleState): readonly Person[] =>
  [...state.members.values()]
    .filter(({ present }) => present)
    .map(({ id, role, devices, history }) => ({
      ...namedPerson(state, me, id),
      role,
      computers: devices
        .filter((device) => state.devices.get(device)?.present === true)
        .map((device) => computerOf(state, me, device)),
      ...(history === 'from-now' ? { fromNow: true as const } : {}),
      ...(isOutOfGroup(group, id) ? { outOfGroup: true as const } : {}),
    }))
    .toSorted(byName)
