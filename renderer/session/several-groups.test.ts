/** Two groups of three people: Alice is in both, Bob in one, Cara in the other. */
import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../shared/base/clock.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { createCircle } from '../../shared/membership/create.ts'
import type { GroupContext, Joining } from '../../shared/model/contexts.ts'
import { openGroup } from './group.ts'
import { startJoining } from './join-group.ts'
import { createOpenGroups, type OpenGroups } from './open-groups.ts'
import { removeGroup } from './remove-group.ts'
import { createRoomShares } from './share-rooms.ts'
import { storeCircle } from './store-circle.ts'
import { sortGroups } from './stored-circles.ts'
import { type Computer, createWorld, notCounted, type World } from './testing.ts'

// Argon2id runs in a worker and takes its time; what a code is stretched with is none of these tests' business.
vi.mock('./code-stretching.ts', () => ({
  argon2idForCodes: ({ password }: { password: Uint8Array }) => Promise.resolve(hash('a test’s stretching', password)),
}))

const WAIT = { timeout: 20_000, interval: 20 }
const TEST = 90_000

interface Person extends Computer {
  groups: OpenGroups
}

let world: World
let people: Person[] = []
afterEach(async () => {
  for (const { groups } of people) await groups.closeAll()
  people = []
  await world.close()
})

function groupsOf(computer: Computer): OpenGroups {
  const shares = createRoomShares({ transports: computer.carriers.transports })
  return createOpenGroups({
    shares,
    openGroup: (stored, transports) =>
      openGroup({
        stored,
        secrets: computer.secrets,
        name: computer.name,
        store: computer.store,
        carriers: { transports, looking: computer.carriers.looking },
        clock: systemClock,
        signer: world.signer,
        openChannel: computer.openChannel,
        log: (line) => computer.log.push(line),
      }),
  })
}

async function start(...names: readonly string[]): Promise<readonly Person[]> {
  world = await createWorld([])
  for (const name of names) {
    const computer = await world.add(name)
    people.push(Object.assign(computer, { groups: groupsOf(computer) }))
  }
  return people
}

async function found(founder: Person, circleName: string): Promise<CircleId> {
  const { circle, records } = await createCircle({
    secrets: founder.secrets,
    kind: 'group',
    circleName,
    founderName: founder.name,
    now: systemClock.now(),
    signer: world.signer,
  })
  await storeCircle(founder.store, circle, { kind: 'group' }, records)
  await founder.groups.open({ group: circle, circles: [], notUnderstood: [], unreadable: 0 })
  return circle
}

function contextOf({ groups, person }: Person, group: CircleId): GroupContext {
  const held = groups.of(group)
  if (held === undefined) throw new Error(`${person} has no such group open`)
  return held.group.context
}

const begin = (one: Person, code: string): Joining =>
  startJoining({
    code,
    name: one.name,
    secrets: one.secrets,
    store: one.store,
    carriers: one.carriers,
    openChannel: one.openChannel,
    meter: notCounted,
    signer: world.signer,
    groups: one.groups.all().map(({ stored, group }) => ({ stored, standing: group.context.circle.standing })),
    log: (line) => one.log.push(line),
    async onJoined(stored, me) {
      if (me !== undefined) Object.assign(one, me)
      await one.groups.open(stored)
    },
  })

async function compare(
  one: Joining,
  inviting: { readonly state: { get(): { step: string } }; confirmWords(same: boolean): Promise<void> },
) {
  await vi.waitFor(() => expect(one.state.get().step).toBe('compare-words'), WAIT)
  await vi.waitFor(() => expect(inviting.state.get().step).toBe('compare-words'), WAIT)
  await one.confirmWords(true)
  await inviting.confirmWords(true)
  await vi.waitFor(() => expect(['done', 'stopped']).toContain(one.state.get().step), WAIT)
}

async function letIn(inviter: Person, group: CircleId, newcomer: Person): Promise<Joining> {
  const invited = await contextOf(inviter, group).invite({ daysValid: 1, role: 'organiser', history: 'all' })
  if (!invited.ok) throw new Error(invited.error)
  const joining = begin(newcomer, invited.value.code)
  await compare(joining, invited.value)
  expect(joining.state.get()).toEqual({ step: 'done', newcomer: 'person', group })
  return joining
}

async function addComputer(owner: Person, group: CircleId, computer: Person): Promise<Joining> {
  const adding = await contextOf(owner, group).addComputer()
  if (!adding.ok) throw new Error(adding.error)
  const joining = begin(computer, adding.value.code)
  await compare(joining, adding.value)
  return joining
}

const write = (group: GroupContext, text: string): void => void group.circle.records.getMap('test').set('text', text)
const reads = (group: GroupContext, text: string): Promise<void> =>
  vi.waitFor(() => expect(group.circle.records.getMap('test').get('text')).toBe(text), WAIT)
const marks = ({ groups }: Person) =>
  groups.live
    .get()
    .map(({ name, isShown, attention }) => `${isShown ? '> ' : ''}${name}${attention ? `: ${attention}` : ''}`)

/** Riverside: Alice and Bob. Choir: Cara and Alice. Alice sees Riverside. */
async function twoGroups() {
  const [alice, bob, cara] = (await start('alice', 'bob', 'cara')) as [Person, Person, Person]
  const riverside = await found(alice, 'Riverside')
  const choir = await found(cara, 'Choir')
  await letIn(alice, riverside, bob)
  await letIn(cara, choir, alice)
  return { alice, bob, cara, riverside, choir }
}

test(
  'every group goes on, whichever is on the screen, and what waits in another is said there',
  async () => {
    const { alice, bob, cara, riverside, choir } = await twoGroups()
    expect(marks(alice)).toEqual(['Choir', '> Riverside'])
    write(contextOf(bob, riverside), 'tea at two')
    write(contextOf(cara, choir), 'sing at four')
    await reads(contextOf(alice, riverside), 'tea at two')
    await reads(contextOf(alice, choir), 'sing at four')
    // The same person in both, and neither group hears of the other.
    expect(contextOf(alice, riverside).circle.me).toBe(contextOf(alice, choir).circle.me)
    expect(sortGroups(await bob.store.listCircles(), 0).map(({ group }) => group)).toEqual([riverside])
    expect(sortGroups(await cara.store.listCircles(), 0).map(({ group }) => group)).toEqual([choir])

    const made = await contextOf(cara, choir).createCircle({
      name: 'Altos',
      people: [{ person: alice.secrets.member, role: 'member' }],
    })
    expect(made).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(marks(alice)).toEqual(['Choir: put-in-circle', '> Riverside']), WAIT)
    alice.groups.show(choir)
    expect(marks(alice)).toEqual(['> Choir', 'Riverside'])

    // Somebody stands before the door of the group that is not on the screen.
    const invited = await contextOf(alice, riverside).invite({ daysValid: 1, role: 'member', history: 'all' })
    if (!invited.ok) throw new Error(invited.error)
    const joining = begin(cara, invited.value.code)
    await vi.waitFor(() => expect(marks(alice)).toEqual(['> Choir', 'Riverside: somebody-waits']), WAIT)
    await compare(joining, invited.value)
    expect(marks(cara)).toEqual(['> Choir', 'Riverside'])
    await reads(contextOf(cara, riverside), 'tea at two')
    expect(contextOf(cara, riverside).circles.get()).toEqual([])
  },
  TEST,
)

test(
  'a group is taken off a computer only after leaving it; nothing of it stays, and the rest goes on',
  async () => {
    const { alice, bob, cara, riverside, choir } = await twoGroups()
    const made = await contextOf(cara, choir).createCircle({
      name: 'Altos',
      people: [{ person: alice.secrets.member, role: 'member' }],
    })
    if (!made.ok) throw new Error(made.error)
    await vi.waitFor(() => expect(contextOf(alice, choir).circles.get()).toHaveLength(1), WAIT)
    alice.groups.show(choir)
    write(contextOf(alice, choir), 'from Alice')
    await reads(contextOf(cara, choir), 'from Alice')
    const log = (line: string): void => void alice.log.push(line)
    expect(await removeGroup(alice, choir, log)).toMatchObject({ ok: false, error: 'still-in-it' })
    expect(marks(alice)).toEqual(['> Choir', 'Riverside'])

    const left = contextOf(alice, choir)
    expect(await left.circle.manage.leave()).toMatchObject({ ok: true })
    const singers = (): readonly string[] =>
      contextOf(cara, choir)
        .circle.people.get()
        .map(({ name }) => name)
    await vi.waitFor(() => expect(singers()).toEqual(['cara']), WAIT)
    expect(await removeGroup(alice, choir, log)).toMatchObject({ ok: true })
    expect(marks(alice)).toEqual(['> Riverside'])
    expect((await alice.store.listCircles()).map(({ circle }) => circle)).toEqual([riverside])
    for (const circle of [choir, made.value]) {
      expect(await alice.store.circle(circle).records()).toEqual([])
      expect(await alice.store.circle(circle).index()).toEqual([])
    }
    await expect(left.circle.local.set('last-route', new Uint8Array(1))).rejects.toThrow('was removed')

    write(contextOf(bob, riverside), 'still here')
    await reads(contextOf(alice, riverside), 'still here')
    // Let in again, on the same computer, as after a first time.
    write(contextOf(cara, choir), 'welcome back')
    await letIn(cara, choir, alice)
    // At once, before anything of her own log has come back: it must not be begun a second time.
    contextOf(alice, choir).circle.records.getMap('test').set('again', 'thank you')
    await contextOf(alice, choir).circle.manage.rename('Choir of Tuesdays')
    await reads(contextOf(alice, choir), 'welcome back')
    await vi.waitFor(
      () => expect(contextOf(cara, choir).circle.records.getMap('test').get('again')).toBe('thank you'),
      WAIT,
    )
    expect(contextOf(alice, choir).circle.standing.get()).toEqual({ state: 'member' })
    for (const one of [alice, cara])
      expect(
        contextOf(one, choir)
          .circle.notices.get()
          .filter(({ notice }) => notice === 'fork'),
      ).toEqual([])
  },
  TEST,
)

test(
  'the last group is not taken off where something stored cannot be read: it may be anybody’s',
  async () => {
    const [alice] = (await start('alice')) as [Person]
    const group = await found(alice, 'Riverside')
    await alice.store.putCircle({ circle: 'f'.repeat(32) as CircleId, bytes: Uint8Array.of(9, 1) })
    const [stored] = sortGroups(await alice.store.listCircles(), 0)
    await alice.groups.open(stored!)
    expect(await contextOf(alice, group).circle.manage.leave()).toMatchObject({ ok: true })
    expect(await removeGroup(alice, group, () => undefined)).toMatchObject({ ok: false, error: 'not-all-opens' })
    expect(marks(alice)).toEqual(['> Riverside'])
    expect(await alice.store.listCircles()).toHaveLength(2)
  },
  TEST,
)

test(
  'another computer of mine gets each of my groups by a code of its own, and nobody else’s',
  async () => {
    const { alice, cara, riverside, choir } = await twoGroups()
    const laptop = Object.assign(await world.add('laptop'), { groups: undefined as unknown as OpenGroups })
    laptop.groups = groupsOf(laptop)
    people.push(laptop)
    expect((await addComputer(alice, riverside, laptop)).state.get()).toMatchObject({ newcomer: 'computer' })
    const { device } = laptop.secrets
    expect(laptop.secrets.member).toBe(alice.secrets.member)

    expect((await addComputer(alice, choir, laptop)).state.get()).toEqual({
      step: 'done',
      newcomer: 'computer',
      group: choir,
    })
    // One computer, whatever the group: its keys are the same in all.
    expect(laptop.secrets.device).toBe(device)
    expect(marks(laptop)).toEqual(['Choir', '> Riverside'])
    write(contextOf(laptop, choir), 'from the laptop')
    await reads(contextOf(cara, choir), 'from the laptop')
    expect(contextOf(cara, choir).circle.people.get()).toHaveLength(2)
    await laptop.groups.closeAll()
    const again = sortGroups(await laptop.store.listCircles(), 0)
    expect(again.map(({ group }) => group).toSorted()).toEqual([riverside, choir].toSorted())
    for (const stored of again) await laptop.groups.open(stored)
    expect(marks(laptop)).toHaveLength(2)
    await reads(contextOf(laptop, choir), 'from the laptop')

    const adding = await contextOf(cara, choir).addComputer()
    if (!adding.ok) throw new Error(adding.error)
    const joining = begin(laptop, adding.value.code)
    await vi.waitFor(() => expect(joining.state.get()).toEqual({ step: 'stopped', reason: 'already-in-a-group' }), WAIT)
  },
  TEST,
)

test(
  'a code for a group that this computer is in is refused by name, and stays good',
  async () => {
    const { alice, bob, cara, riverside } = await twoGroups()
    const invited = await contextOf(alice, riverside).invite({ daysValid: 1, role: 'member', history: 'all' })
    if (!invited.ok) throw new Error(invited.error)
    const joining = begin(bob, invited.value.code)
    await vi.waitFor(
      () => expect(joining.state.get()).toEqual({ step: 'stopped', reason: 'already-in-this-group' }),
      WAIT,
    )
    expect(contextOf(alice, riverside).invitations.get()[0]?.state).toBe('open')
    await vi.waitFor(() => expect(invited.value.state.get().step).not.toBe('compare-words'), WAIT)
    const again = await contextOf(alice, riverside).resumeInvitation(invited.value.id)
    if (!again.ok) throw new Error(again.error)
    const theirs = begin(cara, invited.value.code)
    await compare(theirs, again.value)
    expect(theirs.state.get()).toMatchObject({ step: 'done', group: riverside })
  },
  TEST,
)
