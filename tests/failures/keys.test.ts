/** Who can read what after somebody went, and what may happen while keys change. */
import { describe, expect, it } from 'vitest'
import { randomBytes, toHex, type Bytes } from '../../shared/base/bytes.ts'
import type { EpochId } from '../../shared/base/ids.ts'
import { wrap } from '../../shared/crypto/wrap.ts'
import { addDevice } from '../../shared/membership/add-device.ts'
import { createDeviceSecrets, signCertificate } from '../../shared/membership/identity.ts'
import { newEpoch, recipientOf } from '../../shared/membership/keys.ts'
import { grantsIn } from '../../shared/membership/ledger.ts'
import { epochIdOf } from '../../shared/membership/names.ts'
import { renewKey } from '../../shared/membership/renew-key.ts'
import { repairKeys } from '../../shared/membership/repair-keys.ts'
import { signRecord } from '../../shared/membership/sign-record.ts'
import { admission, newInvitation } from '../../shared/membership/testing.ts'
import { openReceived } from '../../shared/membership/open.ts'
import { createMemoryStore } from '../../shared/sync/memory-store.ts'
import { openReplica } from '../../shared/sync/replica.ts'
import { carryEntries } from '../../shared/sync/testing.ts'
import { decodeEntry } from '../../shared/wire/entry.ts'
import { syncSigner } from '../fixtures/sync-ed25519.ts'
import {
  entriesOf,
  keysFrom,
  opensAnything,
  readRecords,
  reasons,
  recordsOf,
  setUpLab,
  takeOut,
  textOf,
  write,
  type Somebody,
} from './lab.ts'

const sealedBodies = async (person: Somebody): Promise<ReadonlyMap<string, Bytes>> =>
  new Map(
    (await entriesOf(person.replica)).map((bytes) => {
      const entry = decodeEntry(bytes)
      if (!entry.ok) throw new Error(entry.error)
      return [toHex(bytes), entry.value.sealedBody]
    }),
  )

/** With every byte of every record, and every key that its box key opens, whoever the box is for. */
async function opensLater(removed: Somebody, other: Somebody, before: ReadonlyMap<string, Bytes>): Promise<boolean> {
  const keys = keysFrom(removed.secrets, other.membership)
  const own = removed.membership.heldEpochs().flatMap((epoch) => removed.membership.epochKey(epoch) ?? [])
  const later = [...(await sealedBodies(other))].filter(([bytes]) => !before.has(bytes))
  expect(later.length).toBeGreaterThan(0)
  return later.some(([, sealed]) => opensAnything([...keys, ...own], sealed))
}

describe('removed device opens nothing later', () => {
  it('connected and unmodified, with every box in every log tried with every key it holds', async () => {
    const { people, meet } = await setUpLab('alice', 'bob', 'cara', 'rex')
    const [alice, bob, cara, rex] = people as [Somebody, Somebody, Somebody, Somebody]
    await write(rex, 'Rex was here. ')
    await meet()
    const before = await sealedBodies(alice)
    expect(await takeOut(alice, rex)).toMatchObject({ ok: true })
    await write(alice, 'Alice goes on. ')
    await meet()
    await write(bob, 'Bob too. ')
    await meet()
    await write(cara, 'And Cara.')
    await meet()
    // All that Rex's own program could be made to hold, and then every byte the others have.
    await rex.membership.receive(recordsOf(alice.membership))
    await rex.replica.receive(await entriesOf(alice.replica))
    expect(textOf(rex)).toBe('Rex was here. ')
    expect(await opensLater(rex, alice, before)).toBe(false)
    // The others go on, and the past stays theirs and Rex's.
    for (const person of [alice, bob, cara]) {
      expect(textOf(person)).toBe('Rex was here. Alice goes on. Bob too. And Cara.')
    }
  })
})

describe('keyless removal', () => {
  it('nothing is sealed under the old key, even if the remover stops before making the new one', async () => {
    const { people, meet } = await setUpLab('alice', 'bob', 'rex')
    const [alice, bob, rex] = people as [Somebody, Somebody, Somebody]
    await meet()
    const before = await sealedBodies(bob)
    // The record alone, as when the organiser's computer dies between the two.
    const removed = await alice.membership.append({
      type: 'remove',
      target: { member: rex.secrets.member },
      lastAccepted: alice.replica.lastAccepted([rex.secrets.device]),
    })
    expect(removed).toMatchObject({ ok: true })
    expect(alice.membership.sealingEpoch()).toBeUndefined()
    await bob.membership.receive(recordsOf(alice.membership))
    await write(bob, 'written after it')
    expect(bob.membership.sealingEpoch()).toBeDefined()
    expect(await opensLater(rex, bob, before)).toBe(false)
    await meet()
    expect(textOf(alice)).toBe('written after it')
  })

  it('a plain member makes the key where no organiser did, and only then', async () => {
    const { people } = await setUpLab('alice', 'dee', 'rex')
    const [alice, dee, rex] = people as [Somebody, Somebody, Somebody]
    await alice.membership.append({ type: 'role', member: dee.secrets.member, role: 'member' })
    await dee.membership.receive(recordsOf(alice.membership))
    expect(await renewKey(dee.membership)).toMatchObject({ ok: false, error: 'not-allowed' })
    await alice.membership.append({ type: 'remove', target: { member: rex.secrets.member }, lastAccepted: [] })
    await dee.membership.receive(recordsOf(alice.membership))
    expect(await renewKey(dee.membership)).toMatchObject({ ok: true })
  })
})

describe('role removal', () => {
  it('who is an organiser no more changes nothing, neither later nor meanwhile, and goes on reading', async () => {
    const { people, meet } = await setUpLab('alice', 'bob', 'dora')
    const [alice, bob, dora] = people as [Somebody, Somebody, Somebody]
    // At the same time: Alice takes the role away, Dora uses it.
    const demoted = await alice.membership.append({ type: 'role', member: dora.secrets.member, role: 'member' })
    const used = await dora.membership.append({
      type: 'remove',
      target: { member: bob.secrets.member },
      lastAccepted: [],
    })
    const keys = await renewKey(dora.membership)
    expect([demoted.ok, used.ok, keys.ok]).toEqual([true, true, true])
    await meet()
    for (const { membership } of [alice, bob, dora]) {
      const state = membership.state()
      expect(state.members.get(bob.secrets.member)?.present).toBe(true)
      expect(state.members.get(dora.secrets.member)?.role).toBe('member')
      expect(state.skipped.map(({ reason }) => reason)).toContain('author-demoted-meanwhile')
    }
    expect(await dora.membership.append({ type: 'rename', circleName: 'x' })).toMatchObject({ error: 'not-allowed' })
    await write(bob, 'still in')
    await meet()
    expect([alice, bob, dora].map(textOf)).toEqual(['still in', 'still in', 'still in'])
  })
})

describe('merge that throws', () => {
  it('two who did everything to each other meanwhile come to one state, whoever hears what first', async () => {
    const { people } = await setUpLab('alice', 'bob', 'cara')
    const [alice, bob, cara] = people as [Somebody, Somebody, Somebody]
    const invitation = newInvitation('member')
    await alice.membership.append(invitation.body)
    for (const person of [bob, cara]) await person.membership.receive(recordsOf(alice.membership))
    const [one, other] = [await createDeviceSecrets(syncSigner), await createDeviceSecrets(syncSigner)]
    // One invitation used for two; each removes the other; roles, names, keys and computers change.
    await alice.membership.append(await admission(syncSigner, alice.membership, one, 'Nan', invitation))
    await bob.membership.append(await admission(syncSigner, bob.membership, other, 'Nan', invitation))
    await renewKey(alice.membership)
    await renewKey(bob.membership)
    await alice.membership.append({ type: 'rename', circleName: 'A' })
    await bob.membership.append({ type: 'rename', circleName: 'B' })
    await alice.membership.append({ type: 'role', member: bob.secrets.member, role: 'member' })
    const bobs = await createDeviceSecrets(syncSigner, bob.secrets.identity.seed)
    await addDevice(bob.membership, bobs.certificate)
    await takeOut(alice, bob)
    await takeOut(bob, alice)
    const [from, to] = [recordsOf(alice.membership), recordsOf(bob.membership)]
    const states = await Promise.all(
      [[...from, ...to], [...to, ...from], [...to, ...from].toReversed()].map(async (records) => {
        const request = { circle: cara.membership.circle, secrets: cara.secrets, signer: syncSigner }
        const { membership } = await openReceived({ ...request, store: createMemoryStore() }, records)
        const state = membership?.state()
        return [
          state?.currentEpoch,
          state?.heads,
          [...(state?.members.values() ?? [])].map((each) => [each.name, each.present]),
        ]
      }),
    )
    expect(states[1]).toEqual(states[0])
    expect(states[2]).toEqual(states[0])
    for (const person of [alice, bob, cara]) {
      const refusals = await person.membership.receive([...from, ...to])
      expect(refusals).toEqual([])
    }
    expect(alice.membership.state().heads).toEqual(bob.membership.state().heads)
    expect(alice.membership.state().heads).toEqual(cara.membership.state().heads)
  })
})

describe('rekey while adding', () => {
  it('who came in while the key was changing is given it by whoever holds it, and reads everything', async () => {
    const { people, meet } = await setUpLab('alice', 'bob')
    const [alice, bob] = people as [Somebody, Somebody]
    await write(alice, 'before. ')
    await meet()
    const nan = await createDeviceSecrets(syncSigner)
    const invitation = newInvitation('member')
    await alice.membership.append(invitation.body)
    await alice.membership.append(await admission(syncSigner, alice.membership, nan, 'Nan', invitation))
    // Bob has not heard of Nan.
    expect(await renewKey(bob.membership)).toMatchObject({ ok: true })
    await write(bob, 'under the new key.')
    await alice.membership.receive(recordsOf(bob.membership))
    await bob.membership.receive(recordsOf(alice.membership))
    const lacking = () => alice.membership.state().withoutKey.map(({ device }) => device)
    expect(lacking()).toContain(nan.device)
    expect(await repairKeys(alice.membership)).toMatchObject({ ok: true, value: 1 })
    expect(lacking()).toEqual([])
    const store = createMemoryStore()
    const request = { circle: alice.membership.circle, secrets: nan, store, signer: syncSigner }
    const { membership } = await openReceived(request, recordsOf(alice.membership))
    const held = new Set(membership?.heldEpochs())
    for (const epoch of alice.membership.heldEpochs()) expect(held.has(epoch)).toBe(true)
  })
})

describe('somebody let in by one who was no organiser any more', () => {
  it('is not in, and what others had taken in of theirs everybody has', async () => {
    const { people, time, meet } = await setUpLab('alice', 'bob', 'dora')
    const [alice, bob, dora] = people as [Somebody, Somebody, Somebody]
    await alice.membership.append({ type: 'role', member: dora.secrets.member, role: 'member' })
    // Dora has not heard of it, lets Eli in, and Bob meets him.
    const secrets = await createDeviceSecrets(syncSigner)
    const invitation = newInvitation('member')
    await dora.membership.append(invitation.body)
    await dora.membership.append(await admission(syncSigner, dora.membership, secrets, 'Eli', invitation))
    await bob.membership.receive(recordsOf(dora.membership))
    const store = createMemoryStore()
    const request = { circle: dora.membership.circle, secrets, store, signer: syncSigner }
    const { membership } = await openReceived(request, recordsOf(dora.membership))
    if (membership === undefined) throw new Error('Eli was not let in')
    const eli = await openReplica({ membership, store, signer: syncSigner, clock: time, timers: time })
    const paper = await eli.openDocument(bob.paper.id)
    paper.doc.getText('t').insert(0, 'Eli was here. ')
    await eli.flush()
    await carryEntries(eli, bob.replica)
    await write(bob, 'Bob stands on it.')
    await meet()
    for (const person of [alice, bob, dora]) {
      expect(textOf(person)).toBe('Eli was here. Bob stands on it.')
      expect(person.membership.state().devices.has(secrets.device)).toBe(false)
      expect(person.paper.doc.store.pendingStructs).toBeNull()
    }
    // What he writes after that is set aside, and he can be told why.
    paper.doc.getText('t').insert(0, 'Later. ')
    await eli.flush()
    await carryEntries(eli, alice.replica)
    expect(alice.replica.setAside()).toMatchObject([{ device: secrets.device, count: 1 }])
    await membership.receive(alice.membership.recordsUpTo(alice.membership.removalsOf(secrets.device)))
    expect(membership.state().devices.has(secrets.device)).toBe(false)
    await eli.close()
  })
})

describe('re-used key', () => {
  it('every change draws a new key and wraps it fresh for everybody', async () => {
    const { people } = await setUpLab('alice', 'bob', 'cara')
    const [alice] = people as [Somebody]
    for (let change = 0; change < 5; change++) await renewKey(alice.membership)
    const keys = alice.membership
      .heldEpochs()
      .map((epoch) => toHex(alice.membership.epochKey(epoch) ?? new Uint8Array(0)))
    expect(new Set(keys).size).toBe(6)
    const boxes = readRecords(alice.membership).flatMap(({ body }) =>
      grantsIn(body).flatMap(({ wraps }) => wraps.map(({ wrapped }) => toHex(wrapped))),
    )
    expect(new Set(boxes).size).toBe(boxes.length)
    expect(new Set(boxes.map((box) => box.slice(0, 64))).size).toBe(boxes.length)
  })

  it('an epoch cannot be made twice, an invitation cannot be given out twice, keys cannot change their owner', async () => {
    const { people } = await setUpLab('alice', 'bob')
    const [alice, bob] = people as [Somebody, Somebody]
    const { circle } = alice.membership
    const state = alice.membership.state()
    const epochBody = newEpoch(circle, [state.currentEpoch], [recipientOf(alice.secrets.certificate)], new Map())
    expect(await alice.membership.append(epochBody)).toMatchObject({ ok: true })
    expect(await alice.membership.append(epochBody)).toMatchObject({ ok: false, detail: 'epoch-known' })
    const invitation = newInvitation()
    expect(await alice.membership.append(invitation.body)).toMatchObject({ ok: true })
    expect(await alice.membership.append(invitation.body)).toMatchObject({ ok: false, detail: 'invitation-known' })
    // Bob's device keys under somebody else's identity, with Bob's own help.
    const mallory = await createDeviceSecrets(syncSigner)
    const { signingKey, boxKey } = bob.secrets.certificate
    const keys = { identity: mallory.identity, signing: bob.secrets.signing, boxKey }
    const signatures = await signCertificate(syncSigner, keys)
    const certificate = { identityKey: mallory.identity.publicKey, signingKey, boxKey, ...signatures }
    const stolen = { ...mallory, certificate, signing: bob.secrets.signing, device: bob.secrets.device }
    const body = await admission(syncSigner, alice.membership, stolen, 'Mallory', invitation)
    expect(await alice.membership.append(body)).toMatchObject({ ok: false, detail: 'device-taken' })
  })
})

describe('a box holding another key', () => {
  it('is not taken for the epoch’s: its identifier commits to the key', async () => {
    const { people } = await setUpLab('alice', 'bob')
    const [alice, bob] = people as [Somebody, Somebody]
    const { circle } = alice.membership
    const parents: readonly EpochId[] = [alice.membership.state().currentEpoch]
    const [told, other] = [randomBytes(32), randomBytes(32)]
    const epoch = epochIdOf(told, circle, parents)
    // Alice hands Bob a box with another key than everybody else's, to split the two.
    const body = {
      type: 'epoch' as const,
      grant: {
        epoch,
        wraps: [
          { device: alice.secrets.device, wrapped: wrap(alice.secrets.box.publicKey, told) },
          { device: bob.secrets.device, wrapped: wrap(bob.secrets.box.publicKey, other) },
        ],
      },
      parents,
      older: [],
    }
    const record = await signRecord(syncSigner, alice.secrets, {
      circle,
      parents: alice.membership.state().heads,
      body,
    })
    expect(reasons(await bob.membership.receive([record.bytes]))).toEqual([])
    expect(bob.membership.state().epochs.has(epoch)).toBe(true)
    expect(bob.membership.epochKey(epoch)).toBeUndefined()
    expect(bob.membership.heldEpochs()).not.toContain(epoch)
    await alice.membership.receive([record.bytes])
    expect(alice.membership.epochKey(epoch)).toEqual(told)
  })
})
