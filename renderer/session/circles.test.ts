import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import { newDocumentId } from '../../shared/base/ids.ts'
import { hash } from '../../shared/crypto/hash.ts'
import type { CircleContext, Joining } from '../../shared/model/contexts.ts'
import { encodeCircleNote } from './circle-note.ts'
import { startJoining } from './join-group.ts'
import { sortGroups, type StoredCircles } from './stored-circles.ts'
import { circleOf, type Computer, createWorld, notCounted, type World } from './testing.ts'

// Argon2id runs in a worker and takes its time; what a code is stretched with is none of these tests' business.
vi.mock('./code-stretching.ts', () => ({
  argon2idForCodes: ({ password }: { password: Uint8Array }) => Promise.resolve(hash('a test’s stretching', password)),
}))

const WAIT = { timeout: 15_000, interval: 20 }
const TEST = 60_000
let world: World

afterEach(async () => world.close())

const start = async (...names: string[]): Promise<readonly Computer[]> => {
  world = await createWorld(names)
  return world.computers
}

const idOf = (computer: Computer, name: string) => {
  const person = computer.group.context.circle.people.get().find((each) => each.name === name)
  if (person === undefined) throw new Error(`${name} is not in the group`)
  return person.id
}

async function found(computer: Computer, name: string, people: readonly string[]): Promise<CircleId> {
  const created = await computer.group.context.createCircle({
    name,
    people: people.map((person) => ({ person: idOf(computer, person), role: 'member' as const })),
  })
  if (!created.ok) throw new Error(created.error)
  return created.value
}

const appears = (computer: Computer, circle: CircleId): Promise<CircleContext> =>
  vi.waitFor(() => circleOf(computer, circle), WAIT)

const write = (context: CircleContext, key: string, text: string): void =>
  void context.records.getMap('test').set(key, text)

const reads = (context: CircleContext, key: string, text: string): Promise<void> =>
  vi.waitFor(() => expect(context.records.getMap('test').get(key)).toBe(text), WAIT)

const namesIn = (context: CircleContext): readonly string[] => context.people.get().map(({ name }) => name)

test(
  'who is put into a circle gets it, with its papers; who is not hears nothing of it',
  async () => {
    const [alice, bob, cara] = await start('alice', 'bob', 'cara')
    const planning = await found(alice!, 'Planning', ['bob'])
    write(circleOf(alice!, planning), 'minutes', 'tea at two')
    const atBob = await appears(bob!, planning)
    await reads(atBob, 'minutes', 'tea at two')
    expect(namesIn(atBob)).toEqual(['alice', 'bob'])
    expect(atBob.scope).toBe('circle')
    expect(atBob.name.get()).toBe('Planning')

    write(atBob, 'answer', 'with biscuits')
    await reads(circleOf(alice!, planning), 'answer', 'with biscuits')
    // What went through the group meanwhile has reached Cara; nothing of the circle has.
    write(alice!.group.context.circle, 'all', 'hello all')
    await reads(cara!.group.context.circle, 'all', 'hello all')
    expect(cara!.group.context.circles.get()).toEqual([])
    expect(await cara!.store.listCircles()).toHaveLength(1)
    expect(await cara!.store.circle(planning).records()).toEqual([])
  },
  TEST,
)

test(
  'an arrival is told of until it was seen, over a restart too',
  async () => {
    const [alice, bob] = await start('alice', 'bob')
    const planning = await found(alice!, 'Planning', ['bob'])
    await appears(bob!, planning)
    await vi.waitFor(() => expect(bob!.group.context.arrivals.get()).toEqual([{ circle: planning, by: 'alice' }]), WAIT)
    await bob!.restart()
    expect(bob!.group.context.arrivals.get()).toEqual([{ circle: planning, by: 'alice' }])
    await bob!.group.context.acknowledgeArrival(planning)
    expect(bob!.group.context.arrivals.get()).toEqual([])
    await bob!.restart()
    expect(bob!.group.context.arrivals.get()).toEqual([])
    expect(circleOf(bob!, planning).name.get()).toBe('Planning')
    expect(alice!.group.context.arrivals.get()).toEqual([])
  },
  TEST,
)

test(
  'candidates, adding, roles, closing, and leaving',
  async () => {
    const [alice, bob, cara] = await start('alice', 'bob', 'cara')
    const planning = await found(alice!, 'Planning', ['bob'])
    const atAlice = circleOf(alice!, planning)
    const atBob = await appears(bob!, planning)
    expect(atAlice.manage.mayManage.get()).toBe(true)
    expect(atBob.manage.mayManage.get()).toBe(false)
    expect(await atBob.manage.rename('Mine')).toMatchObject({ ok: false, error: 'not-allowed' })
    expect(atAlice.manage.candidates.get().map(({ name }) => name)).toEqual(['cara'])
    expect(alice!.group.context.circle.manage.candidates.get()).toEqual([])
    expect(await atAlice.manage.setRole(atAlice.me, 'member')).toMatchObject({ ok: false, error: 'not-allowed' })
    expect(await atAlice.manage.changeKeys()).toMatchObject({ ok: true })

    const added = await atAlice.manage.add({ person: idOf(alice!, 'cara'), role: 'organiser', history: 'all' })
    expect(added).toMatchObject({ ok: true })
    const atCara = await appears(cara!, planning)
    expect(atAlice.manage.candidates.get()).toEqual([])
    expect(atCara.manage.mayManage.get()).toBe(true)

    expect(await atCara.manage.rename('Plans and teas')).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(atBob.name.get()).toBe('Plans and teas'), WAIT)
    expect(await atCara.manage.setClosed(true)).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(atBob.standing.get()).toEqual({ state: 'closed' }), WAIT)
    expect(await atAlice.manage.setClosed(false)).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(atBob.standing.get()).toEqual({ state: 'member' }), WAIT)

    expect(await atBob.manage.leave()).toMatchObject({ ok: true })
    expect(atBob.standing.get()).toEqual({ state: 'left' })
    await vi.waitFor(() => expect(namesIn(atAlice)).toEqual(['alice', 'cara']), WAIT)
    const [departure] = atAlice.departures.get()
    expect(departure).toMatchObject({ person: { name: 'bob', isMe: false }, setAside: 0 })
    expect(departure?.by).toBeUndefined()
    expect(departure?.computer).toBeUndefined()
  },
  TEST,
)

test(
  'whoever is taken out of the group is taken out of its circles by their organisers, and reads nothing written later',
  async () => {
    const [alice, bob, cara] = await start('alice', 'bob', 'cara')
    // Alice is not in it: Bob's computer has to do it.
    const safety = await found(bob!, 'Safety', ['cara'])
    const atCara = await appears(cara!, safety)
    const atBob = circleOf(bob!, safety)
    write(atBob, 'before', 'kettle')
    await reads(atCara, 'before', 'kettle')

    expect(await alice!.group.context.circle.manage.remove(idOf(alice!, 'cara'))).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(namesIn(atBob)).toEqual(['bob']), WAIT)
    expect(atBob.departures.get()).toMatchObject([{ person: { name: 'cara' }, by: { name: 'bob', isMe: true } }])
    await vi.waitFor(() => expect(namesIn(bob!.group.context.circle)).toEqual(['alice', 'bob']), WAIT)
    write(atBob, 'after', 'teapot')
    await bob!.group.flush()

    await vi.waitFor(
      () =>
        expect(cara!.group.context.circle.standing.get()).toEqual({
          state: 'removed',
          by: 'alice',
          computerOnly: false,
        }),
      WAIT,
    )
    expect(atCara.standing.get()).toMatchObject({ state: 'removed', computerOnly: false })
    expect(atCara.manage.mayManage.get()).toBe(false)
    await cara!.restart()
    const again = circleOf(cara!, safety)
    expect(again.records.getMap('test').get('before')).toBe('kettle')
    expect(again.records.getMap('test').get('after')).toBeUndefined()
    expect(bob!.group.context.sync.get().people.map(({ person }) => person.name)).toEqual(['alice'])
  },
  TEST,
)

const begin = (computer: Computer, code: string, stored?: StoredCircles): Joining =>
  startJoining({
    code,
    name: computer.name,
    secrets: computer.secrets,
    store: computer.store,
    carriers: computer.carriers,
    openChannel: computer.openChannel,
    meter: notCounted,
    signer: world.signer,
    groups: stored === undefined ? [] : [{ stored, standing: computer.group.context.circle.standing }],
    log: (line) => computer.log.push(line),
    async onJoined(_stored, me) {
      if (me !== undefined) Object.assign(computer, me)
      await computer.opened?.close()
      await computer.open()
    },
  })

test(
  'another computer of one person gets every circle, those that come later too; a lost one is taken out everywhere',
  async () => {
    const [alice, bob] = await start('alice', 'bob')
    const planning = await found(alice!, 'Planning', ['bob'])
    write(circleOf(alice!, planning), 'minutes', 'tea at two')
    const laptop = await addComputer(alice!)
    expect(laptop.secrets.member).toBe(alice!.secrets.member)
    expect(laptop.name).toBe('alice')

    const there = await appears(laptop, planning)
    await reads(there, 'minutes', 'tea at two')
    expect(namesIn(there)).toEqual(['alice', 'bob'])
    expect(there.people.get().find(({ isMe }) => isMe)?.computers).toHaveLength(2)
    expect(laptop.group.context.arrivals.get()).toEqual([])

    expect(await laptop.group.context.nameThisComputer('the old laptop')).toMatchObject({ ok: true })
    const computersAtBob = (): readonly string[] | undefined =>
      circleOf(bob!, planning)
        .people.get()
        .find(({ name }) => name === 'alice')
        ?.computers.map(({ name }) => name)
        .toSorted()
    await vi.waitFor(() => expect(computersAtBob()).toEqual(['', 'the old laptop']), WAIT)

    const tea = await found(bob!, 'Tea', ['alice'])
    await appears(alice!, tea)
    await appears(laptop, tea)
    await laptop.restart()
    expect(laptop.group.context.circles.get().map(({ name }) => name.get())).toEqual(['Planning', 'Tea'])

    expect(await alice!.group.context.circle.manage.removeComputer(laptop.secrets.device)).toMatchObject({ ok: true })
    await vi.waitFor(
      () =>
        expect(laptop.group.context.circle.standing.get()).toEqual({
          state: 'removed',
          by: 'alice',
          computerOnly: true,
        }),
      WAIT,
    )
    await vi.waitFor(
      () =>
        expect(circleOf(bob!, planning).departures.get()).toMatchObject([
          { person: { name: 'alice' }, computer: { name: 'the old laptop', isThis: false } },
        ]),
      WAIT,
    )
    expect(circleOf(bob!, planning).departures.get()[0]?.by).toBeUndefined()
  },
  TEST,
)

test(
  'somebody who was taken out of a circle and is put in again hears of it, and reads what is written then',
  async () => {
    const [alice, bob] = await start('alice', 'bob')
    const planning = await found(alice!, 'Planning', ['bob'])
    const atAlice = circleOf(alice!, planning)
    const atBob = await appears(bob!, planning)
    await vi.waitFor(() => expect(bob!.group.context.arrivals.get()).toHaveLength(1), WAIT)
    await bob!.group.context.acknowledgeArrival(planning)
    const id = idOf(alice!, 'bob')
    expect(await atAlice.manage.remove(id)).toMatchObject({ ok: true })
    await vi.waitFor(
      () => expect(atBob.standing.get()).toEqual({ state: 'removed', by: 'alice', computerOnly: false }),
      WAIT,
    )
    // Of the circle alone: in the group nothing has changed for him.
    expect(bob!.group.context.circle.standing.get()).toEqual({ state: 'member' })
    write(atAlice, 'meanwhile', 'a secret')
    await alice!.group.flush()
    expect(await atAlice.manage.add({ person: id, role: 'member', history: 'all' })).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(atBob.standing.get()).toEqual({ state: 'member' }), WAIT)
    await vi.waitFor(() => expect(bob!.group.context.arrivals.get()).toEqual([{ circle: planning, by: 'alice' }]), WAIT)
    write(atAlice, 'again', 'welcome back')
    await reads(atBob, 'again', 'welcome back')
    await reads(atBob, 'meanwhile', 'a secret')
    write(atBob, 'thanks', 'thank you')
    await reads(atAlice, 'thanks', 'thank you')
  },
  TEST,
)

/** The way of the screens: a code, the same words on both, and the new computer is in. */
async function addComputer(
  owner: Computer,
  prepare: (computer: Computer) => void = () => undefined,
): Promise<Computer> {
  const computer = await world.add('a name given at set-up')
  prepare(computer)
  const before = computer.secrets.device
  const adding = await owner.group.context.addComputer()
  if (!adding.ok) throw new Error(adding.error)
  expect(adding.value).toMatchObject({ newcomer: 'computer', expiresAt: 0 })
  const joining = begin(computer, adding.value.code)
  await vi.waitFor(() => expect(joining.state.get().step).toBe('compare-words'), WAIT)
  await vi.waitFor(() => expect(adding.value.state.get().step).toBe('compare-words'), WAIT)
  expect(joining.state.get()).toMatchObject({ newcomer: 'computer', inviterName: owner.name })
  await joining.confirmWords(true)
  await adding.value.confirmWords(true)
  await vi.waitFor(() => expect(joining.state.get().step).toBe('done'), WAIT)
  expect(computer.secrets.device).not.toBe(before)
  expect(computer.secrets.member).toBe(owner.secrets.member)
  expect(computer.name).toBe(owner.name)
  return computer
}

test(
  'a computer that its owner added while an organiser was away is added to that organiser’s circle by its owner',
  async () => {
    const [alice, bob] = await start('alice', 'bob')
    world.network.setReachable(alice!.place, bob!.place, false)
    const laptop = await addComputer(alice!, ({ place }) => world.network.setReachable(place, bob!.place, false))
    expect(await laptop.group.context.nameThisComputer('laptop')).toMatchObject({ ok: true })

    const tea = await found(bob!, 'Tea', ['alice'])
    const devices = (): number | undefined =>
      circleOf(bob!, tea)
        .people.get()
        .find(({ name }) => name === 'alice')?.computers.length
    expect(devices()).toBe(1)
    world.network.setReachable(alice!.place, bob!.place, true)
    await appears(alice!, tea)
    await appears(laptop, tea)
    await vi.waitFor(() => expect(devices()).toBe(2), WAIT)
    write(circleOf(bob!, tea), 'cups', 'twelve')
    await reads(circleOf(laptop, tea), 'cups', 'twelve')
    await vi.waitFor(
      () =>
        expect(
          circleOf(bob!, tea)
            .people.get()
            .find(({ name }) => name === 'alice')
            ?.computers.map(({ name }) => name)
            .toSorted(),
        ).toEqual(['', 'laptop']),
      WAIT,
    )
  },
  TEST,
)

test(
  'whoever leaves the group leaves its circles first, and keeps what they had',
  async () => {
    const [alice, bob] = await start('alice', 'bob')
    const planning = await found(alice!, 'Planning', ['bob'])
    const atBob = await appears(bob!, planning)
    write(atBob, 'mine', 'from Bob')
    await reads(circleOf(alice!, planning), 'mine', 'from Bob')
    expect(await bob!.group.context.circle.manage.leave()).toMatchObject({ ok: true })
    expect(bob!.group.context.circle.standing.get()).toEqual({ state: 'left' })
    expect(atBob.standing.get()).toEqual({ state: 'left' })
    await vi.waitFor(() => expect(namesIn(alice!.group.context.circle)).toEqual(['alice']), WAIT)
    await vi.waitFor(() => expect(namesIn(circleOf(alice!, planning))).toEqual(['alice']), WAIT)
    expect(circleOf(alice!, planning).records.getMap('test').get('mine')).toBe('from Bob')
    await bob!.restart()
    expect(circleOf(bob!, planning).records.getMap('test').get('mine')).toBe('from Bob')
    expect(await bob!.group.context.circle.manage.rename('Mine now')).toMatchObject({ ok: false })
    expect(await bob!.group.context.addComputer()).toMatchObject({ ok: false, error: 'not-allowed' })
  },
  TEST,
)

const storedAt = async ({ store }: Computer): Promise<StoredCircles | undefined> =>
  sortGroups(await store.listCircles(), 0)[0]

test(
  'who was taken out of the group can be let in again on the same computer, with what they had',
  async () => {
    const [alice, bob] = await start('alice', 'bob')
    const planning = await found(alice!, 'Planning', ['bob'])
    write(await appears(bob!, planning), 'mine', 'from Bob')
    await reads(circleOf(alice!, planning), 'mine', 'from Bob')
    const group = alice!.group.context
    expect(await group.circle.manage.remove(idOf(alice!, 'bob'))).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(bob!.group.context.circle.standing.get().state).toBe('removed'), WAIT)

    const letIn = async (stored: StoredCircles | undefined): Promise<Joining> => {
      const invited = await group.invite({ daysValid: 1, role: 'member', history: 'all' })
      if (!invited.ok) throw new Error(invited.error)
      const joining = begin(bob!, invited.value.code, stored)
      await vi.waitFor(() => expect(joining.state.get().step).toBe('compare-words'), WAIT)
      await vi.waitFor(() => expect(invited.value.state.get().step).toBe('compare-words'), WAIT)
      await joining.confirmWords(true)
      await invited.value.confirmWords(true)
      await vi.waitFor(() => expect(['done', 'stopped']).toContain(joining.state.get().step), WAIT)
      return joining
    }
    expect((await letIn(await storedAt(bob!))).state.get()).toMatchObject({ step: 'done', newcomer: 'person' })
    expect(bob!.group.context.circle.standing.get()).toEqual({ state: 'member' })
    write(group.circle, 'all', 'Bob is back')
    await reads(bob!.group.context.circle, 'all', 'Bob is back')
    // In the circle he is only when its organisers put him in again.
    expect(circleOf(bob!, planning).records.getMap('test').get('mine')).toBe('from Bob')
    const added = await circleOf(alice!, planning).manage.add({
      person: idOf(alice!, 'bob'),
      role: 'member',
      history: 'all',
    })
    expect(added).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(circleOf(bob!, planning).standing.get()).toEqual({ state: 'member' }), WAIT)
  },
  TEST,
)

test(
  'an invitation says its role, and whether the newcomer may read what was written before',
  async () => {
    const [alice] = await start('alice')
    const invited = await alice!.group.context.invite({ daysValid: 2, role: 'member', history: 'from-now' })
    expect(invited).toMatchObject({ ok: true, value: { newcomer: 'person' } })
    expect(alice!.group.context.invitations.get()).toMatchObject([
      { role: 'member', history: 'from-now', state: 'open', invitedBy: 'alice' },
    ])
    await alice!.restart()
    const [kept] = alice!.group.context.invitations.get()
    expect(await alice!.group.context.resumeInvitation(kept!.id)).toMatchObject({ ok: true })
  },
  TEST,
)

test(
  'a computer that is in a group already does not become another one of somebody’s',
  async () => {
    const [alice, bob] = await start('alice', 'bob')
    const adding = await alice!.group.context.addComputer()
    if (!adding.ok) throw new Error(adding.error)
    const joining = begin(bob!, adding.value.code, await storedAt(bob!))
    await vi.waitFor(() => expect(joining.state.get()).toEqual({ step: 'stopped', reason: 'already-in-a-group' }), WAIT)
  },
  TEST,
)

test(
  'a circle that does not open keeps none of the others from it, is told of, and is left as it is',
  async () => {
    const [alice] = await start('alice', 'bob')
    const planning = await found(alice!, 'Planning', ['bob'])
    const { circle: group } = { circle: alice!.group.context.circle.id }
    const empty = 'e'.repeat(32) as CircleId
    const newer = 'f'.repeat(32) as CircleId
    await alice!.store.putCircle({ circle: empty, bytes: encodeCircleNote({ kind: 'circle', group }) })
    await alice!.store.putCircle({ circle: newer, bytes: utf8('\u0009 from a newer version') })
    await alice!.restart()
    expect(alice!.group.context.circles.get().map(({ id }) => id)).toEqual([planning])
    expect(alice!.group.context.circle.notices.get()).toContainEqual({ notice: 'circles-unopened', count: 2 })
    expect(await alice!.store.listCircles()).toHaveLength(4)
  },
  TEST,
)

test(
  'what others lack is counted over all circles, and nobody has what they were never heard of',
  async () => {
    const [alice, bob] = await start('alice', 'bob')
    const planning = await found(alice!, 'Planning', ['bob'])
    await appears(bob!, planning)
    write(circleOf(alice!, planning), 'minutes', 'tea at two')
    await reads(circleOf(bob!, planning), 'minutes', 'tea at two')
    await vi.waitFor(
      () =>
        expect(alice!.group.context.sync.get()).toMatchObject({
          save: { state: 'saved' },
          people: [{ person: { name: 'bob' }, connected: true, theyLack: 0, weLack: 0 }],
        }),
      WAIT,
    )
    await bob!.opened?.close()
    bob!.opened = undefined
    await vi.waitFor(() => expect(alice!.group.context.sync.get().people[0]?.connected).toBe(false), WAIT)
    write(circleOf(alice!, planning), 'more', 'biscuits')
    const paper = await circleOf(alice!, planning).open(newDocumentId())
    paper.doc.getText('t').insert(0, 'words')
    await alice!.group.flush()
    paper.release()
    await vi.waitFor(() => expect(alice!.group.context.sync.get().people[0]?.theyLack).toBe(2), WAIT)
  },
  TEST,
)
