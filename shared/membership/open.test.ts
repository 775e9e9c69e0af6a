import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HashId } from '../base/ids.ts'
import { toHex } from '../base/bytes.ts'
import { decodeRecord, encodeRecord } from '../wire/record.ts'
import type { Actor } from './testing.ts'
import { admission, forge, meet, memoryRecordStore, newInvitation, setUp } from './testing.ts'
import { createDeviceSecrets, decodeDeviceSecrets, encodeDeviceSecrets, verifyCertificate } from './identity.ts'
import { grantTo, newEpoch, recipientOf } from './keys.ts'
import { invitationIdOf } from './names.ts'
import { MAX_PENDING, openMembership } from './open.ts'

const view = ({ membership }: Actor) => ({ ...membership.state(), hashes: [...membership.hashes()].toSorted() })

describe('a circle', () => {
  it('is founded by an organiser who holds its key', async () => {
    const { actors, circle } = await setUp(['Alice'])
    const state = actors[0].membership.state()
    expect(state.circle).toBe(circle)
    expect(state.name).toBe('Tuesday group')
    expect([...state.members.values()].map(({ name, role, present }) => ({ name, role, present }))).toEqual([
      { name: 'Alice', role: 'organiser', present: true },
    ])
    expect(actors[0].membership.epochKey(state.currentEpoch)).toHaveLength(32)
    expect(state.skipped).toEqual([])
  })

  it('gives a newcomer the same state and the same key', async () => {
    const { actors } = await setUp(['Alice', 'Bob', 'Cat'])
    const [alice, bob, cat] = actors
    expect(view(bob)).toEqual(view(alice))
    expect(view(cat)).toEqual(view(alice))
    const { currentEpoch } = alice.membership.state()
    expect(toHex(bob.membership.epochKey(currentEpoch)!)).toBe(toHex(alice.membership.epochKey(currentEpoch)!))
    expect(bob.membership.mayWrite(alice.secrets.device, 0, currentEpoch)).toEqual({
      ok: true,
      value: { member: alice.secrets.member },
    })
    expect(bob.membership.mayWrite(alice.secrets.device, 1, currentEpoch)).toMatchObject({
      error: 'unknown-incarnation',
    })
  })

  it('opens again from its store', async () => {
    const { actors, circle, signer } = await setUp(['Alice', 'Bob'])
    const alice = actors[0]
    const again = await openMembership({ circle, secrets: alice.secrets, store: alice.store, signer })
    expect(again.state()).toEqual(alice.membership.state())
    const empty = openMembership({ circle, secrets: alice.secrets, store: memoryRecordStore(), signer })
    await expect(empty).rejects.toThrow(circle)
  })

  it('stores before it shows, and shows nothing that was not stored', async () => {
    const { actors } = await setUp(['Alice', 'Bob'])
    const [alice, bob] = actors
    alice.store.failing = true
    const before = view(alice)
    expect(await alice.membership.append({ type: 'rename', circleName: 'Other' })).toMatchObject({
      error: 'storage-failed',
    })
    await bob.membership.append({ type: 'rename', circleName: 'Other' })
    const refusals = await alice.membership.receive(bob.membership.recordsOf(bob.membership.hashes()))
    expect(refusals[0]?.reason).toMatch(/^storage-failed/)
    expect(view(alice)).toEqual(before)
  })
})

describe('records of others', () => {
  it('may arrive in any order and in pieces', async () => {
    const { actors, circle, signer } = await setUp(['Alice', 'Bob', 'Cat', 'Dan'])
    const [alice, bob] = actors
    await bob.membership.append({ type: 'rename', circleName: 'Wednesday group' })
    const all = bob.membership.recordsOf(bob.membership.hashes())
    const store = memoryRecordStore((await alice.store.records()).slice(0, 1))
    const late = await openMembership({ circle, secrets: alice.secrets, store, signer })
    for (const bytes of all.toReversed()) await late.receive([bytes])
    expect(late.state()).toEqual(bob.membership.state())
  })

  it('are refused by name when they do not verify, and the rest goes on', async () => {
    const { actors, circle, signer } = await setUp(['Alice', 'Bob'])
    const [alice, bob] = actors
    const good = await forge(signer, bob.secrets, circle, bob.membership.state().heads, {
      type: 'profile',
      name: 'Robert',
    })
    const bent = new Uint8Array(good.bytes)
    bent[bent.length - 70]! ^= 1
    const stranger = await createDeviceSecrets(signer)
    const foreign = await forge(signer, stranger, circle, [], { type: 'profile', name: 'Eve' })
    const other = await setUp(['Eve'])
    const elsewhere = other.actors[0].membership.recordsOf(other.actors[0].membership.hashes())
    const reasons = await alice.membership.receive([
      Uint8Array.of(9),
      bent,
      ...elsewhere,
      foreign.bytes,
      good.bytes,
      good.bytes,
    ])
    expect(reasons.map(({ reason }) => reason)).toEqual([
      'other-version',
      'other-circle',
      'signature-invalid',
      'waits-for-a-key',
    ])
    expect(alice.membership.state().members.get(bob.secrets.member)?.name).toBe('Robert')
    expect(alice.membership.hashes().has(foreign.hash)).toBe(false)
  })

  it('need a proof by the code and the consent of the newcomer', async () => {
    const { actors, circle, signer } = await setUp(['Alice', 'Bob'])
    const [alice, bob] = actors
    const invitation = newInvitation()
    await bob.membership.append(invitation.body)
    const eve = await createDeviceSecrets(signer)
    const body = await admission(signer, bob.membership, eve, 'Eve', invitation)
    const wrong = newInvitation()
    const withoutCode = await admission(signer, bob.membership, eve, 'Eve', wrong)
    const parents = bob.membership.state().heads
    const otherName = { ...body, join: { ...body.join, name: 'Alice' } }
    const forged = [
      await forge(signer, bob.secrets, circle, parents, {
        ...body,
        join: { ...body.join, proof: withoutCode.join.proof },
      }),
      await forge(signer, bob.secrets, circle, parents, { ...body, join: { ...body.join, consent: body.join.proof } }),
      await forge(signer, bob.secrets, circle, parents, otherName),
      await forge(signer, bob.secrets, circle, parents, {
        ...body,
        join: { ...body.join, certificate: { ...eve.certificate, boxKey: new Uint8Array(32) } },
      }),
    ]
    await meet(alice, bob)
    const reasons = await alice.membership.receive(forged.map(({ bytes }) => bytes))
    expect(reasons.map(({ reason }) => reason)).toEqual([
      'proof-invalid',
      'proof-invalid',
      'proof-invalid',
      'certificate-invalid',
    ])
    expect(alice.membership.state().members.has(eve.member)).toBe(false)
  })
})

describe('any delivery', () => {
  it('in any batches, order and repetition ends in one state, on disk too', async () => {
    const { actors, circle, signer } = await setUp(['Alice', 'Bob', 'Cat'])
    const [alice, bob, cat] = actors
    // Apart: everybody says something of their own, and Alice and Bob quarrel.
    await alice.membership.append({ type: 'remove', target: { member: bob.secrets.member }, lastAccepted: [] })
    await bob.membership.append({ type: 'rename', circleName: 'Bob’s group' })
    await cat.membership.append({ type: 'profile', name: 'Catherine' })
    await cat.membership.append(newInvitation().body)
    const all = [
      ...new Map(
        actors.flatMap((actor) => [...actor.store.kept.values()]).map((record) => [record.hash, record.bytes]),
      ).values(),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }),
        fc.integer({ min: 1, max: 7 }),
        async (delivered, size) => {
          const store = memoryRecordStore((await alice.store.records()).slice(0, 1))
          const request = { circle, secrets: alice.secrets, store, signer }
          const late = await openMembership(request)
          for (let from = 0; from < delivered.length; from += size) {
            await late.receive([Uint8Array.of(1, 2, 3), ...delivered.slice(from, from + size)])
          }
          await meet({ ...alice, store, membership: late }, alice, bob, cat)
          expect(late.state()).toEqual(alice.membership.state())
          expect((await openMembership(request)).state()).toEqual(alice.membership.state())
        },
      ),
      { numRuns: 15 },
    )
    expect(alice.membership.state()).toMatchObject({ name: 'Tuesday group' })
    expect(alice.membership.state().members.get(bob.secrets.member)?.present).toBe(false)
    expect(alice.membership.state().members.get(cat.secrets.member)?.name).toBe('Catherine')
    expect(bob.membership.state()).toEqual(cat.membership.state())
  }, 60_000)

  it('of garbage throws nothing and changes nothing', async () => {
    const { actors } = await setUp(['Alice'])
    const [alice] = actors
    const before = alice.membership.state()
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), async (garbage) => {
        const refusals = await alice.membership.receive(garbage)
        expect(refusals).toHaveLength(garbage.length)
      }),
    )
    expect(alice.membership.state()).toBe(before)
  })

  it('of records that wait for a key is bounded', async () => {
    const { actors, circle, signer } = await setUp(['Alice'])
    const stranger = await createDeviceSecrets(signer)
    const one = await forge(signer, stranger, circle, [], { type: 'profile', name: 'Eve' })
    const parents = Array.from(
      { length: MAX_PENDING + 3 },
      (_, index) => index.toString(16).padStart(64, '0') as HashId,
    )
    const read = decodeRecord(one.bytes)
    if (!read.ok) throw new Error('no record')
    const { value } = read
    const many = parents.map((parent) => encodeRecord({ ...value, parents: [parent] }))
    const reasons = (await actors[0].membership.receive(many)).map(({ reason }) => reason)
    expect(reasons.filter((reason) => reason === 'too-many-waiting')).toHaveLength(3)
    expect(reasons.filter((reason) => reason === 'waits-for-a-key')).toHaveLength(MAX_PENDING)
  })
})

describe('a second beginning', () => {
  it('signed by the founder for the same circle is refused', async () => {
    const { actors, circle, signer } = await setUp(['Alice', 'Bob'])
    const [alice, bob] = actors
    const [first] = bob.membership.recordsOf(bob.membership.hashes())
    const read = decodeRecord(first!)
    if (!read.ok || read.value.body.type !== 'create') throw new Error('no beginning')
    for (let index = 0; index < 8; index++) {
      const body = { ...read.value.body, circleName: `Mine ${index}` }
      const second = await forge(signer, alice.secrets, circle, [], body)
      expect(await bob.membership.receive([second.bytes])).toEqual([{ reason: 'second-beginning' }])
    }
    expect(bob.membership.state().name).toBe('Tuesday group')
  })
})

describe('our own records', () => {
  it('are judged by the same rules before they are stored', async () => {
    const { actors } = await setUp(['Alice', 'Bob'], 'member')
    const [alice, bob] = actors
    const count = bob.store.kept.size
    expect(await bob.membership.append(newInvitation().body)).toMatchObject({
      error: 'not-allowed',
      detail: 'not-an-organiser',
    })
    expect(await bob.membership.append({ type: 'profile', name: ' ' })).toMatchObject({ detail: 'name-unfit' })
    expect(bob.store.kept.size).toBe(count)
    const invitation = newInvitation()
    await alice.membership.append(invitation.body)
    const cancel = {
      type: 'cancel',
      invitation: invitationIdOf(invitation.keys.publicKey),
      reason: 'cancelled',
    } as const
    expect(await alice.membership.append(cancel)).toMatchObject({ ok: true })
    expect(alice.membership.state().invitations.get(cancel.invitation)?.status).toBe('cancelled')
  })
})

describe('keys', () => {
  it('of a new epoch reach every device and open the older ones', async () => {
    const { actors, circle, signer } = await setUp(['Alice', 'Bob'])
    const [alice, bob] = actors
    const first = alice.membership.state().currentEpoch
    const held = new Map([[first, alice.membership.epochKey(first)!]])
    const all = actors.map(({ secrets }) => recipientOf(secrets.certificate))
    const epoch = newEpoch(circle, [first], all, held)
    expect(await alice.membership.append(epoch)).toMatchObject({ ok: true })
    await meet(alice, bob)
    expect(bob.membership.state().currentEpoch).toBe(epoch.grant.epoch)
    const key = bob.membership.epochKey(epoch.grant.epoch)!
    expect(key).toEqual(alice.membership.epochKey(epoch.grant.epoch))

    // A newcomer who is given the newest key only opens the older one with it.
    const cat = await createDeviceSecrets(signer)
    const invitation = newInvitation()
    await bob.membership.append(invitation.body)
    const body = await admission(signer, bob.membership, cat, 'Cat', invitation)
    await bob.membership.append({ ...body, grants: [grantTo([recipientOf(cat.certificate)], epoch.grant.epoch, key)] })
    const store = memoryRecordStore(await bob.store.records())
    const opened = await openMembership({ circle, secrets: cat, store, signer })
    expect(opened.epochKey(first)).toEqual(held.get(first))
  })

  it('that do not match the epoch are not believed', async () => {
    const { actors } = await setUp(['Alice', 'Bob'])
    const [alice, bob] = actors
    const first = alice.membership.state().currentEpoch
    const to = [recipientOf(bob.secrets.certificate)]
    await alice.membership.append({ type: 'grant', grants: [grantTo(to, first, new Uint8Array(32).fill(1))] })
    await meet(alice, bob)
    expect(bob.membership.epochKey(first)).toEqual(alice.membership.epochKey(first))
  })
})

describe('device secrets', () => {
  it('read back, certified by the identity they were made with', async () => {
    const { signer } = await setUp(['Alice'])
    const first = await createDeviceSecrets(signer)
    const second = await createDeviceSecrets(signer, first.identity.seed)
    expect(second.member).toBe(first.member)
    expect(second.device).not.toBe(first.device)
    expect(await verifyCertificate(signer, second.certificate)).toBe(true)
    for (const wrong of [
      { boxKey: first.certificate.boxKey },
      { signingKey: first.certificate.signingKey },
      { consent: first.certificate.consent },
      { signature: first.certificate.signature },
    ]) {
      expect(await verifyCertificate(signer, { ...second.certificate, ...wrong })).toBe(false)
    }
    expect(decodeDeviceSecrets(encodeDeviceSecrets(first))).toEqual({ ok: true, value: first })
    expect(decodeDeviceSecrets(encodeDeviceSecrets(first).fill(2, 0, 1))).toMatchObject({ error: 'other-version' })
    expect(decodeDeviceSecrets(encodeDeviceSecrets(first).subarray(1))).toMatchObject({ ok: false })
  })
})
