/** Who did what in a document, from the signed entries. */
import type { DeviceId, MemberId } from '../base/ids.ts'
import { yjsClientIdOf } from '../membership/names.ts'
import type { Attribution } from '../model/contexts.ts'
import type { Core, Live } from './replica-core.ts'

export const memberOf = (core: Core, device: DeviceId): MemberId | undefined =>
  core.membership.state().devices.get(device)?.member

export function attributionOf(core: Core, live: Live): Attribution {
  const members = new Map<number, MemberId>()
  let learntFrom: unknown
  const learn = (): void => {
    const state = core.membership.state()
    if (learntFrom === state) return
    learntFrom = state
    for (const device of state.devices.values()) {
      for (const incarnation of device.incarnations) {
        members.set(yjsClientIdOf(core.membership.circle, device.id, incarnation), device.member)
      }
    }
  }
  return {
    insertedBy: (client) => {
      learn()
      return members.get(client)
    },
    deletedBy: (client, clock) => live.deletions.by(client, clock),
  }
}
