import { describe, expect, it } from 'vitest'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import { newEpoch, recipientOf } from '../membership/keys.ts'
import { renewKey } from '../membership/renew-key.ts'
import { forge, secondComputer } from '../membership/testing.ts'
import type { EpochId } from '../base/ids.ts'
import { createCarrier } from './carry.ts'
import { epochsInUse, epochsOfRooms } from './epochs-in-use.ts'
import { documentId } from './testing.ts'
import { goOnline, isConnected, setUpOffices, type Office } from './testing-offices.ts'

const PAPER = documentId('a')

const renew = async ({ membership }: Office, times: number): Promise<void> => {
  for (let at = 0; at < times; at++) expect((await renewKey(membership)).ok).toBe(true)
}
const write = async ({ replica }: Office, text: string): Promise<void> => {
  const paper = await replica.openDocument(PAPER)
  paper.doc.getText('t').insert(0, text)
}
const textIn = async ({ replica }: Office): Promise<string> =>
  (await replica.openDocument(PAPER)).doc.getText('t').toJSON()

/** Two who have not heard of each other's changes of keys; what each wrote under its last key. */
async function apart(alices: number, bobs: number) {
  const world = await setUpOffices(['alice', 'bob'], syncSigner)
  const [alice, bob] = [world.offices[0]!, world.offices[1]!]
  await renew(alice, alices)
  await renew(bob, bobs)
  await write(alice, 'from alice. ')
  await write(bob, 'from bob. ')
  await world.time.pass(2000)
  goOnline(alice, bob)
  await world.time.pass(10_000)
  return { world, alice, bob }
}

describe('two who changed keys apart', () => {
  it.each([
    [1, 0],
    [3, 3],
    [5, 5],
    [0, 5],
  ])('find and prove each other after %i and %i changes, and have one state', async (alices, bobs) => {
    const { alice, bob } = await apart(alices, bobs)
    expect(isConnected(alice, bob.secrets.device)).toBe(true)
    expect(isConnected(bob, alice.secrets.device)).toBe(true)
    expect(await textIn(alice)).toContain('from bob. ')
    expect(await textIn(bob)).toBe(await textIn(alice))
    expect(bob.membership.state().epochs.size).toBe(1 + alices + bobs)
    expect(bob.membership.state().currentEpoch).toBe(alice.membership.state().currentEpoch)
    expect([...alice.carrier.refusals(), ...bob.carrier.refusals()]).toEqual([])
    const status = alice.carrier.status(alice.replica.circle)
    expect(status).toMatchObject([{ connected: true, theyLack: 0, weLack: 0 }])
  })

  it('never having met, do not find each other once one of them changed keys six times: they need a third, or another way', async () => {
    const { alice, bob } = await apart(6, 0)
    expect(isConnected(alice, bob.secrets.device)).toBe(false)
    const shared = epochsInUse(alice.membership, 6).filter((epoch) => epochsInUse(bob.membership, 6).includes(epoch))
    expect(shared).toEqual([])
  })

  it('find each other after any number of changes where they matched before, also after a restart', async () => {
    const world = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    goOnline(alice, bob)
    await world.time.pass(15_000)
    expect(isConnected(alice, bob.secrets.device)).toBe(true)
    bob.carrier.setTransports([])
    await world.time.pass(5_000)
    await renew(alice, 12)
    await write(alice, 'after twelve')
    await world.time.pass(5_000)
    await alice.carrier.close()
    const carrier = createCarrier({ signer: syncSigner, clock: world.time, timers: world.time })
    await carrier.addCircle(alice.replica)
    goOnline({ ...alice, carrier }, bob)
    await world.time.pass(10_000)
    expect(isConnected({ ...alice, carrier }, bob.secrets.device)).toBe(true)
    expect(await textIn(bob)).toBe('after twelve')
    expect(bob.membership.state().currentEpoch).toBe(alice.membership.state().currentEpoch)
    expect(carrier.refusals()).toEqual([])
  })

  it('look in six rooms at most, and in half of them at least for who holds the latest keys', async () => {
    const world = await setUpOffices(['alice'], syncSigner)
    const [alice] = [world.offices[0]!]
    await renew(alice, 12)
    const all = epochsInUse(alice.membership, 20)
    const rooms = epochsOfRooms(alice.membership, [...all].toReversed(), 6)
    expect(rooms).toEqual([all[0], all[1], all[12], all[11], all[10], all[2]])
    expect(epochsOfRooms(alice.membership, [], 6)).toEqual(all.slice(0, 6))
    expect(epochsOfRooms(alice.membership, [all[1]!, 'ab'.repeat(16) as EpochId], 6)).toEqual(all.slice(0, 6))
  })

  it('find each other whoever made the keys long before', async () => {
    const world = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    await renew(bob, 4)
    await alice.membership.receive(bob.membership.recordsOf(bob.membership.hashes()))
    await renew(alice, 6)
    await bob.membership.receive(alice.membership.recordsOf(alice.membership.hashes()))
    await renew(alice, 5)
    goOnline(alice, bob)
    await world.time.pass(10_000)
    expect(isConnected(alice, bob.secrets.device)).toBe(true)
  })

  it('find each other even where somebody gave each of them alone more keys than there are rooms', async () => {
    const world = await setUpOffices(['alice', 'bob', 'mal'], syncSigner)
    const [alice, bob, mal] = [world.offices[0]!, world.offices[1]!, world.offices[2]!]
    await alice.membership.append({ type: 'role', member: mal.secrets.member, role: 'member' })
    await mal.membership.receive(alice.membership.recordsOf(alice.membership.hashes()))
    // A computer that comes and goes leaves no clean key, and then anybody may make one.
    const { device } = (await secondComputer(syncSigner, mal)).secrets
    await mal.membership.append({ type: 'remove', target: { device }, lastAccepted: [] })
    const { circle } = mal.membership
    const { heads, epochs } = mal.membership.state()
    for (const victim of [alice, bob]) {
      await victim.membership.receive(mal.membership.recordsOf(mal.membership.hashes()))
    }
    for (const victim of [alice, bob]) {
      const to = [mal, victim].map(({ secrets }) => recipientOf(secrets.certificate))
      for (let at = 0; at < 8; at++) {
        const body = newEpoch(circle, [...epochs.keys()], to, new Map())
        const { bytes } = await forge(syncSigner, mal.secrets, circle, heads, body)
        expect(await victim.membership.receive([bytes])).toEqual([])
      }
    }
    expect(alice.membership.heldEpochs()).toHaveLength(9)
    goOnline(alice, bob)
    await world.time.pass(20_000)
    expect(isConnected(alice, bob.secrets.device)).toBe(true)
    expect(bob.membership.state()).toEqual(alice.membership.state())
  })

  it('are brought together by a third who was in between', async () => {
    const world = await setUpOffices(['alice', 'bob', 'carol'], syncSigner)
    const [alice, bob, carol] = [world.offices[0]!, world.offices[1]!, world.offices[2]!]
    world.network.setReachable('alice', 'bob', false)
    await renew(alice, 3)
    goOnline(alice, carol)
    await world.time.pass(3000)
    carol.carrier.setTransports([])
    await renew(alice, 4)
    goOnline(bob, carol)
    await world.time.pass(3000)
    await write(alice, 'after seven')
    await world.time.pass(10_000)
    expect(bob.membership.state().epochs.size).toBe(8)
    expect(await textIn(bob)).toBe('after seven')
  })

  it('keep the session that stands when keys change while they are connected', async () => {
    const world = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    goOnline(alice, bob)
    await world.time.pass(15_000)
    const before = [...alice.channels]
    expect(before.length).toBe(1)
    for (let round = 0; round < 12; round++) {
      await renew(alice, 1)
      await world.time.pass(15_000)
    }
    await write(alice, 'without a hitch')
    await world.time.pass(1000)
    expect(await textIn(bob)).toBe('without a hitch')
    expect([...alice.channels].map((each) => before.includes(each))).toEqual([true])
  })
})
