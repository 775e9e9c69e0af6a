/** What the footer and Sync and safety say, put together from the carrier, the save state and the transports. */
import type { CircleContext, Live, LookingWhere, Person, PersonSync, SyncStatus } from '../../shared/model/contexts.ts'
import { createLive } from '../../shared/base/live.ts'
import type { Membership } from '../../shared/membership/state.ts'
import type { Carrier } from '../../shared/sync/carry.ts'

function peopleSync(carrier: Carrier, circle: CircleContext): readonly PersonSync[] {
  const people = new Map<string, Person>(circle.people.get().map((person) => [person.id, person]))
  return carrier.status(circle.id).flatMap(({ member, ...sync }) => {
    const person = people.get(member)
    return person === undefined ? [] : [{ person, ...sync }]
  })
}

function refusalsOf(carrier: Carrier, membership: Membership): SyncStatus['refusals'] {
  const { devices, members } = membership.state()
  return carrier.refusals().map(({ at, reason, device }) => {
    const member = device === undefined ? undefined : devices.get(device)?.member
    const from = member === undefined ? undefined : members.get(member)?.name
    return from === undefined ? { at, reason } : { at, reason, from }
  })
}

export function followSync(request: {
  readonly carrier: Carrier
  readonly circle: CircleContext
  readonly membership: Membership
  readonly looking: Live<LookingWhere>
}): { readonly live: Live<SyncStatus>; stop(): void } {
  const { carrier, circle, membership, looking } = request
  const read = (): SyncStatus => ({
    save: circle.save.get(),
    people: peopleSync(carrier, circle),
    ...looking.get(),
    refusals: refusalsOf(carrier, membership),
  })
  const live = createLive(read())
  let scheduled = false
  let shown = JSON.stringify(live.get())
  /** Many changes come in one go; the screen hears of them once, and only when a word of it is another one. */
  const update = (): void => {
    if (scheduled) return
    scheduled = true
    queueMicrotask(() => {
      scheduled = false
      const next = read()
      const text = JSON.stringify(next)
      if (text === shown) return
      shown = text
      live.set(next)
    })
  }
  const stops = [
    carrier.onChange(update),
    circle.save.subscribe(update),
    circle.people.subscribe(update),
    looking.subscribe(update),
  ]
  return {
    live,
    stop() {
      for (const stop of stops) stop()
    },
  }
}
