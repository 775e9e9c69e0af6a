import { expect, test } from 'vitest'
import type { DeviceId } from '../../shared/base/ids.ts'
import { addDevice } from '../../shared/membership/add-device.ts'
import { createDeviceSecrets } from '../../shared/membership/identity.ts'
import { removeFrom } from '../../shared/membership/remove-from.ts'
import type { CircleState, SkippedRecord } from '../../shared/membership/state.ts'
import { meet, setUp, type Actor } from '../../shared/membership/testing.ts'
import { departuresOf } from './departures.ts'
import { noticesOf } from './notices.ts'
import { missingComputers, untoldName } from './own-computers.ts'
import { peopleOf } from './people.ts'
import { personRemovedBy } from './removed-by.ts'
import { standingOf } from './standing.ts'

const none: ReadonlySet<DeviceId> = new Set()
const standing = ({ membership, secrets }: Actor) => standingOf(membership.state(), secrets)
const departures = ({ membership, secrets }: Actor, setAside: Parameters<typeof departuresOf>[0]['setAside'] = []) =>
  departuresOf({
    state: membership.state(),
    me: secrets,
    setAside,
    personRemovedBy: (member) => personRemovedBy(membership, member),
  })
const notices = (state: CircleState, { secrets }: Actor, forked = none) =>
  noticesOf({ state, me: secrets, forked, unopened: 0 })

const takeOut = async (by: Actor, target: Parameters<typeof removeFrom>[1]): Promise<void> => {
  const removed = await removeFrom(by.membership, target, [])
  if (!removed.ok) throw new Error(removed.error)
}

test('one who was taken out is told by whom; one who left is told that they left', async () => {
  const {
    actors: [alice, bob, cara],
  } = await setUp(['alice', 'bob', 'cara'])
  expect(standing(alice)).toEqual({ state: 'member' })
  await takeOut(alice, { member: bob.secrets.member })
  await takeOut(cara, { member: cara.secrets.member })
  await meet(alice, bob, cara)
  expect(standing(bob)).toEqual({ state: 'removed', by: 'alice', computerOnly: false })
  expect(standing(cara)).toEqual({ state: 'left' })
  expect(departures(alice, [{ device: bob.secrets.device, count: 3 }])).toEqual([
    {
      person: { id: bob.secrets.member, name: 'bob', isMe: false },
      by: { id: alice.secrets.member, name: 'alice', isMe: true },
      setAside: 3,
      setAsideFrom: [bob.secrets.device],
    },
    { person: { id: cara.secrets.member, name: 'cara', isMe: false }, setAside: 0 },
  ])
  expect(peopleOf(alice.membership.state(), alice.secrets).map(({ name }) => name)).toEqual(['alice'])
})

test('a computer that was taken out is a departure of its own, and who left after it left by themselves', async () => {
  const {
    signer,
    actors: [alice, bob],
  } = await setUp(['alice', 'bob'])
  const laptop = await createDeviceSecrets(signer, bob.secrets.identity.seed)
  await addDevice(bob.membership, laptop.certificate)
  await meet(alice, bob)
  await takeOut(alice, { device: laptop.device })
  await meet(alice, bob)
  expect(standingOf(alice.membership.state(), laptop)).toEqual({ state: 'removed', by: 'alice', computerOnly: true })
  expect(departures(bob)).toMatchObject([
    { person: { name: 'bob', isMe: true }, computer: { id: laptop.device, isThis: false }, by: { name: 'alice' } },
  ])
  await takeOut(bob, { member: bob.secrets.member })
  await meet(alice, bob)
  const [gone] = departures(alice)
  expect(gone).toMatchObject({ person: { name: 'bob' } })
  // It was Alice who took out his laptop, but nobody took out Bob.
  expect(gone?.by).toBeUndefined()
})

test('whoever is out of the group is out of its circles at once; a circle that ended says so', async () => {
  const {
    actors: [alice, bob],
  } = await setUp(['alice', 'bob'])
  const group = alice.membership.state()
  const circle: CircleState = { ...group, kind: 'circle', closed: true }
  expect(standingOf(circle, bob.secrets, group)).toEqual({ state: 'closed' })
  await takeOut(alice, { member: bob.secrets.member })
  expect(standingOf(circle, bob.secrets, alice.membership.state())).toEqual({
    state: 'removed',
    by: 'alice',
    computerOnly: false,
  })
})

test('a circle with one organiser says so, and who waits for a key is named once', async () => {
  const {
    actors: [alice, bob],
  } = await setUp(['alice', 'bob'], 'member')
  const state = alice.membership.state()
  expect(notices(state, alice)).toEqual([{ notice: 'one-organiser', person: 'alice' }])
  const waiting: CircleState = {
    ...state,
    withoutKey: [
      { device: bob.secrets.device, epoch: state.currentEpoch },
      { device: bob.secrets.device, epoch: state.currentEpoch },
    ],
  }
  expect(notices(waiting, alice)).toContainEqual({ notice: 'waiting-for-key', person: 'bob' })
  expect(notices(waiting, alice)).toHaveLength(2)
  expect(notices({ ...waiting, closed: true }, alice)).toEqual([])
})

test('who is out of the group and not yet of the circle is marked, and is no organiser that anybody could ask', async () => {
  const {
    actors: [alice, bob],
  } = await setUp(['alice', 'bob'])
  const circle: CircleState = { ...alice.membership.state(), kind: 'circle' }
  await takeOut(alice, { member: bob.secrets.member })
  const group = alice.membership.state()
  const people = peopleOf(circle, alice.secrets, group)
  expect(people.map(({ name, outOfGroup }) => [name, outOfGroup])).toEqual([
    ['alice', undefined],
    ['bob', true],
  ])
  const of = { forked: none, unopened: 0, group }
  // To Bob, who is out, nothing is left to be done.
  expect(noticesOf({ ...of, state: circle, me: bob.secrets })).toEqual([])
  const members = new Map(circle.members)
  const herself = members.get(alice.secrets.member)
  if (herself !== undefined) members.set(herself.id, { ...herself, role: 'member' })
  expect(noticesOf({ ...of, state: { ...circle, members }, me: alice.secrets })).toEqual([
    { notice: 'organisers-out', people: ['bob'] },
  ])
  const bobs = members.get(bob.secrets.member)
  if (bobs !== undefined) members.set(bobs.id, { ...bobs, role: 'member' })
  expect(noticesOf({ ...of, state: { ...circle, members }, me: alice.secrets })).toEqual([
    { notice: 'no-organiser', scope: 'circle' },
  ])
  // Taken out of the circle by the computer of somebody who had only heard of it.
  const later = departuresOf({ state: group, group, me: alice.secrets, setAside: [], personRemovedBy: () => undefined })
  expect(later).toMatchObject([{ person: { name: 'bob' }, outOfGroup: true }])
})

test('what a rule refused is told where it matters, and races of honest people are not', async () => {
  const {
    actors: [alice, bob],
  } = await setUp(['alice', 'bob'])
  const skipped = (type: SkippedRecord['type'], reason: string): SkippedRecord => ({
    hash: '0'.repeat(64) as SkippedRecord['hash'],
    type,
    reason,
    author: bob.secrets.member,
  })
  const state: CircleState = {
    ...alice.membership.state(),
    skipped: [
      skipped('remove', 'not-an-organiser'),
      skipped('remove', 'not-an-organiser'),
      skipped('remove', 'target-not-present'),
      skipped('admit', 'invitation-used-meanwhile'),
      skipped('epoch', 'author-removed-meanwhile'),
      skipped('grant', 'key-for-a-stranger'),
      skipped('add', 'already-present'),
      skipped('cancel', 'not-an-organiser'),
      skipped('add', 'author-removed-meanwhile'),
    ],
  }
  expect(notices(state, alice)).toEqual([
    { notice: 'refused', rule: 'not-an-organiser', type: 'remove', person: 'bob', isMe: false },
    { notice: 'refused', rule: 'author-removed-meanwhile', type: 'add', person: 'bob', isMe: false },
  ])
  expect(notices(alice.membership.state(), alice, new Set([bob.secrets.device]))).toEqual([
    { notice: 'fork', person: 'bob', isMe: false, computer: '' },
  ])
})

test('another computer of mine that a circle has never heard of is missing there; one that was taken out is not', async () => {
  const {
    signer,
    actors: [alice],
  } = await setUp(['alice'])
  const before = alice.membership.state()
  const laptop = await createDeviceSecrets(signer, alice.secrets.identity.seed)
  await addDevice(alice.membership, laptop.certificate)
  await alice.membership.append({ type: 'device-name', name: 'kitchen' })
  const after = alice.membership.state()
  expect(missingComputers(after, before, alice.secrets)).toEqual([laptop.certificate])
  expect(missingComputers(after, after, alice.secrets)).toEqual([])
  expect(untoldName(after, before, alice.secrets)).toBe('kitchen')
  expect(untoldName(after, after, alice.secrets)).toBeUndefined()
  await takeOut(alice, { device: laptop.device })
  expect(missingComputers(after, alice.membership.state(), alice.secrets)).toEqual([])
})
