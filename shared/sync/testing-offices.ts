/** People with carriers over one network in memory, and every message as it is before its channel seals it; for tests. */
import { addMember } from '../membership/add-member.ts'
import { createCircle } from '../membership/create.ts'
import { openMembership, openReceived } from '../membership/open.ts'
import type { Membership } from '../membership/state.ts'
import { memoryRecordStore } from '../membership/testing.ts'
import type { Bytes } from '../base/bytes.ts'
import type { DeviceId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import { createCarrier, type Carrier } from './carry.ts'
import type { Channel } from './channel.ts'
import type { Transport } from './link.ts'
import { createMemoryStore } from './memory-store.ts'
import { createMemoryNetwork, type MemoryNetwork } from './memory-transport.ts'
import { decodeMessage, type Message } from './messages.ts'
import { openChannel } from './open-channel.ts'
import { openReplica, type Replica } from './replica.ts'
import type { CircleStore } from './store.ts'
import { createManualTime, setUpReplicas, settle, type ManualTime, type Person } from './testing.ts'
import type { Welcome } from './welcome.ts'

export interface Office extends Person {
  readonly carrier: Carrier
  readonly transport: Transport
  /** Everything this one sent over any channel, oldest first. */
  readonly sent: Bytes[]
  /** Channels that are open now. */
  readonly channels: Set<Channel>
  readonly welcomes: Welcome[]
}

export interface OfficeWorld {
  readonly time: ManualTime
  readonly network: MemoryNetwork
  readonly signer: Signer
  readonly offices: readonly Office[]
}

/** Everybody is an organiser of one group; nobody is connected yet. `retry`: links that broke are opened again. `carry`: spoils frames. */
export async function setUpOffices(
  names: readonly string[],
  signer: Signer,
  {
    retry = false,
    carry,
  }: { readonly retry?: boolean; readonly carry?: (frame: Uint8Array) => readonly Uint8Array[] } = {},
): Promise<OfficeWorld> {
  const time = createManualTime(() => settle(1))
  const network = createMemoryNetwork({
    defer: (run) => void time.after(1, run),
    ...(carry === undefined ? {} : { carry }),
    ...(retry ? { retry: (run: () => void) => void time.after(500, run) } : {}),
  })
  const people = await setUpReplicas(names, time, signer)
  const offices = await Promise.all(
    people.map(async (person): Promise<Office> => {
      const sent: Bytes[] = []
      const channels = new Set<Channel>()
      const welcomes: Welcome[] = []
      const carrier = createCarrier({
        signer,
        clock: time,
        timers: time,
        openChannel: async (link) => {
          const channel = await openChannel(link, { timers: time })
          channels.add(channel)
          channel.onClose(() => channels.delete(channel))
          return {
            ...channel,
            send: (message) => {
              sent.push(new Uint8Array(message))
              return channel.send(message)
            },
          }
        },
      })
      carrier.onWelcome((welcome) => void welcomes.push(welcome))
      await carrier.addCircle(person.replica)
      return { ...person, carrier, sent, channels, welcomes, transport: network.transport(person.name) }
    }),
  )
  return { time, network, signer, offices }
}

export const goOnline = (...offices: readonly Office[]): void => {
  for (const { carrier, transport } of offices) carrier.setTransports([transport])
}

/** What was sent, read again; a test fails on what cannot be read. */
export const messagesOf = ({ sent }: Office): readonly Message[] =>
  sent.map((bytes) => {
    const message = decodeMessage(bytes)
    if (!message.ok) throw new Error(`sent what nobody can read: ${message.error}`)
    return message.value
  })

export interface OfficeCircle {
  readonly membership: Membership
  readonly replica: Replica
  readonly store: CircleStore
}

const openIn = async (
  { signer, time }: OfficeWorld,
  membership: Membership,
  store: CircleStore = createMemoryStore(),
): Promise<OfficeCircle> => {
  const replica = await openReplica({ membership, store, signer, clock: time, timers: time })
  return { membership, replica, store }
}

/** As after a restart; it is not carried. */
export const openAgain = (world: OfficeWorld, { membership, store }: OfficeCircle): Promise<OfficeCircle> =>
  openIn(world, membership, store)

/** A circle of the group that only its founder is in, and that is carried there. */
export async function foundCircle(world: OfficeWorld, founder: Office): Promise<OfficeCircle> {
  const { signer } = world
  const group = founder.replica.circle
  const made = await createCircle({
    secrets: founder.secrets,
    kind: 'circle',
    group,
    circleName: 'Planning',
    founderName: founder.name,
    now: 2_000,
    signer,
  })
  const store = memoryRecordStore(made.records)
  const membership = await openMembership({ circle: made.circle, secrets: founder.secrets, store, signer })
  const circle = await openIn(world, membership)
  await founder.carrier.addCircle(circle.replica, { group })
  return circle
}

export async function putInto(circle: OfficeCircle, office: Office): Promise<void> {
  const { name, secrets } = office
  const certificates = [secrets.certificate]
  const added = await addMember(circle.membership, { name, role: 'member', history: 'all', certificates, now: 3_000 })
  if (!added.ok) throw new Error(added.error)
}

/** As the app does it: checked and resolved here, then carried. Fails where the records do not make up a circle. */
export async function acceptWelcome(world: OfficeWorld, office: Office, welcome: Welcome): Promise<OfficeCircle> {
  const { signer } = world
  const { circle, records } = welcome
  const request = { circle, secrets: office.secrets, store: memoryRecordStore(), signer }
  const { membership } = await openReceived(request, records)
  if (membership === undefined) throw new Error('the records do not make up the circle')
  const opened = await openIn(world, membership)
  await office.carrier.addCircle(opened.replica, { group: office.replica.circle })
  return opened
}

export const isConnected = (from: Office, device: DeviceId, circle = from.replica.circle): boolean =>
  from.carrier.connected(circle).includes(device)
