/** Circles whose people come and go, with real keys: who can open what, and what others make of it. */
import { describe, expect, it } from 'vitest'
import { randomBytes, toHex } from '../base/bytes.ts'
import type { EpochId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import { open } from '../crypto/seal.ts'
import { derive } from '../crypto/derive.ts'
import { unwrap } from '../crypto/wrap.ts'
import { MAX_DEVICES } from '../wire/limits.ts'
import type { DeviceCertificate } from '../wire/record.ts'
import { addDevice } from './add-device.ts'
import { addMember } from './add-member.ts'
import { admissionGrants } from './admission-grants.ts'
import { leavesOf } from './epoch-order.ts'
import { createDeviceSecrets, signCertificate } from './identity.ts'
import { grantTo, newEpoch, recipientOf } from './keys.ts'
import { invitationIdOf } from './names.ts'
import { openReceived } from './open.ts'
import { MAX_HOUSEKEEPING, MAX_RECORDS_OF_MEMBER } from './quota.ts'
import { removeFrom } from './remove-from.ts'
import { renewKey } from './renew-key.ts'
import { repairKeys } from './repair-keys.ts'
import { reportUnopened } from './report-unopened.ts'
import { signRecord } from './sign-record.ts'
import {
  admission,
  asVerified,
  forge,
  meet,
  memoryRecordStore,
  newInvitation,
  openAs,
  proofFor,
  reopened,
  secondComputer,
  setUp,
  setUpCircle,
  type Actor,
} from './testing.ts'
import { grantsIn } from './ledger.ts'
import type { DeviceSecrets } from './state.ts'

const EVERYTHING = { name: 'Dan', role: 'member', history: 'all', now: 2_000 } as const

/** Every box in the log and every key sealed under another, tried with all that this computer has: what it can ever open. */
function openable({ membership, store }: Actor, secrets: DeviceSecrets): ReadonlySet<EpochId> {
  const bodies = asVerified(membership.circle, [...store.kept.values()]).map(({ record }) => record.body)
  const keys = new Set<string>()
  const found = new Map<EpochId, Uint8Array>()
  for (const { epoch, wraps } of bodies.flatMap(grantsIn)) {
    for (const { wrapped } of wraps) {
      const key = unwrap(secrets.box, wrapped)
      if (key === undefined) continue
      keys.add(toHex(key))
      found.set(epoch, key)
    }
  }
  for (let before = -1; before < found.size;) {
    before = found.size
    for (const body of bodies) {
      if (body.type !== 'epoch') continue
      for (const key of found.values()) {
        for (const { epoch, sealedKey } of body.older) {
          const older = open(derive(key, 'older epoch keys'), sealedKey)
          if (older !== undefined) found.set(epoch, older)
        }
      }
    }
  }
  return new Set(found.keys())
}

const stateOf = ({ membership }: Actor) => membership.state()
const sealing = ({ membership }: Actor) => membership.sealingEpoch()

async function three() {
  const setting = await setUp(['Alice', 'Bob', 'Cat'])
  const { actors } = await setUpCircle(setting, setting.actors)
  return { signer: setting.signer, group: setting, alice: actors[0], bob: actors[1], cat: actors[2] }
}

describe('a circle', () => {
  it('opens for those who were put in, with its papers so far, and for nobody else of the group', async () => {
    const setting = await setUp(['Alice', 'Bob', 'Cat'])
    const [alice, bob, cat] = setting.actors
    const inner = await setUpCircle(setting, [alice, bob])
    const [, bobInside] = inner.actors
    expect(stateOf(bobInside)).toMatchObject({
      kind: 'circle',
      group: setting.circle,
      name: 'Planning',
      withoutKey: [],
    })
    expect(sealing(bobInside)).toBe(sealing(inner.actors[0]))
    expect(openable(bobInside, cat.secrets).size).toBe(0)
    expect(stateOf(bobInside).members.has(cat.secrets.member)).toBe(false)
  })

  it('takes in all computers of one person at once, and refuses those of two as one', async () => {
    const { signer, alice, bob, cat } = await three()
    const dan = await createDeviceSecrets(signer)
    const laptop = await createDeviceSecrets(signer, dan.identity.seed)
    const certificates = [dan.certificate, laptop.certificate]
    expect(await addMember(alice.membership, { ...EVERYTHING, certificates })).toEqual({ ok: true, value: undefined })
    const inside = await openAs(signer, alice, laptop, 'Dan')
    expect(sealing(inside)).toBe(sealing(alice))
    expect(stateOf(inside).members.get(dan.member)?.devices).toHaveLength(2)

    const eve = await createDeviceSecrets(signer)
    for (const wrong of [
      [eve.certificate, (await createDeviceSecrets(signer)).certificate],
      [eve.certificate, eve.certificate],
      [{ ...eve.certificate, boxKey: dan.certificate.boxKey }],
      [{ ...eve.certificate, signature: eve.certificate.consent }],
      [{ ...eve.certificate, consent: eve.certificate.signature }],
    ]) {
      const body = { ...EVERYTHING, type: 'add', certificates: wrong, addedAt: 1, grants: [] } as const
      const record = await forge(signer, alice.secrets, alice.membership.circle, stateOf(alice).heads, body)
      expect(await bob.membership.receive([record.bytes])).toEqual([{ reason: 'certificate-invalid' }])
    }
    expect(
      await addMember(cat.membership, { ...EVERYTHING, certificates: [eve.certificate, dan.certificate] }),
    ).toEqual(expect.objectContaining({ ok: false, error: 'not-allowed', detail: 'certificate-invalid' }))
  })

  it('gives whoever comes from now on the new key only', async () => {
    const { signer, alice, bob } = await three()
    const before = sealing(alice)
    const dan = await createDeviceSecrets(signer)
    const request = { ...EVERYTHING, history: 'from-now', certificates: [dan.certificate] } as const
    expect(await addMember(alice.membership, request)).toMatchObject({ ok: true })
    const inside = await openAs(signer, alice, dan, 'Dan')
    await meet(alice, bob, inside)
    expect(openable(inside, dan)).toEqual(new Set([sealing(alice)]))
    // And so it stays when the key changes, whoever changes it.
    for (const who of [bob, alice]) {
      expect(await renewKey(who.membership)).toMatchObject({ ok: true })
      await meet(alice, bob, inside)
    }
    expect(openable(inside, dan).has(before!)).toBe(false)
    expect(openable(inside, dan).size).toBe(3)
    expect(sealing(inside)).toBe(sealing(bob))
    expect(stateOf(inside).withoutKey).toEqual([])
    // Somebody who comes later with all of it gets the first key in a box of their own.
    const eve = await createDeviceSecrets(signer)
    await addMember(bob.membership, { ...EVERYTHING, name: 'Eve', certificates: [eve.certificate] })
    const late = await openAs(signer, bob, eve, 'Eve')
    expect(late.membership.epochKey(before!)).toEqual(alice.membership.epochKey(before!))
  })

  it('is closed by an organiser, and its keys still change', async () => {
    const { alice, bob, cat } = await three()
    expect(await alice.membership.append({ type: 'close', closed: true })).toMatchObject({ ok: true })
    await meet(alice, bob, cat)
    expect(stateOf(cat).closed).toBe(true)
    await removeFrom(alice.membership, { member: bob.secrets.member }, [])
    expect(sealing(alice)).toBeDefined()
  })
})

describe('after a removal', () => {
  it('the removed computer opens nothing that is made later, with every box in the log tried', async () => {
    const { alice, bob, cat } = await three()
    const before = sealing(alice)!
    expect(await removeFrom(alice.membership, { member: bob.secrets.member }, [])).toEqual({
      ok: true,
      value: undefined,
    })
    await renewKey(cat.membership)
    await meet(alice, bob, cat)
    const [now] = [sealing(alice)!]
    expect(now).not.toBe(before)
    expect(sealing(cat)).toBe(now)
    expect(openable(bob, bob.secrets).has(now)).toBe(false)
    expect(sealing(bob)).toBeUndefined()
    expect(cat.membership.epochKey(before)).toBeDefined()
    expect(await renewKey(bob.membership)).toMatchObject({ ok: false, error: 'not-allowed' })
  })

  it('whoever took out may stop before the new key: anybody makes it before they write', async () => {
    const setting = await setUp(['Alice', 'Bob', 'Cat'])
    const { actors } = await setUpCircle(setting, setting.actors, 'member')
    const [alice, bob, cat] = actors
    await alice.membership.append({ type: 'remove', target: { member: bob.secrets.member }, lastAccepted: [] })
    await meet(alice, cat)
    expect([sealing(alice), sealing(cat)]).toEqual([undefined, undefined])
    const made = await renewKey(cat.membership)
    expect(made).toMatchObject({ ok: true })
    expect(await renewKey(cat.membership)).toMatchObject({ ok: false, detail: 'not-an-organiser' })
    await meet(alice, bob, cat)
    expect(sealing(alice)).toBe(made.ok ? made.value : undefined)
    expect(openable(bob, bob.secrets).has(sealing(alice)!)).toBe(false)
  })

  it('a key made by a plain member with boxes that hold nothing keeps nobody from making the next', async () => {
    const { signer, circle, actors } = await setUp(['alice', 'bob', 'mal'], 'member')
    const [alice, bob, mal] = actors
    // A computer that comes and goes leaves no clean key, and then anybody may make one.
    const { device } = (await secondComputer(signer, mal)).secrets
    await mal.membership.append({ type: 'remove', target: { device }, lastAccepted: [] })
    const everybody = actors.map(({ secrets }) => recipientOf(secrets.certificate))
    const sound = newEpoch(circle, leavesOf(stateOf(mal).epochs), everybody, new Map())
    const wraps = sound.grant.wraps.map((box) => ({ ...box, wrapped: new Uint8Array(box.wrapped.length) }))
    expect(await mal.membership.append({ ...sound, grant: { ...sound.grant, wraps } })).toMatchObject({ ok: true })
    await meet(alice, bob, mal)
    expect(bob.membership.sealingEpoch()).toBeUndefined()
    expect(await renewKey(bob.membership)).toMatchObject({ ok: true })
    await meet(alice, bob, mal)
    expect(bob.membership.sealingEpoch()).toBeDefined()
    expect(alice.membership.sealingEpoch()).toBe(bob.membership.sealingEpoch())
  })

  it('a disk that is full for the new key is no failed removal: the key comes before the next write', async () => {
    const { alice, bob } = await three()
    const append = alice.membership.append
    const failing: Actor['membership'] = {
      ...alice.membership,
      append: async (body) => {
        alice.store.failing = body.type === 'epoch'
        const appended = await append(body)
        alice.store.failing = false
        return appended
      },
    }
    expect(await removeFrom(failing, { member: bob.secrets.member }, [])).toEqual({ ok: true, value: undefined })
    expect(sealing(alice)).toBeUndefined()
    expect(await renewKey(alice.membership)).toMatchObject({ ok: true })
    expect(sealing(alice)).toBeDefined()
  })

  it('who leaves makes no key, and any of the others does', async () => {
    const { alice, bob, cat } = await three()
    const epochs = stateOf(bob).epochs.size
    expect(await removeFrom(bob.membership, { member: bob.secrets.member }, [])).toMatchObject({ ok: true })
    expect(stateOf(bob).epochs.size).toBe(epochs)
    await meet(alice, bob, cat)
    expect(sealing(cat)).toBeUndefined()
    expect(await renewKey(cat.membership)).toMatchObject({ ok: true })
    await meet(alice, bob, cat)
    expect(stateOf(alice).skipped).toEqual([])
    expect(openable(bob, bob.secrets).has(sealing(alice)!)).toBe(false)
  })

  it('two organisers who remove each other: everybody agrees on one, who alone opens the next key', async () => {
    const { alice, bob, cat } = await three()
    await removeFrom(alice.membership, { member: bob.secrets.member }, [])
    await removeFrom(bob.membership, { member: alice.secrets.member }, [])
    await meet(alice, bob, cat)
    expect(stateOf(bob)).toEqual(stateOf(alice))
    expect(stateOf(cat)).toEqual(stateOf(alice))
    // Alice has been in for longer.
    expect(stateOf(cat).members.get(bob.secrets.member)?.present).toBe(false)
    expect(stateOf(cat).members.get(alice.secrets.member)?.present).toBe(true)
    expect(sealing(cat)).toBe(sealing(alice))
    expect(openable(cat, bob.secrets).has(sealing(cat)!)).toBe(false)
  })

  it('a removed organiser who had a new key ready is not served by it', async () => {
    const { alice, bob, cat } = await three()
    const made = await renewKey(bob.membership)
    await removeFrom(alice.membership, { member: bob.secrets.member }, [])
    await meet(alice, bob, cat)
    expect(stateOf(cat).epochs.get(made.ok ? made.value : ('' as EpochId))).toMatchObject({ clean: false })
    expect(sealing(cat)).toBe(sealing(alice))
    expect(openable(bob, bob.secrets).has(sealing(cat)!)).toBe(false)
    // What Cat wrote under it before she knew can still be read by all who are in.
    expect(alice.membership.epochKey(made.ok ? made.value : ('' as EpochId))).toBeDefined()
    expect(alice.membership.mayWrite(cat.secrets.device, 0, made.ok ? made.value : ('' as EpochId)).ok).toBe(true)
  })

  it('a key that was struck out is passed on all the same, and does not stand in the way of the next', async () => {
    const { signer, alice, bob, cat } = await three()
    const made = await renewKey(bob.membership, { older: 'none' })
    const struck = made.ok ? made.value : ('' as EpochId)
    await meet(bob, cat)
    await removeFrom(alice.membership, { member: bob.secrets.member }, [])
    await meet(alice, cat)
    const dan = await createDeviceSecrets(signer)
    await addMember(alice.membership, { ...EVERYTHING, certificates: [dan.certificate] })
    expect(await renewKey(alice.membership)).toMatchObject({ ok: true })
    await meet(alice, cat)
    expect(await repairKeys(cat.membership)).toMatchObject({ ok: true })
    const inside = await openAs(signer, cat, dan, 'Dan')
    expect(inside.membership.epochKey(struck)).toEqual(cat.membership.epochKey(struck))
    expect(sealing(inside)).toBe(sealing(cat))
    expect(stateOf(inside).withoutKey).toEqual([])
  })

  it('hundreds of loose ends, left by somebody on purpose, keep nobody from changing the key', async () => {
    const { signer, alice, bob, cat } = await three()
    const { circle } = alice.membership
    const before = sealing(alice)!
    const parents = stateOf(bob).heads
    const loose: Uint8Array[] = []
    for (let index = 0; index < 60; index++) {
      const to = [recipientOf(bob.secrets.certificate), recipientOf(alice.secrets.certificate)]
      const body = newEpoch(circle, [before], to, new Map())
      loose.push((await forge(signer, bob.secrets, circle, parents, body)).bytes)
    }
    await alice.membership.receive(loose)
    expect(stateOf(alice).epochs.size).toBe(61)
    expect(await removeFrom(alice.membership, { member: bob.secrets.member }, [])).toMatchObject({ ok: true })
    await meet(alice, cat)
    expect(sealing(alice)).toBeDefined()
    expect(sealing(cat)).toBe(sealing(alice))
    expect(openable(bob, bob.secrets).has(sealing(alice)!)).toBe(false)
    expect(stateOf(alice).heads).toHaveLength(1)
  })

  it('says up to where a computer counts, and tells why, without what came later', async () => {
    const { signer, alice, bob, cat } = await three()
    const { heads } = stateOf(alice)
    const last = { device: bob.secrets.device, incarnation: 0, seq: 4, hash: heads[0]! }
    const before = sealing(alice)!
    await removeFrom(alice.membership, { device: bob.secrets.device }, [last])
    await alice.membership.append({ type: 'rename', circleName: 'Without Bob' })
    await meet(alice, cat)
    const may = (who: Actor, incarnation = 0) => cat.membership.mayWrite(who.secrets.device, incarnation, before)
    expect(may(bob)).toEqual({
      ok: true,
      value: { member: bob.secrets.member, upTo: { seq: 4, hash: heads[0] } },
    })
    expect(may(alice)).toEqual({ ok: true, value: { member: alice.secrets.member } })
    expect(may(bob, 1)).toMatchObject({ error: 'unknown-incarnation' })
    const removals = cat.membership.removalsOf(bob.secrets.device)
    expect(removals).toHaveLength(1)
    expect(cat.membership.removalsOf(alice.secrets.device)).toEqual([])
    await bob.membership.receive(cat.membership.recordsUpTo(removals))
    expect(stateOf(bob).devices.get(bob.secrets.device)?.removal?.by).toBe(alice.secrets.member)
    expect(stateOf(bob).name).toBe('Planning')
    expect(stateOf(bob).epochs.size).toBe(1)
    expect(stateOf(await reopened(signer, cat))).toEqual(stateOf(cat))
  })

  it('nothing counts of an incarnation that the removal does not name, and one declared meanwhile is not known', async () => {
    const { alice, bob } = await three()
    const epoch = sealing(alice)!
    await bob.membership.append({ type: 'incarnation', incarnation: 1 })
    await meet(alice, bob)
    await bob.membership.append({ type: 'incarnation', incarnation: 2 })
    await removeFrom(alice.membership, { device: bob.secrets.device }, [])
    await meet(alice, bob)
    const may = (incarnation: number) => alice.membership.mayWrite(bob.secrets.device, incarnation, epoch)
    expect(may(1)).toEqual({ ok: true, value: { member: bob.secrets.member, upTo: { seq: 0 } } })
    expect(may(2)).toMatchObject({ error: 'unknown-incarnation' })
    expect(bob.membership.removalsOf(bob.secrets.device)).toHaveLength(1)
  })

  it('somebody put in again on the same computer opens all, the time they were away included', async () => {
    const { alice, bob, cat } = await three()
    await removeFrom(alice.membership, { member: bob.secrets.member }, [])
    await renewKey(alice.membership)
    const certificates = [bob.secrets.certificate]
    await addMember(alice.membership, { ...EVERYTHING, name: 'Bob', certificates })
    await meet(alice, bob, cat)
    expect(bob.membership.mayWrite(bob.secrets.device, 0, sealing(bob)!)).toEqual({
      ok: true,
      value: { member: bob.secrets.member },
    })
    expect(new Set(bob.membership.heldEpochs())).toEqual(new Set(stateOf(alice).epochs.keys()))
    expect(bob.membership.removalsOf(bob.secrets.device)).toEqual([])
  })
})

describe('another computer', () => {
  it('opens everything, names itself, and is struck off from the other one with a change of keys', async () => {
    const { signer, alice, bob, cat } = await three()
    await renewKey(alice.membership)
    await meet(alice, bob, cat)
    const laptop = await secondComputer(signer, bob)
    expect(new Set(laptop.membership.heldEpochs())).toEqual(new Set(bob.membership.heldEpochs()))
    await laptop.membership.append({ type: 'device-name', name: 'Laptop' })
    await meet(alice, bob, cat, laptop)
    expect(stateOf(alice).devices.get(laptop.secrets.device)?.name).toBe('Laptop')
    expect(stateOf(alice).members.get(bob.secrets.member)?.devices).toHaveLength(2)
    const count = bob.store.kept.size
    expect(await addDevice(bob.membership, laptop.secrets.certificate)).toMatchObject({ ok: true })
    expect(bob.store.kept.size).toBe(count)

    await removeFrom(bob.membership, { device: laptop.secrets.device }, [])
    await meet(alice, bob, cat, laptop)
    expect(stateOf(cat).members.get(bob.secrets.member)?.present).toBe(true)
    expect(sealing(cat)).toBe(sealing(bob))
    expect(openable(laptop, laptop.secrets).has(sealing(cat)!)).toBe(false)
  })

  it('of a plain member can be struck off too, and the key changes', async () => {
    const setting = await setUp(['Alice', 'Bob'])
    const { actors } = await setUpCircle(setting, setting.actors, 'member')
    const [alice, bob] = actors
    const laptop = await secondComputer(setting.signer, bob)
    await removeFrom(bob.membership, { device: laptop.secrets.device }, [])
    await meet(alice, bob, laptop)
    expect(sealing(alice)).toBe(sealing(bob))
    expect(sealing(alice)).toBeDefined()
    expect(openable(laptop, laptop.secrets).has(sealing(alice)!)).toBe(false)
  })

  it('added by a computer that was taken out meanwhile is not in, and was given no later key', async () => {
    const { signer, alice, bob, cat } = await three()
    const hidden = await secondComputer(signer, bob)
    await removeFrom(alice.membership, { member: bob.secrets.member }, [])
    await meet(alice, bob, cat, hidden)
    expect(stateOf(cat).devices.get(hidden.secrets.device)?.present ?? false).toBe(false)
    expect(stateOf(cat).devices.has(hidden.secrets.device)).toBe(false)
    expect(openable(hidden, hidden.secrets).has(sealing(cat)!)).toBe(false)
    expect(await hidden.membership.append({ type: 'profile', name: 'Bob again' })).toMatchObject({
      error: 'not-allowed',
    })
  })
})

describe('keys that went past somebody', () => {
  it('are given by anybody who holds them: put in during a change of keys', async () => {
    const { signer, alice, bob, cat } = await three()
    const dan = await createDeviceSecrets(signer)
    await addMember(alice.membership, { ...EVERYTHING, certificates: [dan.certificate] })
    const inside = await openAs(signer, alice, dan, 'Dan')
    const made = await renewKey(bob.membership)
    await meet(alice, bob, cat, inside)
    const lack = { device: dan.device, epoch: made.ok ? made.value : '' }
    expect(stateOf(cat).withoutKey).toEqual([lack])
    expect(inside.membership.epochKey(lack.epoch as EpochId)).toBeUndefined()
    // Dan himself can do nothing about it.
    expect(await repairKeys(inside.membership)).toEqual({ ok: true, value: 0 })
    expect(await repairKeys(cat.membership)).toEqual({ ok: true, value: 1 })
    await meet(alice, bob, cat, inside)
    expect(stateOf(alice).withoutKey).toEqual([])
    expect(sealing(inside)).toBe(sealing(bob))
    expect(await repairKeys(alice.membership)).toEqual({ ok: true, value: 0 })
  })

  /** A key for everybody that was changed while Dan was being put in, and boxes for him that hold nothing of it. */
  async function misled() {
    const { signer, alice, bob, cat } = await three()
    const dan = await createDeviceSecrets(signer)
    await addMember(alice.membership, { ...EVERYTHING, certificates: [dan.certificate] })
    const inside = await openAs(signer, alice, dan, 'Dan')
    const made = await renewKey(bob.membership)
    await meet(alice, bob, cat, inside)
    const epoch = (made.ok ? made.value : '') as EpochId
    const mislead = async (by: Actor): Promise<void> => {
      const garbage = grantTo([recipientOf(dan.certificate)], epoch, randomBytes(32))
      expect(await by.membership.append({ type: 'grant', grants: [garbage] })).toMatchObject({ ok: true })
    }
    return { signer, alice, bob, cat, inside, epoch, mislead }
  }

  it('are given again where a box held something else, and nobody is asked twice for the same lie', async () => {
    const { signer, alice, bob, cat, inside, epoch, mislead } = await misled()
    await mislead(bob)
    await meet(alice, bob, cat, inside)
    // By the records he has it; only his own computer sees that he has not.
    expect(stateOf(alice).withoutKey).toEqual([])
    expect(inside.membership.unopened()).toEqual([epoch])
    expect(cat.membership.unopened()).toEqual([])
    const before = stateOf(inside).epochs.get(epoch)
    expect(await reportUnopened(inside.membership)).toEqual({ ok: true, value: 1 })
    expect(await reportUnopened(inside.membership)).toEqual({ ok: true, value: 0 })
    expect(inside.membership.unopened()).toEqual([])
    await meet(bob, inside)
    // The same garbage once more: it does not count, and he says nothing more about it.
    for (let at = 0; at < 3; at++) await mislead(bob)
    await meet(alice, bob, cat, inside)
    const lack = { device: inside.secrets.device, epoch, notFrom: [bob.secrets.member] }
    for (const { membership } of [alice, bob, cat, inside]) expect(membership.state().withoutKey).toEqual([lack])
    expect(inside.membership.unopened()).toEqual([])
    expect(await repairKeys(bob.membership)).toEqual({ ok: true, value: 0 })
    expect(await repairKeys(cat.membership)).toEqual({ ok: true, value: 1 })
    await meet(alice, bob, cat, inside)
    for (const { membership } of [alice, bob, cat, inside]) expect(membership.state().withoutKey).toEqual([])
    expect(inside.membership.epochKey(epoch)).toEqual(cat.membership.epochKey(epoch))
    // A box is out whatever it holds: this changes nothing about who was given the key.
    expect(stateOf(inside).epochs.get(epoch)).toEqual(before)
    await removeFrom(alice.membership, { member: inside.secrets.member }, [])
    expect(stateOf(alice).epochs.get(epoch)?.clean).toBe(false)
    // In whatever order the records come.
    await meet(alice, bob, cat, inside)
    for (let round = 0; round < 5; round++) {
      const shuffled = alice.membership.recordsOf(alice.membership.hashes()).toSorted(() => Math.random() - 0.5)
      const store = memoryRecordStore()
      const request = { circle: alice.membership.circle, secrets: cat.secrets, store, signer }
      expect((await openReceived(request, shuffled)).membership?.state()).toEqual(stateOf(alice))
    }
  })

  it('end with those who may give them: whoever says of every box that it does not open gets no more', async () => {
    const { alice, bob, cat, inside, epoch } = await misled()
    const complaint = { type: 'grant', grants: [{ epoch, wraps: [] }] } as const
    const counts: number[] = []
    for (let round = 0; round < 6; round++) {
      for (const giver of [alice, bob, cat]) {
        const given = await repairKeys(giver.membership)
        counts.push(given.ok ? given.value : -1)
        await meet(alice, bob, cat, inside)
      }
      await inside.membership.append(complaint)
      await meet(alice, bob, cat, inside)
    }
    // Each of them once, and then nobody any more.
    expect(counts.slice(0, 9)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1])
    expect(counts.slice(9).every((count) => count === 0)).toBe(true)
  })

  it('are given again where what lies sealed under a newer one is something else', async () => {
    const { signer, alice, bob, cat, inside, epoch } = await misled()
    // Bob’s next key, with nothing in it of the one before; to Dan that one was never given.
    const { circle } = alice.membership
    const to = [alice, bob, cat, inside].map(({ secrets }) => recipientOf(secrets.certificate))
    const body = newEpoch(circle, [epoch], to, new Map([[epoch, randomBytes(32)]]))
    const { bytes } = await forge(signer, bob.secrets, circle, stateOf(bob).heads, body)
    for (const { membership } of [alice, bob, cat, inside]) await membership.receive([bytes])
    expect(stateOf(alice).withoutKey).toEqual([])
    expect(inside.membership.unopened()).toEqual([epoch])
    expect(await reportUnopened(inside.membership)).toEqual({ ok: true, value: 1 })
    await meet(alice, inside)
    expect(await repairKeys(alice.membership)).toEqual({ ok: true, value: 1 })
    await meet(alice, bob, cat, inside)
    expect(inside.membership.epochKey(epoch)).toEqual(cat.membership.epochKey(epoch))
    expect(stateOf(inside).withoutKey).toEqual([])
  })

  it('are not passed on with the last records that somebody may still say', async () => {
    const { alice, bob, cat, inside } = await misled()
    for (const { membership } of [alice, cat]) {
      const busy = { ...membership, ownRecords: () => MAX_HOUSEKEEPING }
      expect(await repairKeys(busy)).toEqual({ ok: false, error: 'room-kept' })
      // Where there is nothing to do, there is nothing to keep room from.
      expect(await reportUnopened(busy)).toEqual({ ok: true, value: 0 })
    }
    expect(alice.membership.ownRecords()).toBeGreaterThan(inside.membership.ownRecords())
    expect(await repairKeys(bob.membership)).toEqual({ ok: true, value: 1 })
  })

  it('do not keep the newcomer from writing: they make one that all can open', async () => {
    const setting = await setUp(['Alice', 'Bob', 'Cat'])
    const { actors } = await setUpCircle(setting, setting.actors, 'member')
    const [alice, , cat] = actors
    const made = await renewKey(alice.membership)
    await cat.membership.receive(alice.membership.recordsOf(alice.membership.hashes()))
    expect(sealing(cat)).toBe(made.ok ? made.value : undefined)
    const dan = await createDeviceSecrets(setting.signer)
    const first = [...stateOf(alice).epochs.keys()][0]!
    const key = alice.membership.epochKey(first)!
    await alice.membership.append({
      ...EVERYTHING,
      type: 'add',
      certificates: [dan.certificate],
      addedAt: 1,
      grants: [grantTo([recipientOf(dan.certificate)], first, key)],
    })
    const inside = await openAs(setting.signer, alice, dan, 'Dan')
    expect(sealing(inside)).toBeUndefined()
    expect(await renewKey(inside.membership)).toMatchObject({ ok: true })
    await meet(alice, cat, inside)
    expect(sealing(cat)).toBe(sealing(inside))
    expect(stateOf(cat).skipped).toEqual([])
  })

  it('may be more than one record holds: the newest come first, and the rest by repair', async () => {
    const { signer, alice, bob } = await three()
    for (let index = 0; index < 28; index++) {
      expect((await renewKey(alice.membership, { older: 'none' })).ok).toBe(true)
    }
    const first = await createDeviceSecrets(signer)
    const computers = [first]
    while (computers.length < MAX_DEVICES) computers.push(await createDeviceSecrets(signer, first.identity.seed))
    const certificates = computers.map(({ certificate }) => certificate)
    expect(await addMember(alice.membership, { ...EVERYTHING, certificates })).toMatchObject({ ok: true })
    expect(sealing(await openAs(signer, alice, first, 'Dan'))).toBe(sealing(alice))
    // 29 epochs, 25 of them in the record.
    expect(stateOf(alice).withoutKey).toHaveLength(4 * MAX_DEVICES)
    await meet(alice, bob)
    expect(await repairKeys(bob.membership)).toEqual({ ok: true, value: 4 * MAX_DEVICES })
    expect(stateOf(bob).withoutKey).toEqual([])
    const inside = await openAs(signer, bob, first, 'Dan')
    expect(new Set(inside.membership.heldEpochs())).toEqual(new Set(stateOf(bob).epochs.keys()))
    const grants = await admissionGrants(alice.membership, first.certificate, 'all')
    expect(grants.ok && grants.value.length).toBe(29)
  }, 30_000)

  it('who asks for a new key twice at once gets one', async () => {
    const { alice } = await three()
    const before = stateOf(alice).epochs.size
    const [one, two] = await Promise.all([renewKey(alice.membership), renewKey(alice.membership)])
    expect(one).toEqual(two)
    expect(stateOf(alice).epochs.size).toBe(before + 1)
  })

  it('a key is made anew where somebody is taken out while it is being made', async () => {
    const { alice, bob, cat } = await three()
    await bob.membership.append({ type: 'remove', target: { member: cat.secrets.member }, lastAccepted: [] })
    const news = bob.membership.recordsOf(bob.membership.hashes())
    // Queued first, so the state moves between the making of the boxes and the record.
    const received = alice.membership.receive(news)
    const made = await renewKey(alice.membership)
    await received
    expect(made).toMatchObject({ ok: true })
    expect(stateOf(alice).epochs.get(made.ok ? made.value : ('' as EpochId))?.clean).toBe(true)
  })
})

describe('invitations', () => {
  it('one that two organisers used for two newcomers lets in one, and the key changes hands with nobody outside', async () => {
    const setting = await setUp(['Alice', 'Bob', 'Cat'])
    const { signer, circle } = setting
    const [alice, bob, cat] = setting.actors
    const invitation = newInvitation('member')
    await alice.membership.append(invitation.body)
    await meet(alice, bob, cat)
    const guests = [await createDeviceSecrets(signer), await createDeviceSecrets(signer)] as const
    await alice.membership.append(await admission(signer, alice.membership, guests[0], 'Gus', invitation))
    await bob.membership.append(await admission(signer, bob.membership, guests[1], 'Hal', invitation))
    await meet(alice, bob, cat)
    const present = guests.filter(({ member }) => stateOf(cat).members.get(member)?.present === true)
    expect(present).toHaveLength(1)
    expect(stateOf(alice)).toEqual(stateOf(bob))
    // The other one was given the key, so it is used no more.
    expect(sealing(cat)).toBeUndefined()
    await renewKey(cat.membership)
    const other = guests.find(({ member }) => member !== present[0]?.member)!
    expect(openable(cat, other).has(sealing(cat)!)).toBe(false)
    expect(openable(cat, present[0]!).has(sealing(cat)!)).toBe(true)
    expect(circle).toBe(cat.membership.circle)
  })

  it('cancelling beats admitting, and the one who was let in meanwhile opens no later key', async () => {
    const setting = await setUp(['Alice', 'Bob'])
    const { signer } = setting
    const [alice, bob] = setting.actors
    const invitation = newInvitation('member')
    await alice.membership.append(invitation.body)
    await meet(alice, bob)
    const guest = await createDeviceSecrets(signer)
    await bob.membership.append(await admission(signer, bob.membership, guest, 'Gus', invitation))
    const id = invitationIdOf(invitation.keys.publicKey)
    await alice.membership.append({ type: 'cancel', invitation: id, reason: 'cancelled' })
    await meet(alice, bob)
    expect(stateOf(bob).members.has(guest.member)).toBe(false)
    expect(stateOf(bob).skipped).toMatchObject([
      { reason: 'invitation-cancelled-meanwhile', author: bob.secrets.member },
    ])
    expect(sealing(bob)).toBeUndefined()
    await renewKey(bob.membership)
    expect(openable(bob, guest).has(sealing(bob)!)).toBe(false)
  })

  it('from now on is kept by whoever admits: the key is changed first', async () => {
    const setting = await setUp(['Alice', 'Bob'])
    const { signer, circle } = setting
    const [alice, bob] = setting.actors
    const first = sealing(alice)!
    const made = newInvitation('member')
    const invitation = { ...made, body: { ...made.body, history: 'from-now' as const } }
    await alice.membership.append(invitation.body)
    const guest = await createDeviceSecrets(signer)
    const grants = await admissionGrants(alice.membership, guest.certificate, 'from-now')
    if (!grants.ok) throw new Error(grants.error)
    const join = await proofFor(signer, circle, guest, 'Gus', invitation)
    await alice.membership.append({ type: 'admit', join, admittedAt: 1_500, grants: grants.value })
    const inside = await openAs(signer, alice, guest, 'Gus')
    expect(openable(inside, guest)).toEqual(new Set([sealing(alice)]))
    await meet(alice, bob, inside)
    expect(await repairKeys(bob.membership)).toEqual({ ok: true, value: 0 })
    expect(openable(inside, guest).has(first)).toBe(false)
  })
})

/** Somebody's word that another's computer is theirs; the computer agrees, so its owner must have made it do so. */
async function certifiedBy(signer: Signer, claimer: Actor, claimed: Actor): Promise<DeviceCertificate> {
  const { identityKey } = claimer.secrets.certificate
  const { signingKey, boxKey } = claimed.secrets.certificate
  const keys = { identity: claimer.secrets.identity, signing: claimed.secrets.signing, boxKey }
  return { identityKey, signingKey, boxKey, ...(await signCertificate(signer, keys)) }
}

describe('how much one person may say', () => {
  it('is bounded: what is over it is refused by name, and taken all the same where another rests on it', async () => {
    const { signer, alice, bob, cat } = await three()
    const { circle } = alice.membership
    // One profile after the other, apart from everybody.
    const chain: { hash: string; bytes: Uint8Array }[] = []
    let parents = stateOf(bob).heads
    for (let index = 0; index < MAX_RECORDS_OF_MEMBER + 5; index++) {
      const body = { type: 'profile', name: `Bob ${index}` } as const
      const made = await signRecord(signer, bob.secrets, { circle, parents, body })
      chain.push(made)
      parents = [made.hash]
    }
    const refusals = await alice.membership.receive(chain.map(({ bytes }) => bytes))
    const tooMuch = (some: typeof chain) => some.map(({ hash }) => ({ reason: 'author-over-quota', hash }))
    expect(refusals).toEqual(tooMuch(chain.slice(MAX_RECORDS_OF_MEMBER)))
    expect(stateOf(alice).members.get(bob.secrets.member)?.name).toBe(`Bob ${MAX_RECORDS_OF_MEMBER - 1}`)
    // Cat, who had room for all, went on from the third of those; she sends what hers rests on.
    const over = chain.slice(MAX_RECORDS_OF_MEMBER)
    const onIt = await forge(signer, cat.secrets, circle, [over[2]!.hash as never], {
      type: 'profile',
      name: 'Catherine',
    })
    const second = await alice.membership.receive([...over.map(({ bytes }) => bytes), onIt.bytes])
    expect(second).toEqual(tooMuch(over.slice(3)))
    expect(stateOf(alice).members.get(cat.secrets.member)?.name).toBe('Catherine')
    expect(stateOf(alice).members.get(bob.secrets.member)?.name).toBe(`Bob ${MAX_RECORDS_OF_MEMBER + 2}`)
    // Of two more of one's own one does not rescue the other.
    const third = await alice.membership.receive(over.slice(3).map(({ bytes }) => bytes))
    expect(third).toHaveLength(2)
    // And of one's own the same holds.
    await bob.membership.receive(alice.membership.recordsOf(alice.membership.hashes()))
    expect(await bob.membership.append({ type: 'profile', name: 'More' })).toMatchObject({
      error: 'not-allowed',
      detail: 'author-over-quota',
    })
  }, 60_000)

  it('is taken all the same where what rests on it comes in a later message, or before', async () => {
    const { signer, alice, bob, cat } = await three()
    const { circle } = alice.membership
    const chain: { hash: string; bytes: Uint8Array }[] = []
    let parents = stateOf(bob).heads
    for (let index = 0; index < MAX_RECORDS_OF_MEMBER + 6; index++) {
      const body = { type: 'profile', name: `Bob ${index}` } as const
      const made = await signRecord(signer, bob.secrets, { circle, parents, body })
      chain.push(made)
      parents = [made.hash]
    }
    const over = chain.slice(MAX_RECORDS_OF_MEMBER).map(({ bytes }) => bytes)
    const onIt = (at: number, name: string) =>
      forge(signer, cat.secrets, circle, [chain[MAX_RECORDS_OF_MEMBER + at]!.hash as never], { type: 'profile', name })
    const [first, second] = [await onIt(2, 'Catherine'), await onIt(5, 'Cate')]
    expect(await alice.membership.receive(chain.map(({ bytes }) => bytes))).toHaveLength(6)
    // They are not said again in this session: hers alone.
    expect(await alice.membership.receive([first.bytes])).toEqual([])
    expect(stateOf(alice).members.get(cat.secrets.member)?.name).toBe('Catherine')
    // After a restart: hers first, then the end of the chain, then its beginning.
    const again = await reopened(signer, alice)
    expect(await again.membership.receive([second.bytes])).toEqual([])
    expect(await again.membership.receive(over.slice(5))).toEqual([])
    expect(await again.membership.receive(over.slice(4, 5))).toEqual([])
    expect(await again.membership.receive(over.slice(3, 4))).toEqual([])
    expect(stateOf(again).members.get(cat.secrets.member)?.name).toBe('Cate')
  }, 60_000)

  it('is not counted twice because somebody said it twice', async () => {
    const { alice, bob } = await three()
    await bob.membership.append({ type: 'profile', name: 'Robert' })
    await bob.membership.append({ type: 'profile', name: 'Rob' })
    const [one, two] = bob.membership.recordsOf(bob.membership.hashes()).slice(-2)
    const said = Array.from({ length: MAX_RECORDS_OF_MEMBER }, () => one!)
    expect(await alice.membership.receive([...said, two!])).toEqual([])
    expect(stateOf(alice).members.get(bob.secrets.member)?.name).toBe('Rob')
  }, 60_000)

  it('is no more in the names of people whom one made up', async () => {
    const { signer, circle, actors } = await setUp(['alice', 'mal'], 'member')
    const [alice, mal] = actors
    const { heads } = stateOf(mal)
    const before = alice.membership.hashes().size
    const made = await createDeviceSecrets(signer)
    const invitation = newInvitation('organiser')
    const said = [
      await forge(signer, mal.secrets, circle, heads, {
        type: 'add',
        name: 'Nobody',
        role: 'organiser',
        history: 'all',
        certificates: [made.certificate],
        addedAt: 1,
        grants: [],
      }),
      await forge(signer, mal.secrets, circle, heads, invitation.body),
      await forge(
        signer,
        mal.secrets,
        circle,
        heads,
        await admission(signer, mal.membership, made, 'Nobody', invitation),
      ),
    ]
    const byNobody = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        forge(signer, made, circle, heads, { type: 'profile', name: `Nobody ${index}` }),
      ),
    )
    const refusals = await alice.membership.receive([...said, ...byNobody].map(({ bytes }) => bytes))
    expect(refusals).toEqual(byNobody.map(() => ({ reason: 'waits-for-a-key' })))
    expect(alice.membership.hashes().size).toBe(before + said.length)
    // What was said before its author was known is taken in once somebody who may has let them in.
    const real = newInvitation()
    await alice.membership.append(real.body)
    await alice.membership.append(await admission(signer, alice.membership, made, 'Somebody', real))
    await alice.membership.receive([])
    expect(alice.membership.hashes().size).toBe(before + said.length + 2 + byNobody.length)
  })

  it('is counted as theirs, whoever else claims their computer', async () => {
    const { signer, circle, actors } = await setUp(['alice', 'bob', 'mal'], 'member')
    const [alice, bob, mal] = actors
    const { heads } = stateOf(mal)
    const certificate = await certifiedBy(signer, mal, bob)
    const said = [await forge(signer, mal.secrets, circle, heads, { type: 'device', certificate, grants: [] })]
    for (let index = 1; index < MAX_RECORDS_OF_MEMBER; index++) {
      said.push(await forge(signer, mal.secrets, circle, heads, { type: 'profile', name: `Mal ${index}` }))
    }
    await alice.membership.receive(said.map(({ bytes }) => bytes))
    const again = await reopened(signer, alice)
    const honest = await forge(signer, bob.secrets, circle, heads, { type: 'profile', name: 'Robert' })
    expect(await again.membership.receive([honest.bytes])).toEqual([])
  }, 60_000)
})
