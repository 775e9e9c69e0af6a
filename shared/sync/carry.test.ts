import { describe, expect, it } from 'vitest'
import { faultyLink } from '../../tests/contracts/faulty-link.ts'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import { randomBytes, utf8 } from '../base/bytes.ts'
import { createDeviceSecrets } from '../membership/identity.ts'
import { newEpoch, recipientOf } from '../membership/keys.ts'
import { openReceived } from '../membership/open.ts'
import { admission, newInvitation, setUp } from '../membership/testing.ts'
import { createCarrier, type Carrier } from './carry.ts'
import type { Transport } from './link.ts'
import { createMemoryNetwork, type MemoryNetwork } from './memory-transport.ts'
import { createMemoryStore } from './memory-store.ts'
import { openChannel } from './open-channel.ts'
import { openReplica, type DocumentHandle, type Replica } from './replica.ts'
import { createSyncSession } from './session.ts'
import { createManualTime, documentId, sameState, setUpReplicas, type ManualTime, type Person } from './testing.ts'

const PAPER = documentId('a')
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
const textOf = ({ doc }: DocumentHandle): string => doc.getText('t').toJSON()

interface Office extends Person {
  readonly carrier: Carrier
  readonly transport: Transport
  readonly paper: DocumentHandle
}

interface World {
  readonly time: ManualTime
  readonly network: MemoryNetwork
  readonly offices: readonly Office[]
}

async function setUpWorld(
  names: readonly string[],
  carry?: (frame: Uint8Array) => readonly Uint8Array[],
): Promise<World> {
  const time = createManualTime(turn)
  const network = createMemoryNetwork({
    defer: (run) => void time.after(1, run),
    ...(carry === undefined ? {} : { carry }),
  })
  const people = await setUpReplicas(names, time, syncSigner)
  const offices = await Promise.all(
    people.map(async (person) => {
      const carrier = createCarrier({ signer: syncSigner, clock: time, timers: time })
      const transport = network.transport(person.name)
      const paper = await person.replica.openDocument(PAPER)
      return { ...person, carrier, transport, paper }
    }),
  )
  for (const { carrier, replica } of offices) await carrier.addCircle(replica)
  return { time, network, offices }
}

const connectAll = ({ offices }: World): void => {
  for (const { carrier, transport } of offices) carrier.setTransports([transport])
}
const type = ({ paper }: Office, text: string): void => paper.doc.getText('t').insert(0, text)
const statusOf = (from: Office, about: Office) =>
  from.carrier.status(from.replica.circle).find(({ member }) => member === about.secrets.member)

describe('a carrier', () => {
  it('brings two who wrote apart together, and both know that they match', async () => {
    const world = await setUpWorld(['alice', 'bob'])
    const { time, offices } = world
    const [alice, bob] = [offices[0]!, offices[1]!]
    type(alice, 'from alice. ')
    type(bob, 'from bob. ')
    await time.pass(1000)
    const nothingKnown = { connected: false, weLack: 0, withheld: 0 }
    const devices = [{ device: bob.secrets.device, ...nothingKnown }]
    expect(statusOf(alice, bob)).toEqual({ member: bob.secrets.member, ...nothingKnown, devices })
    connectAll(world)
    await time.pass(1000)
    expect(textOf(alice.paper)).toContain('from bob. ')
    expect(sameState(alice.paper.doc, bob.paper.doc)).toBe(true)
    for (const [one, other] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      expect(statusOf(one, other)).toMatchObject({ connected: true, theyLack: 0, weLack: 0 })
      expect(statusOf(one, other)?.lastMatchedAt).toBeGreaterThan(1_000_000)
      expect(one.carrier.refusals()).toEqual([])
    }
  })

  it('carries typing at once', async () => {
    const world = await setUpWorld(['alice', 'bob'])
    connectAll(world)
    await world.time.pass(1000)
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    type(alice, 'h')
    await world.time.pass(10)
    expect(textOf(bob.paper)).toBe('h')
    type(alice, 'g')
    type(alice, 'f')
    await world.time.pass(60)
    expect(textOf(bob.paper)).toBe('fgh')
  })

  it('says what one who is away lacks, also after a restart', async () => {
    const world = await setUpWorld(['alice', 'bob'])
    connectAll(world)
    const { time, network, offices } = world
    const [alice, bob] = [offices[0]!, offices[1]!]
    type(alice, 'both have this. ')
    await time.pass(3000)
    network.setReachable('alice', 'bob', false)
    type(alice, 'bob lacks this. ')
    await time.pass(1000)
    expect(statusOf(alice, bob)).toMatchObject({ connected: false, theyLack: 1, weLack: 0 })
    await alice.carrier.close()
    const carrier = createCarrier({ signer: syncSigner, clock: time, timers: time })
    await carrier.addCircle(await alice.restart())
    expect(carrier.status(alice.replica.circle)).toMatchObject([{ connected: false, theyLack: 1, weLack: 0 }])
    expect(carrier.status(alice.replica.circle)[0]?.lastMatchedAt).toBeDefined()
  })

  it('passes on through a third what two cannot give each other', async () => {
    const world = await setUpWorld(['alice', 'bob', 'carol'])
    world.network.setReachable('alice', 'carol', false)
    connectAll(world)
    await world.time.pass(500)
    type(world.offices[0]!, 'by way of bob')
    await world.time.pass(1000)
    expect(textOf(world.offices[2]!.paper)).toBe('by way of bob')
  })

  it('keeps one connection between two who find each other twice', async () => {
    const world = await setUpWorld(['alice', 'bob'])
    const second = createMemoryNetwork({ defer: (run) => void world.time.after(1, run) })
    for (const { carrier, transport, name } of world.offices) {
      carrier.setTransports([transport, second.transport(name)])
    }
    await world.time.pass(3000)
    for (const { carrier, replica } of world.offices) expect(carrier.connected(replica.circle).length).toBe(1)
    type(world.offices[0]!, 'still here')
    await world.time.pass(500)
    expect(textOf(world.offices[1]!.paper)).toBe('still here')
  })

  it('stops at once when transports are taken away, and goes on when they are back', async () => {
    const world = await setUpWorld(['alice', 'bob'])
    connectAll(world)
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    await world.time.pass(500)
    alice.carrier.setTransports([])
    await world.time.pass(500)
    expect(alice.carrier.connected(alice.replica.circle)).toEqual([])
    type(alice, 'later')
    await world.time.pass(2000)
    expect(textOf(bob.paper)).toBe('')
    alice.carrier.setTransports([alice.transport])
    await world.time.pass(1000)
    expect(textOf(bob.paper)).toBe('later')
  })

  it('carries a long history in rounds', { timeout: 30_000 }, async () => {
    const world = await setUpWorld(['alice', 'bob'])
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    const other = await alice.replica.openDocument(documentId('b'))
    for (let step = 0; step < 150; step++) {
      // Two documents in turn, so that nothing is folded.
      type(alice, `${step} ${'long '.repeat(2000)}`)
      other.doc.getText('t').insert(0, `${step} `)
      await alice.replica.flush()
    }
    connectAll(world)
    await world.time.pass(5000)
    expect(sameState(alice.paper.doc, bob.paper.doc)).toBe(true)
    expect(statusOf(alice, bob)).toMatchObject({ theyLack: 0 })
  })

  it('carries membership records as they are made', async () => {
    const world = await setUpWorld(['alice', 'bob'])
    connectAll(world)
    await world.time.pass(500)
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    await alice.membership.append({ type: 'profile', name: 'Alice Adams' })
    await world.time.pass(500)
    expect(bob.membership.state().members.get(alice.secrets.member)?.name).toBe('Alice Adams')
  })

  it('introduces a newcomer to one who has not heard of the admission', async () => {
    const world = await setUpWorld(['alice', 'bob'])
    const { time, network } = world
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    const secrets = await createDeviceSecrets(syncSigner)
    const invitation = newInvitation()
    await alice.membership.append(invitation.body)
    await alice.membership.append(await admission(syncSigner, alice.membership, secrets, 'carol', invitation))
    const store = createMemoryStore()
    const records = alice.membership.recordsOf(alice.membership.hashes())
    const { membership } = await openReceived(
      { circle: alice.replica.circle, secrets, store, signer: syncSigner },
      records,
    )
    const carol = await openReplica({ membership: membership!, store, signer: syncSigner, clock: time, timers: time })
    const carrier = createCarrier({ signer: syncSigner, clock: time, timers: time })
    await carrier.addCircle(carol)
    type(bob, 'bob wrote this')
    await time.pass(1000)
    bob.carrier.setTransports([bob.transport])
    carrier.setTransports([network.transport('carol')])
    await time.pass(2000)
    expect(bob.membership.state().members.get(secrets.member)?.name).toBe('carol')
    expect(textOf(await carol.openDocument(PAPER))).toBe('bob wrote this')
    expect(bob.carrier.refusals()).toEqual([])
  })

  it('goes on under the older epoch with one who has not heard of a new one, who then learns it', async () => {
    const world = await setUpWorld(['alice', 'bob'])
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    const { currentEpoch, devices } = alice.membership.state()
    const held = new Map(alice.membership.heldEpochs().map((epoch) => [epoch, alice.membership.epochKey(epoch)!]))
    const to = [...devices.values()].map(({ certificate }) => recipientOf(certificate))
    const body = newEpoch(alice.replica.circle, [currentEpoch], to, held)
    expect((await alice.membership.append(body)).ok).toBe(true)
    expect(alice.membership.state().currentEpoch).not.toBe(currentEpoch)
    type(alice, 'under the new key')
    await world.time.pass(1000)
    connectAll(world)
    await world.time.pass(2000)
    expect(bob.membership.state().currentEpoch).toBe(alice.membership.state().currentEpoch)
    expect(textOf(bob.paper)).toBe('under the new key')
    expect(bob.carrier.refusals()).toEqual([])
  })

  it('goes on after each broken link until both have everything, over a carrier that spoils frames', async () => {
    let frames = 0
    const spoil = (frame: Uint8Array): readonly Uint8Array[] => {
      frames += 1
      if (frames % 23 === 0) return []
      if (frames % 31 === 0) return [frame, frame]
      return frames % 41 === 0 ? [frame.slice(0, Math.ceil(frame.length / 2))] : [frame]
    }
    const world = await setUpWorld(['alice', 'bob'], spoil)
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    for (let step = 0; step < 30; step++) {
      type(step % 2 === 0 ? alice : bob, `${step}, `)
      await world.time.pass(900)
    }
    connectAll(world)
    for (let round = 0; round < 40 && !sameState(alice.paper.doc, bob.paper.doc); round++) {
      await world.time.pass(3000)
      world.network.setReachable('alice', 'bob', false)
      world.network.setReachable('alice', 'bob', true)
    }
    expect(sameState(alice.paper.doc, bob.paper.doc)).toBe(true)
    expect(textOf(alice.paper).split(', ').length).toBe(31)
  })

  it('gives presence to those connected, sealed, and keeps none of it', async () => {
    const frames: Uint8Array[] = []
    const world = await setUpWorld(['alice', 'bob'], (frame) => {
      frames.push(frame)
      return [frame]
    })
    connectAll(world)
    await world.time.pass(500)
    const [alice, bob] = [world.offices[0]!, world.offices[1]!]
    const heard: string[] = []
    bob.carrier.onPresence(({ device, update, document }) => {
      expect(device).toBe(alice.secrets.device)
      expect(document).toBe(PAPER)
      heard.push(new TextDecoder().decode(update))
    })
    alice.carrier.sendPresence(alice.replica.circle, PAPER, utf8('cursor at 7'))
    await world.time.pass(500)
    expect(heard).toEqual(['cursor at 7'])
    expect((await bob.entries.index()).length).toBe(0)
    expect(frames.some((frame) => new TextDecoder('latin1').decode(frame).includes('cursor'))).toBe(false)
  })
})

describe('a session', () => {
  async function pair() {
    const time = createManualTime(turn)
    const network = createMemoryNetwork({ defer: (run) => void time.after(1, run) })
    const people = await setUpReplicas(['alice', 'bob'], time, syncSigner)
    const room = { key: new Uint8Array(32), purpose: 'circle' } as const
    const opening = Promise.all(
      ['alice', 'mallory'].map(
        (name) =>
          new Promise<Awaited<ReturnType<typeof openChannel>>>((resolve, reject) => {
            network.transport(name).join(room, (link) => {
              openChannel(link, { timers: time }).then(resolve, reject)
            })
          }),
      ),
    )
    await time.pass(100)
    const [channel, attacker] = await opening
    const [alice, bob] = people
    const session = createSyncSession({
      channel: channel!,
      replicas: [alice!.replica],
      signer: syncSigner,
      clock: time,
      timers: time,
    })
    const refusals: string[] = []
    session.onRefusal(({ reason }) => void refusals.push(reason))
    return { time, alice: alice!, bob: bob!, session, attacker: attacker!, refusals }
  }

  it('names garbage, never throws, and gives up after too much of it', async () => {
    const { time, session, attacker, refusals } = await pair()
    let closed = ''
    session.onClose((reason) => (closed = reason))
    for (let count = 0; count < 1100; count++) {
      await attacker.send(randomBytes(1 + (count % 200))).catch(() => undefined)
      if (count % 100 === 0) await time.pass(10)
    }
    await time.pass(3000)
    expect(refusals.length).toBeGreaterThan(1000)
    expect(refusals.every((reason) => /^(message|unknown-circle)/.test(reason))).toBe(true)
    expect(closed).toBe('too-many-refusals')
  })

  it('gives nothing to one who proves nothing', async () => {
    const { time, session, attacker } = await pair()
    const got: number[] = []
    attacker.onMessage((message) => void got.push(message[0] ?? 0))
    let closed = ''
    session.onClose((reason) => (closed = reason))
    await time.pass(30_000)
    expect(got).toEqual([1])
    expect(closed).toBe('nobody-we-know')
  })

  it('does not believe a member who shows another’s hello, and refuses a stranger who holds no key', async () => {
    const { time, alice, bob, attacker, refusals } = await pair()
    const stranger = await setUp(['eve'])
    const [eve] = stranger.actors
    // Bob's own session, its hello relayed onto another connection: the transcript differs.
    const forged: Replica = await openReplica({
      membership: {
        ...bob.membership,
        secrets: { ...bob.membership.secrets, signing: eve.secrets.signing },
      },
      store: createMemoryStore(),
      signer: syncSigner,
      clock: time,
      timers: time,
    })
    createSyncSession({ channel: attacker, replicas: [forged], signer: syncSigner, clock: time, timers: time })
    await time.pass(1000)
    expect(refusals).toEqual(['bad-session-signature'])
    expect(alice.replica.heads()).toEqual([])
  })

  it('ends in a close when its link is spoiled', async () => {
    const time = createManualTime(turn)
    const network = createMemoryNetwork({ defer: (run) => void time.after(1, run) })
    const room = { key: new Uint8Array(32), purpose: 'circle' } as const
    const results: string[] = []
    for (const name of ['alice', 'bob']) {
      network.transport(name).join(room, (link) => {
        openChannel(faultyLink(link, { seed: 4, drop: 1, spare: 1 }), { timers: time, aliveMs: 1000 }).then(
          () => results.push('opened'),
          (thrown: Error) => results.push(thrown.message),
        )
      })
    }
    await time.pass(60_000)
    expect(results.length).toBe(2)
    expect(results).not.toContain('opened')
  })
})
