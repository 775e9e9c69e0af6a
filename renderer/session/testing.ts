/** People with whole stores and open groups on a network in memory, for tests. */
import { randomBytes } from '../../shared/base/bytes.ts'
import { systemClock, type Clock } from '../../shared/base/clock.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import { createLive } from '../../shared/base/live.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { createDeviceSecrets } from '../../shared/membership/identity.ts'
import type { DeviceSecrets } from '../../shared/membership/state.ts'
import { setUp } from '../../shared/membership/testing.ts'
import type { CircleContext, LookingWhere } from '../../shared/model/contexts.ts'
import type { Transport } from '../../shared/sync/link.ts'
import {
  createMemoryNetwork,
  type MemoryNetwork,
  type MemoryNetworkOptions,
} from '../../shared/sync/memory-transport.ts'
import type { OpenMeter } from '../../shared/sync/meter.ts'
import { openChannel } from '../../shared/sync/open-channel.ts'
import { openStore, type Store } from '../store/store.ts'
import { openGroup, type OpenGroup } from './group.ts'
import type { OpenChannel } from './meet.ts'
import { encodeMe } from './me.ts'
import { storeCircle } from './store-circle.ts'
import { sortGroups } from './stored-circles.ts'
import type { Carriers } from './transports.ts'

export interface Computer {
  readonly person: string
  /** Its name on the network. */
  readonly place: string
  readonly store: Store
  readonly carriers: Pick<Carriers, 'transports' | 'looking'>
  readonly openChannel: OpenChannel
  readonly log: string[]
  secrets: DeviceSecrets
  name: string
  opened: OpenGroup | undefined
  /** Throws where none is open. */
  readonly group: OpenGroup
  /** Opens what is stored; as after unlocking. */
  open(): Promise<void>
  restart(): Promise<void>
}

export interface World {
  readonly network: MemoryNetwork
  readonly signer: Signer
  readonly computers: readonly Computer[]
  /** One more, without a group: `open` only once something is stored. */
  add(person: string): Promise<Computer>
  close(): Promise<void>
}

let count = 0

export const notCounted: OpenMeter = () => ({
  sent: () => undefined,
  changes: () => undefined,
  reached: () => undefined,
  close: () => undefined,
})

/** The first founds the group and lets in the others, as organisers unless `role` says otherwise; all are open and connected. */
export async function createWorld(
  names: readonly string[],
  role: 'organiser' | 'member' = 'organiser',
  options: Pick<MemoryNetworkOptions, 'carry'> & { readonly clock?: Clock } = {},
): Promise<World> {
  const { actors, signer, circle } = await setUp(names, role)
  const network = createMemoryNetwork({ ...options, retry: (run) => void setTimeout(run, 20) })
  const computers: Computer[] = []

  const add = async (person: string, secrets?: DeviceSecrets): Promise<Computer> => {
    count += 1
    const place = `${person} ${count}`
    const log: string[] = []
    const opened = await openStore({ rootKey: randomBytes(32), name: `teatray-test-${count}` })
    if (!opened.ok) throw new Error(opened.error)
    const store = opened.value
    const transports = createLive<readonly Transport[]>([network.transport(place)])
    const looking = createLive<LookingWhere>({ lan: 'looking', internet: 'off' })
    const computer: Computer = {
      person,
      place,
      name: person,
      store,
      openChannel: (link) => openChannel(link),
      log,
      carriers: { transports, looking },
      secrets: secrets ?? (await createDeviceSecrets(signer)),
      opened: undefined,
      get group(): OpenGroup {
        if (computer.opened === undefined) throw new Error(`${person} has opened no group`)
        return computer.opened
      },
      async open() {
        const [stored] = sortGroups(await store.listCircles(), 0)
        if (stored === undefined) throw new Error(`${person} has no group`)
        computer.opened = await openGroup({
          stored,
          secrets: computer.secrets,
          name: computer.name,
          store,
          carriers: computer.carriers,
          clock: options.clock ?? systemClock,
          signer,
          openChannel: computer.openChannel,
          log: (line) => log.push(line),
        })
      },
      async restart() {
        await computer.group.close()
        await computer.open()
      },
    }
    await store.putIdentity(encodeMe({ name: person, secrets: computer.secrets }))
    computers.push(computer)
    return computer
  }

  for (const actor of actors) {
    const computer = await add(actor.name, actor.secrets)
    await storeCircle(computer.store, circle, { kind: 'group' }, await actor.store.records())
    await computer.open()
  }
  return {
    network,
    signer,
    computers,
    add: (person) => add(person),
    async close() {
      for (const computer of computers) {
        await computer.opened?.close()
        await computer.store.close()
      }
    },
  }
}

export function circleOf(computer: Computer, circle: CircleId): CircleContext {
  const found = computer.group.context.circles.get().find(({ id }) => id === circle)
  if (found === undefined) throw new Error(`${computer.person} has no such circle`)
  return found
}
