import { describe, expect, it } from 'vitest'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import type { DeviceId } from '../base/ids.ts'
import type { Replica } from './replica.ts'
import { createCarrier } from './carry.ts'
import { documentId } from './testing.ts'
import { goOnline, messagesOf, setUpOffices, type Office } from './testing-offices.ts'

const PAPER = documentId('a')

const write = async (world: { time: { pass(ms: number): Promise<void> } }, { replica }: Office, text: string) => {
  const paper = await replica.openDocument(PAPER)
  paper.doc.getText('t').insert(0, text)
  await world.time.pass(1000)
}
const lackOf = (office: Office): number | undefined => office.carrier.status(office.replica.circle)[0]?.weLack

/** The same replica, but it says that it has more than it does, of its own log or of one that nobody has. */
function boasting(replica: Replica, more: () => number, device?: DeviceId): Replica {
  const heads: Replica['heads'] = () => {
    const own = replica.heads()
    const base = own[0] ?? {
      device: replica.membership.secrets.device,
      incarnation: 0,
      seq: 0,
      hash: 'a'.repeat(64) as never,
    }
    const claimed = { ...base, ...(device === undefined ? {} : { device }), seq: base.seq + more() }
    return more() === 0 ? own : [claimed]
  }
  return { ...replica, heads }
}

async function setUpBoaster(device?: DeviceId) {
  const world = await setUpOffices(['alice', 'bob'], syncSigner)
  const [alice, bob] = [world.offices[0]!, world.offices[1]!]
  const claim = { more: 1000 }
  const carrier = createCarrier({ signer: syncSigner, clock: world.time, timers: world.time })
  await carrier.addCircle(boasting(bob.replica, () => claim.more, device))
  const liar: Office = { ...bob, carrier }
  return { world, alice, bob, liar, claim }
}

describe('one who claims what it does not have', () => {
  it('counts for nothing once it did not deliver, nor after it has gone', async () => {
    const { world, alice, liar } = await setUpBoaster()
    await write(world, liar, 'one. ')
    goOnline(alice, liar)
    await world.time.pass(5000)
    expect(lackOf(alice)).toBe(0)
    liar.carrier.setTransports([])
    await world.time.pass(5000)
    expect(alice.carrier.status(alice.replica.circle)).toMatchObject([{ connected: false, weLack: 0 }])
  })

  it('of a log that nobody has, the same', async () => {
    const { world, alice, liar } = await setUpBoaster('ab'.repeat(16) as DeviceId)
    goOnline(alice, liar)
    await world.time.pass(5000)
    expect(lackOf(alice)).toBe(0)
  })

  it('is asked less and less, however often it says something new', { timeout: 30_000 }, async () => {
    const { world, alice, liar, claim, bob } = await setUpBoaster()
    goOnline(alice, liar)
    for (let round = 0; round < 30; round++) {
      claim.more += 1
      // A record is news, so the heads are told again.
      await bob.membership.append({ type: 'profile', name: `Bob ${round}` })
      await write(world, liar, '.')
      await world.time.pass(9000)
    }
    const wants = messagesOf(alice).filter(({ type }) => type === 'want')
    expect(wants.length).toBeLessThan(10)
    expect(lackOf(alice)).toBe(0)
  })

  it('is believed again once it delivers', async () => {
    const { world, alice, liar, claim } = await setUpBoaster()
    goOnline(alice, liar)
    await world.time.pass(5000)
    expect(lackOf(alice)).toBe(0)
    claim.more = 0
    await write(world, liar, 'this is true')
    await world.time.pass(60_000)
    expect((await alice.replica.openDocument(PAPER)).doc.getText('t').toJSON()).toBe('this is true')
    expect(alice.carrier.status(alice.replica.circle)).toMatchObject([{ connected: true, theyLack: 0, weLack: 0 }])
  })

  it('does not keep an honest one’s entries from coming', async () => {
    const world = await setUpOffices(['alice', 'bob', 'carol'], syncSigner)
    const [alice, bob, carol] = [world.offices[0]!, world.offices[1]!, world.offices[2]!]
    await write(world, carol, 'from carol')
    const carrier = createCarrier({ signer: syncSigner, clock: world.time, timers: world.time })
    // Bob has nothing of Carol's, says he has much more than she does, and never answers.
    const silent: Replica = {
      ...boasting(bob.replica, () => 500, carol.secrets.device),
      read: () => new Promise(() => 0),
    }
    await carrier.addCircle(silent)
    goOnline(alice, { ...bob, carrier })
    await world.time.pass(2000)
    goOnline(carol)
    await world.time.pass(30_000)
    expect((await alice.replica.openDocument(PAPER)).doc.getText('t').toJSON()).toBe('from carol')
    expect(alice.carrier.status(alice.replica.circle).map(({ weLack }) => weLack)).toEqual([0, 0])
  })
})
