import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { randomBytes } from '../../shared/base/bytes.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { addMember } from '../../shared/membership/add-member.ts'
import { createCircle } from '../../shared/membership/create.ts'
import { createDeviceSecrets } from '../../shared/membership/identity.ts'
import { openMembership, openReceived } from '../../shared/membership/open.ts'
import { memoryRecordStore, setUp, type Actor } from '../../shared/membership/testing.ts'
import type { DeviceSecrets, Membership } from '../../shared/membership/state.ts'
import { openStore } from '../store/store.ts'
import type { OpenCircles } from './open-circles.ts'
import { checkWelcome, receiveWelcomes, type Welcome } from './receive-welcome.ts'

const otherGroup = 'd'.repeat(32) as CircleId

/** A circle that `founder` made and put `whom` into. */
async function circleBy(
  founder: DeviceSecrets,
  group: CircleId | undefined,
  whom: DeviceSecrets | undefined,
): Promise<Welcome> {
  const { signer } = await setting
  const about = { secrets: founder, circleName: 'Planning', founderName: 'somebody', now: 1_000, signer }
  const made =
    group === undefined
      ? await createCircle({ ...about, kind: 'group' })
      : await createCircle({ ...about, kind: 'circle', group })
  const store = memoryRecordStore(made.records)
  const membership = await openMembership({ circle: made.circle, secrets: founder, store, signer })
  if (whom !== undefined) {
    const certificates = [whom.certificate]
    await addMember(membership, { name: 'bob', role: 'member', history: 'all', certificates, now: 2_000 })
  }
  return { circle: made.circle, records: membership.recordsOf(membership.hashes()) }
}

const setting = setUp(['alice', 'bob'])
const people = async (): Promise<{ alice: Actor; bob: Actor }> => {
  const [alice, bob] = (await setting).actors
  return { alice, bob }
}

const check = async (welcome: Welcome) => {
  const { signer } = await setting
  const { bob } = await people()
  return checkWelcome(bob.membership, signer, welcome)
}

test('a circle of this group in which this computer is, is believed, and who put it in is known', async () => {
  const { alice, bob } = await people()
  const welcome = await circleBy(alice.secrets, alice.membership.circle, bob.secrets)
  const checked = await check(welcome)
  expect(checked).toMatchObject({ ok: true, value: { by: alice.secrets.member } })
  // Whatever order they came in, and with one bent.
  const [first] = welcome.records
  const bent = first!.slice()
  bent[bent.length - 1]! ^= 1
  const shuffled = { ...welcome, records: [bent, ...welcome.records.toReversed()] }
  expect(await check(shuffled)).toMatchObject({ ok: true, value: { by: alice.secrets.member } })
})

test('a circle that one made oneself, on another computer, is nobody’s doing', async () => {
  const { bob } = await people()
  expect(await check(await circleBy(bob.secrets, bob.membership.circle, undefined))).toEqual({
    ok: true,
    value: { records: expect.anything() as unknown, founder: bob.secrets.member, by: undefined },
  })
})

test('what is not a circle of this group, or not one with this computer in it, is refused by name', async () => {
  const { alice, bob } = await people()
  const group = alice.membership.circle
  const { signer } = await setting
  const stranger = await createDeviceSecrets(signer)
  const problemOf = async (welcome: Welcome) => {
    const checked = await check(welcome)
    return checked.ok ? 'none' : checked.error
  }
  expect(await problemOf(await circleBy(alice.secrets, otherGroup, bob.secrets))).toBe('of-another-group')
  expect(await problemOf(await circleBy(bob.secrets, undefined, undefined))).toBe('of-another-group')
  expect(await problemOf(await circleBy(alice.secrets, group, undefined))).toBe('not-in-it')
  expect(await problemOf(await circleBy(stranger, group, bob.secrets))).toBe('founder-unknown')
  const good = await circleBy(alice.secrets, group, bob.secrets)
  expect(await problemOf({ ...good, circle: 'c'.repeat(32) as CircleId })).toBe('not-a-circle')
  expect(await problemOf({ ...good, records: [] })).toBe('not-a-circle')
})

/** Circles that are only remembered, so that this is about what is let through. */
function remembered(stored: readonly CircleId[], held: readonly Membership[] = []) {
  const opened: CircleId[] = []
  const circles: Pick<OpenCircles, 'held' | 'isStored' | 'open'> = {
    held: () =>
      held.map((membership) => ({ membership, context: { id: 'none' } })) as unknown as ReturnType<OpenCircles['held']>,
    isStored: (circle) => stored.includes(circle),
    open(circle) {
      opened.push(circle)
      return Promise.resolve(undefined)
    },
  }
  return { circles: circles as OpenCircles, opened }
}

let stores = 0
async function receiving(group: Membership, circles: OpenCircles, by?: Signer) {
  const signer = by ?? (await setting).signer
  const store = await openStore({ rootKey: randomBytes(32), name: `welcome-test-${++stores}` })
  if (!store.ok) throw new Error(store.error)
  const log: string[] = []
  const welcomes = receiveWelcomes({
    group,
    circles,
    store: store.value,
    signer,
    onArrived: () => Promise.resolve(),
    log: (line) => log.push(line),
  })
  return { welcomes, store: store.value, log }
}

test('a stored circle that does not open is not written over, and there is an end to how many there may be', async () => {
  const { alice, bob } = await people()
  const welcome = await circleBy(alice.secrets, alice.membership.circle, bob.secrets)
  const broken = remembered([welcome.circle])
  const first = await receiving(bob.membership, broken.circles)
  first.welcomes.receive(welcome)
  await vi.waitFor(() => expect(first.log).toHaveLength(1))
  expect(await first.store.listCircles()).toEqual([])
  expect(broken.opened).toEqual([])

  const own = await opened(await circleBy(bob.secrets, bob.membership.circle, undefined))
  const full = remembered([], Array<Membership>(64).fill(own))
  const second = await receiving(bob.membership, full.circles)
  second.welcomes.receive(welcome)
  await vi.waitFor(() => expect(second.log).toEqual(['a circle was refused: there are too many']))
  expect(await second.store.circle(welcome.circle).records()).toEqual([])
})

/** As Bob holds it. */
async function opened({ circle, records }: Welcome): Promise<Membership> {
  const { signer } = await setting
  const { secrets } = (await people()).bob
  const { membership } = await openReceived({ circle, secrets, signer, store: memoryRecordStore() }, records)
  return membership!
}

test('no one person fills all the room that there is for circles, and those that one is out of take none', async () => {
  const { alice, bob } = await people()
  const group = bob.membership.circle
  const welcome = await circleBy(alice.secrets, group, bob.secrets)
  const byAlice = await opened(await circleBy(alice.secrets, group, bob.secrets))
  const byBob = await opened(await circleBy(bob.secrets, group, undefined))
  const left = await opened(await circleBy(alice.secrets, group, bob.secrets))
  const target = { member: bob.secrets.member }
  await left.append({ type: 'remove', target, lastAccepted: [] })
  const times = (count: number, membership: Membership) => Array<Membership>(count).fill(membership)
  const isTaken = async (held: readonly Membership[], what = welcome): Promise<boolean> => {
    const { circles, opened: taken } = remembered([], held)
    const { welcomes, log } = await receiving(bob.membership, circles)
    await welcomes.taken(what)
    expect(log).toEqual(taken.length > 0 ? [] : ['a circle was refused: there are too many'])
    return taken.length > 0
  }
  expect(await isTaken(times(15, byAlice))).toBe(true)
  expect(await isTaken(times(16, byAlice))).toBe(false)
  expect(await isTaken([...times(15, byAlice), ...times(40, left), ...times(48, byBob)])).toBe(true)
  expect(await isTaken([...times(15, byAlice), ...times(49, byBob)])).toBe(false)
  // Putting somebody in and taking them out again comes to an end too.
  expect(await isTaken(times(64, left))).toBe(false)
  // Others have room left, oneself too.
  expect(
    await isTaken([...times(16, byAlice), ...times(20, byBob)], await circleBy(bob.secrets, group, undefined)),
  ).toBe(true)
})

test('what nobody known began is kept without looking at a signature, however often the group changes', async () => {
  const { signer: real, actors } = await setUp(['alice', 'bob', 'cara'])
  const [alice, bob, cara] = actors
  const first = bob.membership.recordsOf(bob.membership.hashes()).slice(0, 3)
  const early = memoryRecordStore([...bob.store.kept.values()].filter(({ bytes }) => first.includes(bytes)))
  const { circle } = bob.membership
  const group = await openMembership({ circle, secrets: bob.secrets, store: early, signer: real })
  let looked = 0
  const signer: Signer = {
    ...real,
    verify: (...about) => {
      looked += 1
      return real.verify(...about)
    },
  }
  const { circles, opened: taken } = remembered([])
  const { welcomes, log } = await receiving(group, circles, signer)
  const welcome = await circleBy(cara.secrets, circle, bob.secrets)
  await welcomes.taken(welcome)
  expect(log).toEqual(['a circle was refused: founder-unknown'])
  await group.append({ type: 'profile', name: 'Robert' })
  await group.append({ type: 'profile', name: 'Bob' })
  await welcomes.taken({ circle: otherGroup, records: [] })
  expect(looked).toBe(0)
  await group.receive(alice.membership.recordsOf(alice.membership.hashes()))
  await vi.waitFor(() => expect(taken).toEqual([welcome.circle]))
  expect(looked).toBeGreaterThan(0)
})

test('a circle that came before the records of the group that tell of its founder is taken up when they are here', async () => {
  const { signer, actors } = await setUp(['alice', 'bob', 'cara'])
  const [alice, bob, cara] = actors
  // Bob as he was before Cara came: the beginning, his invitation, his admission.
  const first = bob.membership.recordsOf(bob.membership.hashes()).slice(0, 3)
  const early = memoryRecordStore([...bob.store.kept.values()].filter(({ bytes }) => first.includes(bytes)))
  const group = await openMembership({ circle: bob.membership.circle, secrets: bob.secrets, store: early, signer })
  expect(group.state().members.has(cara.secrets.member)).toBe(false)
  const made = await createCircle({
    secrets: cara.secrets,
    kind: 'circle',
    group: group.circle,
    circleName: 'Tea',
    founderName: 'cara',
    now: 1_000,
    signer,
  })
  const membership = await openMembership({
    circle: made.circle,
    secrets: cara.secrets,
    store: memoryRecordStore(made.records),
    signer,
  })
  await addMember(membership, {
    name: 'bob',
    role: 'member',
    history: 'all',
    certificates: [bob.secrets.certificate],
    now: 2_000,
  })
  const { circles, opened } = remembered([])
  const { welcomes, log } = await receiving(group, circles)
  welcomes.receive({ circle: made.circle, records: membership.recordsOf(membership.hashes()) })
  await vi.waitFor(() => expect(log).toEqual(['a circle was refused: founder-unknown']))
  await group.receive(alice.membership.recordsOf(alice.membership.hashes()))
  await vi.waitFor(() => expect(opened).toEqual([made.circle]))
})
