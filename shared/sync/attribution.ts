/** Who did what in a document, from the signed entries. */
import type { DeviceId, MemberId } from '../base/ids.ts'
import { yjsClientIdOf } from '../membership/names.ts'
import type { Attribution } from '../model/contexts.ts'
import type { Core, Live } from './replica-core.ts'
import { knownDevice } from './vouching.ts'

export const memberOf = (core: Core, device: DeviceId): MemberId | undefined =>
  knownDevice(core.membership.state(), device)?.member

export function attributionOf(core: Core, live: Live): Attribution {
  const members = new Map<number, MemberId>()
  let learntFrom: unknown
  let clientsKnown = 0
  const learn = (): void => {
    const state = core.membership.state()
    const { size } = live.doc.store.clients
    if (learntFrom === state && clientsKnown === size) return
    learntFrom = state
    clientsKnown = size
    for (const device of state.devices.values()) {
      for (const incarnation of device.incarnations) {
        members.set(yjsClientIdOf(core.membership.circle, device.id, incarnation), device.member)
      }
    }
    // A removal may have struck out the record that declared an incarnation, whose entries others had taken in.
    for (const { device, incarnation } of core.logs.all()) {
      const member = memberOf(core, device)
      if (member !== undefined) members.set(yjsClientIdOf(core.membership.circle, device, incarnation), member)
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
