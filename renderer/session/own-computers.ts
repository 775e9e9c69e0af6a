/**
 * A person's computers in one circle follow those in the group: one that was added while nobody could tell this circle is added
 * by another of the same person, and what each is called is said here too.
 */
import { describeThrown } from '../../shared/base/errors.ts'
import { addDevice } from '../../shared/membership/add-device.ts'
import type { CircleState, Membership } from '../../shared/membership/state.ts'
import type { DeviceCertificate } from '../../shared/wire/record.ts'
import type { Me } from './people.ts'

/**
 * Of the person's other computers in the group those that the circle has never heard of. One that was taken out of the circle
 * stays out.
 */
export function missingComputers(group: CircleState, circle: CircleState, me: Me): readonly DeviceCertificate[] {
  if (group.devices.get(me.device)?.present !== true || circle.devices.get(me.device)?.present !== true) return []
  return (group.members.get(me.member)?.devices ?? []).flatMap((id) => {
    const device = group.devices.get(id)
    return device?.present === true && !circle.devices.has(id) ? [device.certificate] : []
  })
}

/** What this computer is called in the group, where the circle has not been told. */
export function untoldName(group: CircleState, circle: CircleState, me: Me): string | undefined {
  const [here, there] = [group.devices.get(me.device), circle.devices.get(me.device)]
  if (here?.present !== true || there?.present !== true) return undefined
  return here.name !== '' && here.name !== there.name ? here.name : undefined
}

export function keepOwnComputers(request: {
  readonly group: Membership
  readonly circle: Membership
  readonly log: (line: string) => void
}): { stop(): void } {
  const { group, circle, log } = request
  const me = circle.secrets
  let stopped = false
  let running = false
  let again = false

  const tend = async (): Promise<void> => {
    for (const certificate of missingComputers(group.state(), circle.state(), me)) {
      if (stopped) return
      const added = await addDevice(circle, certificate)
      if (!added.ok) return log(`adding another computer of mine to a circle: ${added.error} ${added.detail ?? ''}`)
    }
    const name = untoldName(group.state(), circle.state(), me)
    if (name === undefined || stopped) return
    const named = await circle.append({ type: 'device-name', name })
    if (!named.ok) log(`this computer’s name in a circle: ${named.error} ${named.detail ?? ''}`)
  }
  /** One after the other; our own statements are changes too. */
  const run = async (): Promise<void> => {
    if (running) {
      again = true
      return
    }
    running = true
    try {
      await tend()
    } catch (thrown) {
      log(`own computers: ${describeThrown(thrown)}`)
    }
    running = false
    if (!again || stopped) return
    again = false
    await run()
  }
  const start = (): void => void run()

  const stops = [group.onChange(start), circle.onChange(start)]
  start()
  return {
    stop() {
      stopped = true
      for (const stop of stops) stop()
    },
  }
}
