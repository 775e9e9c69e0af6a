/** For whom a file is, which circles may go into it, and from where on in each log: what they lack by all that is known here. */
import type { DeviceId, MemberId } from '../base/ids.ts'
import { mayFollow } from '../membership/may-follow.ts'
import type { CircleState } from '../membership/state.ts'
import { logKey, type LogKey, type LogName } from '../sync/logs.ts'
import type { Replica } from '../sync/replica.ts'
import type { Place } from '../wire/entry.ts'

/** What a device has, by log; undefined: nothing is known of it. */
export type KnownHeads = (replica: Replica, device: DeviceId) => ReadonlyMap<LogKey, Place> | undefined

export interface Lacking {
  readonly replica: Replica
  /** The last seq of a log that all the computers it is for have. */
  readonly from: (log: LogName) => number
  /** Places of logs that one of them lacks. */
  readonly changes: number
}

/** The computers that a file is for: all of one person's, or with `to` undefined everybody's; never this one. */
export function recipientsOf(group: Replica, to: MemberId | undefined): readonly DeviceId[] {
  const { membership } = group
  const here = membership.secrets.device
  return [...membership.state().devices.values()]
    .filter(({ id, member, present }) => present && id !== here && (to === undefined || member === to))
    .map(({ id }) => id)
}

/** Nobody may learn of a circle from a file who is not in it. */
function mayRead(state: CircleState, here: DeviceId, to: MemberId | undefined, devices: readonly DeviceId[]): boolean {
  const isPresent = (device: DeviceId): boolean => state.devices.get(device)?.present === true
  if (!isPresent(here)) return false
  if (to === undefined) return devices.every(isPresent)
  // A new computer of theirs may not be in it yet; one that was taken out of it must get nothing.
  return devices.some(isPresent) && devices.every((device) => isPresent(device) || !state.devices.has(device))
}

export function lackingOf(replica: Replica, devices: readonly DeviceId[], known: KnownHeads): Lacking {
  const state = replica.membership.state()
  const all = devices.flatMap((id) => {
    const device = state.devices.get(id)
    return device?.present === true ? [{ member: device.member, heads: known(replica, id) }] : []
  })
  /** Who came in from now on lacks nothing of what was begun before. */
  const from = (log: LogName): number =>
    all.length === 0
      ? 0
      : Math.min(
          ...all.map(({ member, heads }) =>
            mayFollow(state, member, log) ? (heads?.get(logKey(log))?.seq ?? 0) : Number.POSITIVE_INFINITY,
          ),
        )
  const changes = replica.heads().reduce((sum, head) => sum + Math.max(0, head.seq - from(head)), 0)
  return { replica, from, changes }
}

/** The group first, then the circles that all of them may read. */
export function sectionsFor(request: {
  readonly group: Replica
  readonly circles: readonly Replica[]
  readonly to: MemberId | undefined
  readonly known: KnownHeads
}): readonly Lacking[] {
  const { group, circles, to, known } = request
  const devices = recipientsOf(group, to)
  const here = group.membership.secrets.device
  const readable = circles.filter(({ membership }) => mayRead(membership.state(), here, to, devices))
  return [group, ...readable].map((replica) => lackingOf(replica, devices, known))
}
