/** What the log of an open group says, against what the network carried. */
import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { createLive } from '../../shared/base/live.ts'
import type { CircleContext } from '../../shared/model/contexts.ts'
import type { Sent } from '../../shared/model/sent.ts'
import { createEpochKeys } from '../../shared/sync/epoch-keys.ts'
import type { Link } from '../../shared/sync/link.ts'
import { openMembership } from '../../shared/membership/open.ts'
import { joinRoom } from '../../shared/sync/join-room.ts'
import { startJoining } from './join-group.ts'
import { createMeter } from './sent-log.ts'
import type { SentLine } from './sent-rows.ts'
import { createWorld, type Computer, type World } from './testing.ts'

const WAIT = { timeout: 20_000, interval: 20 }
const TEST = 60_000
let world: World
/** Bytes of frames that the network took, by who sent them and who got them. */
let carried = new Map<string, number>()

async function start(...names: string[]): Promise<readonly Computer[]> {
  carried = new Map()
  world = await createWorld(names, 'organiser', {
    carry(frame, from, to) {
      const way = `${from.split(' ')[0]} ${to.split(' ')[0]}`
      carried.set(way, (carried.get(way) ?? 0) + frame.length)
      return [frame]
    },
  })
  return world.computers
}

afterEach(async () => world.close())

const write = (context: CircleContext, text: string): void => void context.records.getMap('test').set(text, text)
const reads = (context: CircleContext, text: string): Promise<void> =>
  vi.waitFor(() => expect(context.records.getMap('test').get(text)).toBe(text), WAIT)

const linesOf = ({ group }: Computer): readonly Sent[] => group.context.sent.get().lines
const to = (computer: Computer, person: string): readonly Sent[] =>
  linesOf(computer).filter(({ recipient }) => recipient.to === 'computer' && recipient.person === person)
const bytes = (lines: readonly Sent[]): number => lines.reduce((sum, one) => sum + one.bytes, 0)
const changes = (lines: readonly Sent[]): number => lines.reduce((sum, one) => sum + one.changes, 0)

/** Where the group meets just now: as somebody finds it who holds a key and is not in the group. */
async function roomOf({ secrets, store, group }: Computer): Promise<Uint8Array> {
  const circle = group.context.circle.id
  const membership = await openMembership({
    circle,
    secrets,
    store: store.circle(circle),
    signer: world.signer,
  })
  const epoch = membership.sealingEpoch()
  const room = epoch === undefined ? undefined : createEpochKeys(membership)(epoch)?.room
  if (room === undefined) throw new Error('no key')
  return room
}

test(
  'to each other computer by name, exactly the bytes that the network took; kept over a restart',
  async () => {
    const [alice, bob, cara] = await start('alice', 'bob', 'cara')
    write(alice!.group.context.circle, 'kettle')
    await reads(bob!.group.context.circle, 'kettle')
    await reads(cara!.group.context.circle, 'kettle')
    for (const [from, other] of [
      [alice!, 'bob'],
      [alice!, 'cara'],
      [bob!, 'alice'],
    ] as const) {
      await vi.waitFor(() => {
        expect(bytes(to(from, other))).toBeGreaterThan(0)
        expect(bytes(to(from, other))).toBe(carried.get(`${from.person} ${other}`))
      }, WAIT)
    }
    expect(changes(to(alice!, 'bob'))).toBeGreaterThan(0)
    expect(to(alice!, 'bob')).toMatchObject([
      { way: 'network', recipient: { isMe: false, isRemoved: false, number: 0 } },
    ])

    await alice!.group.close()
    const sent = carried.get('alice bob')!
    await alice!.open()
    const restored = to(alice!, 'bob')
    expect(bytes(restored)).toBeGreaterThanOrEqual(sent)
    write(alice!.group.context.circle, 'lemon')
    await reads(bob!.group.context.circle, 'lemon')
    await vi.waitFor(() => expect(changes(to(alice!, 'bob'))).toBeGreaterThan(changes(restored)), WAIT)
    expect(to(alice!, 'bob')).toHaveLength(1)
  },
  TEST,
)

test(
  'whoever was taken out is told so on a line of its own, and nothing more is a change',
  async () => {
    const [alice, bob] = await start('alice', 'bob')
    write(alice!.group.context.circle, 'kettle')
    await reads(bob!.group.context.circle, 'kettle')
    const person = alice!.group.context.circle.people.get().find(({ name }) => name === 'bob')
    expect(await alice!.group.context.circle.manage.remove(person!.id)).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(bob!.group.context.circle.standing.get().state).toBe('removed'), WAIT)
    const removed = () =>
      to(alice!, 'bob').filter(({ recipient }) => recipient.to === 'computer' && recipient.isRemoved)
    await vi.waitFor(() => expect(bytes(removed())).toBeGreaterThan(0), WAIT)
    write(alice!.group.context.circle, 'secret')
    await alice!.restart()
    expect(changes(removed())).toBe(0)
    expect(bytes(removed())).toBeGreaterThan(0)
  },
  TEST,
)

test(
  'a computer that never says who it is gets a line without a name',
  async () => {
    const [alice] = await start('alice', 'bob')
    const room = await roomOf(alice!)
    const links: Link[] = []
    const leave = joinRoom({
      transports: createLive([world.network.transport('mallory 1')]),
      room: { key: room, purpose: 'circle' },
      onLink(link) {
        links.push(link)
        void link.send(Uint8Array.of(9, 9, 9))
      },
    })
    const unproved = () => linesOf(alice!).filter(({ recipient }) => recipient.to === 'unproved')
    await vi.waitFor(() => expect(unproved()).toHaveLength(1), WAIT)
    leave()
    expect(bytes(unproved())).toBeGreaterThan(0)
  },
  TEST,
)

test(
  'a conversation about a code is counted on both sides, to nobody by name',
  async () => {
    const [alice] = await start('alice')
    const laptop = await world.add('laptop')
    const adding = await alice!.group.context.addComputer()
    if (!adding.ok) throw new Error(adding.error)
    const noted: SentLine[] = []
    const joining = startJoining({
      code: adding.value.code,
      name: laptop.name,
      secrets: laptop.secrets,
      store: laptop.store,
      carriers: laptop.carriers,
      openChannel: laptop.openChannel,
      signer: world.signer,
      groups: [],
      meter: (kind) =>
        createMeter({
          kind,
          clock: { now: () => Date.now() },
          otherwise: { to: 'inviter' },
          note: (line) => noted.push(line),
        }),
      log: () => undefined,
      async onJoined(_stored, me) {
        if (me !== undefined) Object.assign(laptop, me)
        await laptop.open()
      },
    })
    await vi.waitFor(() => expect(joining.state.get().step).toBe('compare-words'), WAIT)
    await vi.waitFor(() => expect(adding.value.state.get().step).toBe('compare-words'), WAIT)
    await joining.confirmWords(true)
    await adding.value.confirmWords(true)
    await vi.waitFor(() => expect(joining.state.get().step).toBe('done'), WAIT)
    await vi.waitFor(() => expect(noted).toMatchObject([{ recipient: { to: 'inviter' } }]), WAIT)
    const newcomer = () => linesOf(alice!).filter(({ recipient }) => recipient.to === 'newcomer')
    await vi.waitFor(() => expect(bytes(newcomer())).toBeGreaterThan(noted[0]!.bytes), WAIT)
    // Once in, it is a computer of one's own; what both have is known of each by itself.
    await vi.waitFor(() => {
      const mine = alice!.group.context.sync.get().people.find(({ person }) => person.isMe)
      expect(mine?.computers).toMatchObject([{ connected: true, theyLack: 0, weLack: 0 }])
    }, WAIT)
    const own = () => linesOf(alice!).filter(({ recipient }) => recipient.to === 'computer' && recipient.isMe)
    await vi.waitFor(() => expect(bytes(own())).toBeGreaterThan(0), WAIT)
  },
  TEST,
)
