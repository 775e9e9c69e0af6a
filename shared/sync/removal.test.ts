import { describe, expect, it, vi } from 'vitest'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import type { Bytes } from '../base/bytes.ts'
import type { DeviceId } from '../base/ids.ts'
import type { CircleState } from '../membership/state.ts'
import { admission, newInvitation } from '../membership/testing.ts'
import type { Place } from '../wire/entry.ts'
import type { Replica } from './replica.ts'
import { MAX_ASIDE_OF_DEVICE } from './set-aside.ts'
import { carryEntries, createManualTime, documentId, settle, setUpReplicas, type Person } from './testing.ts'
import { MAX_LOGS_SEEN, mayVouch, noteSeen } from './vouching.ts'

const PAPER = documentId('a')

const textOf = async (replica: Replica): Promise<string> =>
  (await replica.openDocument(PAPER)).doc.getText('t').toJSON()

async function write(person: Person, text: string): Promise<void> {
  const { doc } = await person.replica.openDocument(PAPER)
  doc.getText('t').insert(doc.getText('t').length, text)
  await person.replica.flush()
}

const records = ({ membership }: Person): readonly Bytes[] => membership.recordsOf(membership.hashes())

async function carryRecords(from: Person, to: Person): Promise<void> {
  await to.membership.receive(records(from))
  await settle()
}

/** Everything both ways, until nothing is new. */
async function meetAll(...people: readonly Person[]): Promise<void> {
  for (let round = 0; round < 4; round++) {
    for (const from of people) {
      for (const to of people) {
        if (from === to) continue
        await carryRecords(from, to)
        await carryEntries(from.replica, to.replica)
      }
    }
  }
}

const headOf = ({ replica }: Person, of: Person): number =>
  replica.heads().find(({ device }) => device === of.secrets.device)?.seq ?? 0

async function remove(by: Person, whom: Person): Promise<void> {
  const lastAccepted = by.replica.lastAccepted([whom.secrets.device])
  const removed = await by.membership.append({ type: 'remove', target: { member: whom.secrets.member }, lastAccepted })
  expect(removed).toMatchObject({ ok: true })
  await settle()
}

async function letInAgain(by: Person, whom: Person): Promise<void> {
  const invitation = newInvitation('member')
  await by.membership.append(invitation.body)
  const admit = await admission(syncSigner, by.membership, whom.secrets, whom.name, invitation)
  expect(await by.membership.append(admit)).toMatchObject({ ok: true })
  await settle()
}

async function setUpFour() {
  const time = createManualTime()
  const people = await setUpReplicas(['alice', 'bob', 'cara', 'xavier'], time, syncSigner)
  const [alice, bob, cara, xavier] = people as [Person, Person, Person, Person]
  for (let entry = 1; entry <= 5; entry++) await write(xavier, `x${entry} `)
  await meetAll(alice, bob, cara, xavier)
  return { time, alice, bob, cara, xavier }
}

it('what a device says it had is remembered of so many logs, however many it invents', () => {
  const seen = new Map<DeviceId, Map<string, Place>>()
  const device = 'aa'.repeat(16) as DeviceId
  for (let seq = 1; seq <= 20; seq++) {
    const invented = Array.from({ length: 256 }, (_, index) => ({
      device: `${seq}${index}`.padStart(32, '0') as DeviceId,
      incarnation: 0,
      seq: 1,
    }))
    noteSeen(seen, { device, incarnation: 0, seq }, { seen: invented })
  }
  expect(seen.get(device)?.size).toBe(MAX_LOGS_SEEN)
  // What is remembered already goes on to rise.
  expect(seen.get(device)?.get(`${device}/0`)?.seq).toBe(20)
})

describe('whose word counts for a computer that was taken out', () => {
  const device = (id: string, member: string, present: boolean) => [id, { id, member, present }] as const
  const state = {
    devices: new Map([
      device('lost', 'ada', false),
      device('kept', 'ada', true),
      device('given away', 'ada', false),
      device('theirs', 'ben', false),
    ]),
    fallen: new Map(),
  } as unknown as CircleState
  it.each([
    ['lost', false],
    // Its owner's other one, that is in as before.
    ['kept', true],
    // Taken out too: it could have named places in advance.
    ['given away', false],
    ['theirs', true],
    ['nobody knows', false],
  ])('of %s: %j', (voucher, counts) => {
    expect(mayVouch(state, voucher as DeviceId, 'lost' as DeviceId)).toBe(counts)
  })
})

describe('after a removal', () => {
  it('takes in what somebody’s words stand on, whoever learns what first', async () => {
    const { alice, bob, cara, xavier } = await setUpFour()
    await write(xavier, 'x6 ')
    await write(xavier, 'x7 ')
    await carryEntries(xavier.replica, bob.replica)
    await write(bob, 'stands on x7 ')
    await remove(alice, xavier)
    // Cara has the removal, then Xavier's entries, then Bob's; Alice has Bob's first.
    await carryRecords(alice, cara)
    expect(await carryEntries(xavier.replica, cara.replica)).toBe(0)
    expect(cara.replica.setAside()).toMatchObject([{ device: xavier.secrets.device, count: 2 }])
    expect(cara.replica.documents()).toEqual([PAPER])
    expect(headOf(cara, xavier)).toBe(5)
    await meetAll(alice, bob, cara)
    expect([alice, bob, cara].map((person) => headOf(person, xavier))).toEqual([7, 7, 7])
    const texts = await Promise.all([alice, bob, cara].map(({ replica }) => textOf(replica)))
    expect(new Set(texts)).toEqual(new Set(['x1 x2 x3 x4 x5 x6 x7 stands on x7 ']))
    expect(cara.replica.setAside()).toEqual([])
  })

  it('vouches for what it merged before it knew, where nobody wrote anything on it', async () => {
    const { alice, bob, cara, xavier } = await setUpFour()
    await write(xavier, 'x6 ')
    await carryEntries(xavier.replica, bob.replica)
    await remove(alice, xavier)
    expect(headOf(bob, bob)).toBe(0)
    await carryRecords(alice, bob)
    expect(headOf(bob, bob)).toBe(1)
    await meetAll(alice, bob, cara)
    expect([alice, bob, cara].map((person) => headOf(person, xavier))).toEqual([6, 6, 6])
    // Once is enough.
    expect([alice, bob, cara].map((person) => headOf(person, person))).toEqual([0, 1, 0])
  })

  it('vouches after a crash between the removal and the word', async () => {
    const { alice, bob, cara, xavier } = await setUpFour()
    await write(xavier, 'x6 ')
    await carryEntries(xavier.replica, bob.replica)
    await remove(alice, xavier)
    await bob.replica.close()
    await bob.membership.receive(records(alice))
    const restarted = { ...bob, replica: await bob.restart() }
    await settle()
    await meetAll(alice, restarted, cara)
    expect([alice, restarted, cara].map((person) => headOf(person, xavier))).toEqual([6, 6, 6])
  })

  it('remembers over a restart what others said they had', async () => {
    const { alice, bob, cara, xavier } = await setUpFour()
    await write(xavier, 'x6 ')
    await carryEntries(xavier.replica, bob.replica)
    await write(bob, 'b1 ')
    // Cara gets Bob's word, but not what it is about, and is started again before she hears of the removal.
    const words = await bob.replica.read({ device: bob.secrets.device, incarnation: 0 }, 1, 9)
    await cara.replica.receive(words.map(({ bytes }) => bytes))
    expect(headOf(cara, xavier)).toBe(5)
    await remove(alice, xavier)
    const restarted = { ...cara, replica: await cara.restart() }
    await carryRecords(alice, restarted)
    expect(await carryEntries(xavier.replica, restarted.replica)).toBe(1)
    expect(headOf(restarted, xavier)).toBe(6)
    expect(restarted.replica.setAside()).toEqual([])
  })

  it('does not take a removed person’s own word', async () => {
    const { alice, bob, xavier } = await setUpFour()
    await remove(alice, xavier)
    await write(xavier, 'x6 ')
    await carryRecords(alice, bob)
    await carryEntries(xavier.replica, bob.replica)
    expect(headOf(bob, xavier)).toBe(5)
    expect(bob.replica.setAside()).toMatchObject([{ count: 1, member: xavier.secrets.member }])
  })

  it('keeps what is set aside over a restart, out of documents, heads and snapshots; takes it in by hand for everybody', async () => {
    const { alice, bob, cara, xavier } = await setUpFour()
    await remove(alice, xavier)
    await write(xavier, 'late one ')
    await write(xavier, 'late two ')
    for (const person of [bob, cara]) await carryRecords(alice, person)
    const told = vi.fn()
    bob.replica.onSetAside(told)
    await carryEntries(xavier.replica, bob.replica)
    expect(told).toHaveBeenCalled()
    const paper = await bob.replica.openDocument(PAPER)
    await paper.release()
    const again = { ...bob, replica: await bob.restart() }
    await settle()
    expect(again.replica.setAside()).toMatchObject([{ device: xavier.secrets.device, count: 2 }])
    expect(headOf(again, xavier)).toBe(5)
    expect(await textOf(again.replica)).toBe('x1 x2 x3 x4 x5 ')
    await again.replica.takeIn(xavier.secrets.device)
    expect(again.replica.setAside()).toEqual([])
    await meetAll(alice, again, cara)
    for (const person of [alice, again, cara]) {
      expect(await textOf(person.replica)).toBe('x1 x2 x3 x4 x5 late one late two ')
    }
    const third = await again.restart()
    await settle()
    expect(third.setAside()).toEqual([])
  })

  it('sets aside only so many, and names what is over', async () => {
    const { time, alice, xavier } = await setUpFour()
    await remove(alice, xavier)
    const { doc } = await xavier.replica.openDocument(PAPER)
    const held: Bytes[] = []
    xavier.replica.onAdvance(({ own, entries }) => {
      if (own) held.push(...entries.map(({ bytes }) => bytes))
    })
    for (let entry = 0; entry < MAX_ASIDE_OF_DEVICE + 3; entry++) {
      doc.getText('t').insert(0, 'x')
      await xavier.replica.flush()
    }
    await time.pass(0)
    const report = await alice.replica.receive(held)
    expect(report).toMatchObject({ accepted: 0, setAside: MAX_ASIDE_OF_DEVICE, waiting: 0 })
    expect(report.refused.map(({ reason }) => reason)).toEqual(['too-many-set-aside', 'after-removal', 'after-removal'])
    expect((await alice.replica.receive(held)).refused).toHaveLength(3)
  })

  it('lets go in what was set aside of somebody who is let in again', async () => {
    const { alice, bob, xavier } = await setUpFour()
    const { doc } = await xavier.replica.openDocument(PAPER)
    await remove(alice, xavier)
    doc.getText('t').insert(0, 'late ')
    await xavier.replica.flush()
    await carryRecords(alice, bob)
    await carryEntries(xavier.replica, bob.replica)
    expect(bob.replica.setAside()).toMatchObject([{ count: 1 }])
    await letInAgain(alice, xavier)
    await carryRecords(alice, bob)
    expect(bob.replica.setAside()).toEqual([])
    expect(headOf(bob, xavier)).toBe(6)
  })
})
