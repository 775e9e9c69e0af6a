import { describe, expect, it } from 'vitest'
import { createFaults } from '../../tests/contracts/faulty-link.ts'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import { randomBytes, utf8 } from '../base/bytes.ts'
import type { CircleId, DeviceId } from '../base/ids.ts'
import { repairKeys } from '../membership/repair-keys.ts'
import { removeFrom } from '../membership/remove-from.ts'
import { createMemoryStore } from './memory-store.ts'
import { MAX_CIRCLES } from './messages.ts'
import { openReplica } from './replica.ts'
import { documentId } from './testing.ts'
import {
  acceptWelcome,
  foundCircle,
  goOnline,
  isConnected,
  messagesOf,
  putInto,
  setUpOffices,
  type Office,
  type OfficeCircle,
} from './testing-offices.ts'
import { createWelcomeReceiver, MAX_WELCOME, type WelcomeMessage } from './welcome.ts'

const PAPER = documentId('c')

const write = async ({ replica }: OfficeCircle, text: string): Promise<void> => {
  const paper = await replica.openDocument(PAPER)
  paper.doc.getText('t').insert(0, text)
}
const textIn = async ({ replica }: OfficeCircle): Promise<string> =>
  (await replica.openDocument(PAPER)).doc.getText('t').toJSON()
const countOf = (office: Office, type: string): number =>
  messagesOf(office).filter((message) => message.type === type).length

describe('a circle over its group’s sessions', () => {
  it('welcomes whoever was put into it, and carries it from then on, presence too', async () => {
    const world = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    const circle = await foundCircle(world, alice)
    await putInto(circle, bob)
    await write(circle, 'minutes')
    goOnline(alice, bob)
    await world.time.pass(3000)
    expect(bob.welcomes.map(({ circle: id, device }) => [id, device])).toEqual([
      [circle.replica.circle, alice.secrets.device],
    ])
    const his = await acceptWelcome(world, bob, bob.welcomes[0]!)
    await world.time.pass(3000)
    expect(await textIn(his)).toBe('minutes')
    await write(his, 'more ')
    await world.time.pass(2000)
    expect(await textIn(circle)).toBe('more minutes')
    const id = circle.replica.circle
    expect(isConnected(alice, bob.secrets.device, id)).toBe(true)
    expect(alice.carrier.status(id)).toMatchObject([{ connected: true, theyLack: 0, weLack: 0 }])
    const heard: string[] = []
    bob.carrier.onPresence((event) => heard.push(`${event.circle} ${new TextDecoder().decode(event.update)}`))
    alice.carrier.sendPresence(id, PAPER, utf8('here'))
    await world.time.pass(500)
    expect(heard).toEqual([`${id} here`])
    expect([...alice.carrier.refusals(), ...bob.carrier.refusals()]).toEqual([])
  })

  it('is told of while the two are connected, and by anybody who is in it', async () => {
    const world = await setUpOffices(['alice', 'bob', 'carol'], syncSigner)
    const [alice, bob, carol] = [world.offices[0]!, world.offices[1]!, world.offices[2]!]
    world.network.setReachable('alice', 'carol', false)
    goOnline(alice, bob, carol)
    await world.time.pass(3000)
    const circle = await foundCircle(world, alice)
    await world.time.pass(3000)
    expect([bob.welcomes, carol.welcomes]).toEqual([[], []])
    await putInto(circle, bob)
    await world.time.pass(3000)
    const his = await acceptWelcome(world, bob, bob.welcomes[0]!)
    await putInto(circle, carol)
    await world.time.pass(5000)
    // Alice cannot reach Carol; Bob can.
    expect(carol.welcomes.map(({ device }) => device)).toEqual([bob.secrets.device])
    const hers = await acceptWelcome(world, carol, carol.welcomes[0]!)
    await write(circle, 'for three')
    await world.time.pass(5000)
    expect([await textIn(his), await textIn(hers)]).toEqual(['for three', 'for three'])
  })

  it('is not shown to a member of the group who is not in it', async () => {
    const world = await setUpOffices(['alice', 'bob', 'carol'], syncSigner)
    const [alice, bob, carol] = [world.offices[0]!, world.offices[1]!, world.offices[2]!]
    world.network.setReachable('bob', 'carol', false)
    const circle = await foundCircle(world, alice)
    await putInto(circle, bob)
    goOnline(alice, carol)
    await world.time.pass(5000)
    expect(carol.welcomes).toEqual([])
    expect(countOf(alice, 'welcome')).toBe(0)
    expect(alice.carrier.connected(circle.replica.circle)).toEqual([])
    expect(isConnected(alice, carol.secrets.device)).toBe(true)
  })

  it('joins no rooms of its own', async () => {
    const world = await setUpOffices(['alice', 'bob'], syncSigner)
    const alice = world.offices[0]!
    const rooms: string[] = []
    const circle = await foundCircle(world, alice)
    alice.carrier.setTransports([
      {
        ...alice.transport,
        join: (room, onLink) => {
          rooms.push(room.key.toString())
          return alice.transport.join(room, onLink)
        },
      },
    ])
    const key = circle.replica.keys(circle.membership.state().currentEpoch)!.room.toString()
    expect(rooms.length).toBe(1)
    expect(rooms).not.toContain(key)
  })

  it('ends at once for a computer that the group took out, though the circle has not heard of it', async () => {
    const world = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    const circle = await foundCircle(world, alice)
    await putInto(circle, bob)
    goOnline(alice, bob)
    await world.time.pass(3000)
    const his = await acceptWelcome(world, bob, bob.welcomes[0]!)
    await world.time.pass(3000)
    expect(isConnected(alice, bob.secrets.device, circle.replica.circle)).toBe(true)
    await removeFrom(alice.membership, { device: bob.secrets.device }, [])
    expect(circle.membership.state().devices.get(bob.secrets.device)?.present).toBe(true)
    await write(circle, 'not for bob')
    await world.time.pass(5000)
    expect(alice.carrier.connected(circle.replica.circle)).toEqual([])
    expect(await textIn(his)).toBe('')
    // Nor when he comes back.
    world.network.setReachable('alice', 'bob', false)
    world.network.setReachable('alice', 'bob', true)
    await world.time.pass(5000)
    expect(await textIn(his)).toBe('')
    expect(his.replica.heads()).toEqual([])
  })

  it('tells one who is in the group again that it was taken out of the circle meanwhile', async () => {
    const world = await setUpOffices(['alice', 'bob', 'carol', 'dan'], syncSigner)
    const [alice, bob, carol, dan] = [world.offices[0]!, world.offices[1]!, world.offices[2]!, world.offices[3]!]
    for (const other of ['bob', 'carol', 'dan']) world.network.setReachable('alice', other, false)
    const circle = await foundCircle(world, carol)
    await putInto(circle, bob)
    goOnline(bob, carol)
    await world.time.pass(3000)
    const his = await acceptWelcome(world, bob, bob.welcomes[0]!)
    await world.time.pass(3000)
    // Apart: Alice, who founded the group, takes Dan out, who at the same time took Bob out.
    await removeFrom(alice.membership, { member: dan.secrets.member }, [])
    await removeFrom(dan.membership, { member: bob.secrets.member }, [])
    goOnline(dan)
    await world.time.pass(5000)
    await removeFrom(circle.membership, { member: bob.secrets.member }, [])
    await world.time.pass(5000)
    expect(his.membership.state().devices.get(bob.secrets.device)?.present).toBe(true)
    for (const other of ['bob', 'carol']) world.network.setReachable('alice', other, true)
    goOnline(alice)
    await world.time.pass(5000)
    expect(isConnected(carol, bob.secrets.device)).toBe(true)
    expect(his.membership.state().devices.get(bob.secrets.device)?.present).toBe(false)
    expect(isConnected(carol, bob.secrets.device, circle.replica.circle)).toBe(false)
  })

  it('refuses the hello of another computer than the one that proved the group', async () => {
    const world = await setUpOffices(['alice', 'bob', 'carol'], syncSigner)
    const [alice, bob, carol] = [world.offices[0]!, world.offices[1]!, world.offices[2]!]
    const circle = await foundCircle(world, alice)
    await putInto(circle, bob)
    await putInto(circle, carol)
    goOnline(alice, bob)
    await world.time.pass(3000)
    // Carol's circle, with Carol's keys, over Bob's session of the group: as if the two had put their computers together.
    const welcome = bob.welcomes[0]!
    const lent: Office = { ...bob, secrets: carol.secrets }
    await acceptWelcome(world, lent, welcome)
    await world.time.pass(3000)
    expect(alice.carrier.refusals().map(({ reason, device }) => [reason, device])).toContainEqual([
      'other-device',
      carol.secrets.device,
    ])
    expect(alice.carrier.connected(circle.replica.circle)).toEqual([])
  })

  it('sends a key that was missing to one who holds the circle and cannot prove itself in it', async () => {
    const world = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    const circle = await foundCircle(world, alice)
    const { name, secrets } = bob
    const added = await circle.membership.append({
      type: 'add',
      name,
      role: 'member',
      history: 'all',
      certificates: [secrets.certificate],
      addedAt: 3_000,
      grants: [],
    })
    expect(added.ok).toBe(true)
    await write(circle, 'the key came later')
    goOnline(alice, bob)
    await world.time.pass(3000)
    const his = await acceptWelcome(world, bob, bob.welcomes[0]!)
    await world.time.pass(3000)
    expect(his.membership.heldEpochs()).toEqual([])
    expect(await repairKeys(circle.membership)).toMatchObject({ ok: true, value: 1 })
    await world.time.pass(5000)
    expect(his.membership.heldEpochs().length).toBe(1)
    expect(await textIn(his)).toBe('the key came later')
  })

  it('goes on when both open it only while they are connected', async () => {
    const world = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    goOnline(alice, bob)
    await world.time.pass(3000)
    const circle = await foundCircle(world, alice)
    await putInto(circle, bob)
    await world.time.pass(3000)
    const his = await acceptWelcome(world, bob, bob.welcomes[0]!)
    const group = alice.replica.circle
    alice.carrier.removeCircle(circle.replica.circle)
    await world.time.pass(1000)
    expect(bob.carrier.connected(circle.replica.circle)).toEqual([])
    const store = createMemoryStore()
    const again = await openReplica({
      membership: circle.membership,
      store,
      signer: syncSigner,
      clock: world.time,
      timers: world.time,
    })
    await write(his, 'still')
    await alice.carrier.addCircle(again, { group })
    await world.time.pass(3000)
    expect(await textIn({ membership: circle.membership, replica: again, store })).toBe('still')
  })
})

describe('over a carrier that drops, doubles, moves, cuts and changes frames', () => {
  it.each([1, 2, 3])(
    'the welcome, the circle and a removal arrive all the same (seed %i)',
    { timeout: 60_000 },
    async (seed) => {
      const spoil = createFaults({ seed, drop: 0.02, duplicate: 0.02, reorder: 0.02, truncate: 0.02, corrupt: 0.02 })
      const world = await setUpOffices(['alice', 'bob', 'carol'], syncSigner, { retry: true, carry: spoil })
      const [alice, bob, carol] = [world.offices[0]!, world.offices[1]!, world.offices[2]!]
      const circle = await foundCircle(world, alice)
      await putInto(circle, bob)
      await write(circle, 'minutes')
      goOnline(alice, bob, carol)
      for (let round = 0; round < 40 && bob.welcomes.length === 0; round++) await world.time.pass(5000)
      const his = await acceptWelcome(world, bob, bob.welcomes[0]!)
      for (let round = 0; round < 40 && (await textIn(his)) !== 'minutes'; round++) await world.time.pass(5000)
      expect(await textIn(his)).toBe('minutes')
      await removeFrom(alice.membership, { device: carol.secrets.device }, [])
      const isIn = (office: Office): boolean =>
        office.membership.state().devices.get(carol.secrets.device)?.present === true
      for (let round = 0; round < 40 && (isIn(bob) || isIn(carol)); round++) await world.time.pass(5000)
      expect([isIn(bob), isIn(carol)]).toEqual([false, false])
      expect(carol.welcomes).toEqual([])
      expect(carol.membership.state().epochs.size).toBe(1)
    },
  )
})

describe('a receiver of welcomes', () => {
  const from = 'd'.repeat(32) as DeviceId
  const circleAt = (at: number): CircleId => at.toString(16).padStart(32, '0') as CircleId
  const part = (at: number, last: boolean, bytes = 10): WelcomeMessage => ({
    type: 'welcome',
    tag: 'a'.repeat(32),
    circle: circleAt(at),
    last,
    records: Array.from({ length: Math.ceil(bytes / 60_000) }, () => randomBytes(Math.min(bytes, 60_000))),
  })
  function receiver() {
    const heard: [CircleId, number][] = []
    const refused: string[] = []
    const { onPart } = createWelcomeReceiver({
      onWelcome: ({ circle, records }) => void heard.push([circle, records.length]),
      refuse: (reason) => void refused.push(reason),
    })
    return {
      heard,
      refused,
      take: (...parts: readonly WelcomeMessage[]) => parts.forEach((each) => onPart(each, from)),
    }
  }

  it('puts parts together', () => {
    const { heard, refused, take } = receiver()
    take(part(1, false), part(1, true), part(2, true), part(1, true))
    expect(heard).toEqual([
      [circleAt(1), 2],
      [circleAt(2), 1],
      [circleAt(1), 1],
    ])
    expect(refused).toEqual([])
  })

  it('gives up on one that is too large, by name, and takes the next', () => {
    const { heard, refused, take } = receiver()
    const large = part(1, false, MAX_WELCOME / 4)
    take(large, large, large, large, large, part(1, true), part(2, true), part(1, true))
    expect(refused).toEqual(['welcome-too-large'])
    expect(heard).toEqual([
      [circleAt(2), 1],
      [circleAt(1), 1],
    ])
  })

  it('keeps the parts of one circle only', () => {
    const { heard, refused, take } = receiver()
    take(part(1, false), part(2, false), part(2, true), part(1, true))
    expect(refused).toEqual(['welcome-broken-off'])
    // What is left of the first is for the resolver to judge: it is not a whole circle.
    expect(heard).toEqual([
      [circleAt(2), 2],
      [circleAt(1), 1],
    ])
  })

  it('hears of so many circles and no more', () => {
    const { heard, refused, take } = receiver()
    for (let at = 0; at < MAX_CIRCLES + 3; at++) take(part(at, true))
    expect(heard.length).toBe(MAX_CIRCLES)
    expect(refused).toEqual(Array.from({ length: 3 }, () => 'too-many-welcomes'))
    take(part(MAX_CIRCLES + 9, false), part(MAX_CIRCLES + 9, true), part(3, true))
    expect(refused.length).toBe(4)
    expect(heard.at(-1)).toEqual([circleAt(3), 1])
  })
})
