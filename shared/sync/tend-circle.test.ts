import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import type { EpochId } from '../base/ids.ts'
import { createDeviceSecrets } from '../membership/identity.ts'
import { openReceived } from '../membership/open.ts'
import { randomBytes } from '../base/bytes.ts'
import { grantTo, newEpoch, recipientOf } from '../membership/keys.ts'
import { MAX_HOUSEKEEPING } from '../membership/quota.ts'
import { renewKey } from '../membership/renew-key.ts'
import { signRecord } from '../membership/sign-record.ts'
import { admission, memoryRecordStore, newInvitation, reopened, setUp, type Actor } from '../membership/testing.ts'
import { decodeRecord, type RecordBody } from '../wire/record.ts'
import { createManualTime, settle, type ManualTime } from './testing.ts'
import { tendCircle } from './tend-circle.ts'

const NOTHING_ACCEPTED = { lastAccepted: () => [] }

const records = ({ membership }: Actor) => membership.recordsOf(membership.hashes())

const isIn = (of: Actor, whom: Actor): boolean =>
  of.membership.state().devices.get(whom.secrets.device)?.present === true

const tend = (actor: Actor, time: ManualTime, group?: Actor) =>
  tendCircle({
    replica: { membership: actor.membership, ...NOTHING_ACCEPTED },
    ...(group === undefined ? {} : { group: group.membership }),
    timers: time,
    random: Math.random,
    log: () => undefined,
  })

/** Records go round while time passes, until nobody has anything to do for longer than the longest turn. */
async function comeToRest(actors: readonly Actor[], time: ManualTime): Promise<number> {
  const count = () => actors.map(({ membership }) => membership.hashes().size).join()
  let rounds = 0
  for (let before = ''; before !== count(); rounds++) {
    before = count()
    expect(rounds).toBeLessThan(30)
    for (const from of actors) for (const to of actors) if (from !== to) await to.membership.receive(records(from))
    await time.pass(70_000)
    // Signatures are made on other threads.
    await settle(40)
  }
  return rounds
}

async function letIn(host: Actor, name: string): Promise<Actor> {
  const secrets = await createDeviceSecrets(syncSigner)
  const invitation = newInvitation('member')
  await host.membership.append(invitation.body)
  await host.membership.append(await admission(syncSigner, host.membership, secrets, name, invitation))
  const store = memoryRecordStore()
  const request = { circle: host.membership.circle, secrets, store, signer: syncSigner }
  const { membership } = await openReceived(request, records(host))
  if (membership === undefined) throw new Error('could not open')
  return { name, secrets, store, membership }
}

const removal = (whom: Actor): RecordBody => ({
  type: 'remove',
  target: { member: whom.secrets.member },
  lastAccepted: [],
})

const currentOf = ({ membership }: Actor): EpochId => membership.state().currentEpoch

function expectOrder(actors: readonly Actor[]): void {
  const [first] = actors
  const state = first!.membership.state()
  const present = actors.filter((actor) => isIn(first!, actor))
  expect(state.epochs.get(state.currentEpoch)?.clean).toBe(true)
  expect(state.withoutKey).toEqual([])
  for (const actor of actors) {
    expect(currentOf(actor)).toBe(state.currentEpoch)
    expect(actor.membership.epochKey(state.currentEpoch) !== undefined).toBe(present.includes(actor))
  }
  for (const { membership } of present) expect(membership.sealingEpoch()).toBe(state.currentEpoch)
}

describe('tending a circle', () => {
  it('does nothing where there is nothing to do', async () => {
    const time = createManualTime()
    const { actors } = await setUp(['alice', 'bob', 'cara'])
    const tended = actors.map((actor) => tend(actor, time))
    const before = actors[0].membership.hashes().size
    await time.pass(600_000)
    expect(actors.map(({ membership }) => membership.hashes().size)).toEqual([before, before, before])
    for (const { stop } of tended) stop()
  })

  it('makes a new key after somebody left, once, by one of the organisers', async () => {
    const time = createManualTime()
    const { actors } = await setUp(['alice', 'bob', 'cara', 'dora'])
    const old = currentOf(actors[0])
    for (const actor of actors) tend(actor, time)
    await actors[3].membership.append(removal(actors[3]))
    await comeToRest(actors, time)
    expect(currentOf(actors[0])).not.toBe(old)
    expectOrder(actors)
  })

  it('does no more once it is stopped', async () => {
    const time = createManualTime()
    const { actors } = await setUp(['alice', 'bob'])
    const tended = tend(actors[0], time)
    await actors[0].membership.append(removal(actors[1]))
    tended.stop()
    const before = actors[0].membership.hashes().size
    await time.pass(600_000)
    expect(actors[0].membership.hashes().size).toBe(before)
  })

  it('has a key that does not open given again, though whoever gave it goes on giving the same', async () => {
    const time = createManualTime()
    const { actors } = await setUp(['alice', 'bob', 'mal'])
    const [alice, bob, mal] = actors
    // A key that Mal gave to Alice alone, and to Bob something else.
    const state = mal.membership.state()
    const to = [alice, mal].map(({ secrets }) => recipientOf(secrets.certificate))
    const body = newEpoch(mal.membership.circle, [state.currentEpoch], to, new Map())
    await mal.membership.append(body)
    const { epoch } = body.grant
    const mislead = () =>
      mal.membership.append({
        type: 'grant',
        grants: [grantTo([recipientOf(bob.secrets.certificate)], epoch, randomBytes(32))],
      })
    await mislead()
    for (const actor of [alice, bob]) tend(actor, time)
    for (let round = 0; round < 4; round++) {
      await comeToRest(actors, time)
      await mislead()
    }
    await comeToRest(actors, time)
    expect(bob.membership.epochKey(epoch)).toEqual(alice.membership.epochKey(epoch))
    expect(bob.membership.state().withoutKey).toEqual([])
    // One word of Bob's, and one box of Alice's.
    const grantsBy = (whom: Actor) =>
      alice.membership.recordsOf(alice.membership.hashes()).filter((bytes) => {
        const record = decodeRecord(bytes)
        return record.ok && record.value.author === whom.secrets.device && record.value.body.type === 'grant'
      }).length
    expect([grantsBy(bob), grantsBy(alice)]).toEqual([1, 1])
  })

  it('is left to others by whoever has said so much that little is left for what people say by hand', async () => {
    const time = createManualTime()
    const { actors, signer, circle } = await setUp(['alice', 'bob', 'cara', 'dora'])
    const [, bob, cara, dora] = actors
    const unsigned = { ...signer, sign: () => Promise.resolve(new Uint8Array(64)) }
    const { secrets } = actors[0]
    const said = await Promise.all(
      Array.from({ length: MAX_HOUSEKEEPING }, (_, index) =>
        signRecord(unsigned, secrets, { circle, parents: [], body: { type: 'profile', name: `Alice ${index}` } }),
      ),
    )
    const store = memoryRecordStore([...actors[0].store.kept.values(), ...said])
    const alice = await reopened(signer, { ...actors[0], store })
    const tended = tend(alice, time)
    await dora.membership.append(removal(dora))
    await alice.membership.receive(records(dora))
    const before = alice.membership.ownRecords()
    for (let round = 0; round < 3; round++) {
      await time.pass(70_000)
      await settle(20)
    }
    expect(alice.membership.ownRecords()).toBe(before)
    expect(tended.standing()).toBe('room-kept')
    const others = [bob, cara].map((actor) => tend(actor, time))
    await comeToRest([bob, cara, dora], time)
    expect(others.map(({ standing }) => standing())).toEqual(['tending', 'tending'])
    expectOrder([bob, cara, dora])
    await alice.membership.receive(records(bob))
    // By hand she still can.
    expect(await renewKey(alice.membership)).toMatchObject({ ok: true })
  })

  it('takes out of a circle whom the group no longer has, and nobody that the group does not know yet', async () => {
    const time = createManualTime()
    const group = await setUp(['alice', 'bob', 'cara'])
    const byName = new Map(group.actors.map((actor) => [actor.name, actor]))
    const circle = await setUp(['alice', 'bob', 'cara'])
    // The same people: what counts is that the group says of a device that it is out.
    const asGroup = (gone: readonly Actor[]) => {
      const { membership } = byName.get('alice')!
      const state = membership.state()
      const devices = new Map(
        circle.actors
          .filter(({ name }) => name !== 'cara')
          .map(({ secrets }) => {
            const known = circle.actors[0].membership.state().devices.get(secrets.device)!
            return [secrets.device, { ...known, present: !gone.some((one) => one.secrets === secrets) }] as const
          }),
      )
      const members = new Map(
        circle.actors.map(({ secrets }) => {
          const known = circle.actors[0].membership.state().members.get(secrets.member)!
          return [secrets.member, { ...known, present: !gone.some((one) => one.secrets === secrets) }] as const
        }),
      )
      return { ...membership, state: () => ({ ...state, devices, members }) }
    }
    const [alice, bob, cara] = circle.actors
    for (const actor of [alice, cara]) {
      tend(actor, time, { ...actor, membership: asGroup([bob]) })
    }
    await comeToRest(circle.actors, time)
    expect(isIn(alice, bob)).toBe(false)
    expect(isIn(alice, cara)).toBe(true)
    expect(isIn(alice, alice)).toBe(true)
    expectOrder(circle.actors)
  })

  it(
    'comes to rest with one clean key held by everybody, whatever was done at once',
    { timeout: 120_000 },
    async () => {
      const act = fc.record({
        what: fc.constantFrom('remove', 'invite', 'renew', 'leave', 'meet'),
        who: fc.nat(2),
        whom: fc.nat(4),
        other: fc.nat(2),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 2, maxLength: 7 }), async (acts) => {
          const time = createManualTime()
          const { actors: first } = await setUp(['alice', 'bob', 'cara', 'dora', 'eli', 'fay'])
          const actors: Actor[] = [...first]
          for (const actor of actors) tend(actor, time)
          for (const { what, who, whom, other } of acts) {
            const by = actors[who]!
            if (what === 'remove') await by.membership.append(removal(actors[1 + whom]!))
            else if (what === 'leave') await actors[1 + whom]!.membership.append(removal(actors[1 + whom]!))
            else if (what === 'meet') await actors[other]!.membership.receive(records(by))
            else if (what === 'invite') {
              const newcomer = await letIn(by, `new ${actors.length}`)
              actors.push(newcomer)
              tend(newcomer, time)
            } else await time.pass(4_000)
            await settle(1)
          }
          expect(await comeToRest(actors, time)).toBeGreaterThan(0)
          expectOrder(actors)
        }),
        { numRuns: Number(process.env['RUNS'] ?? 6) },
      )
    },
  )
})
