import { describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import type { Bytes } from '../base/bytes.ts'
import type { DeviceId, HashId } from '../base/ids.ts'
import type { CircleState } from '../membership/state.ts'
import { yjsClientIdOf } from '../membership/names.ts'
import { admission, newInvitation } from '../membership/testing.ts'
import { NO_HASH, seenOf, type Place, type Seen } from '../wire/entry.ts'
import type { Replica } from './replica.ts'
import { sealEntry } from './seal-entry.ts'
import { MAX_ASIDE_OF_DEVICE } from './set-aside.ts'
import type { StoredEntry } from './store.ts'
import { carryEntries, createManualTime, documentId, settle, setUpReplicas, type Person } from './testing.ts'
import { MAX_LOGS_SEEN, mayVouch, noteSeen } from './vouching.ts'
import { isNamed, MAX_WORDS, noteWords, ONLY_SEEN, type Words } from './words.ts'

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

it('so it is of the entries that it names one by one', () => {
  const words: Words = new Map()
  const [device, removed] = ['aa'.repeat(16) as DeviceId, 'bb'.repeat(16) as DeviceId]
  const entry = (seq: number) => ({ device: removed, incarnation: 0, seq, hash: `${seq}`.padStart(64, '0') as HashId })
  for (let seq = 0; seq < MAX_WORDS + 10; seq++) noteWords(words, device, [seenOf(entry(seq))], false)
  const named = (seq: number, onlyLasting = false) => isNamed(words, entry(seq), () => true, onlyLasting)
  expect([named(0), named(MAX_WORDS - 1), named(MAX_WORDS)]).toEqual([true, true, false])
  // A word that is kept already may come to last.
  expect(named(1, true)).toBe(false)
  noteWords(words, device, [seenOf(entry(1))], true)
  expect(named(1, true)).toBe(true)
  expect(isNamed(words, entry(1), () => false)).toBe(false)
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

/** An entry that its author's own program would not write: anywhere, after anything, with any words about others. */
async function forge(by: Person, seq: number, previous: HashId, seen: readonly Seen[] = []): Promise<StoredEntry> {
  const { membership, replica } = by
  const { device } = by.secrets
  const doc = new Y.Doc({ gc: false })
  doc.clientID = yjsClientIdOf(membership.circle, device, 0)
  doc.getMap('m').set(`${seq} after ${previous}`, 1)
  const update = new Uint8Array(Y.encodeStateAsUpdateV2(doc))
  const body = { document: PAPER, authoredAt: 1, seen, update }
  const context = { membership, signer: syncSigner, keys: replica.keys }
  const epoch = membership.sealingEpoch()
  const chain = { kind: 'update', previous } as const
  const sealed =
    epoch === undefined ? undefined : await sealEntry({ device, incarnation: 0, seq }, chain, body, epoch, context)
  if (sealed === undefined) throw new Error('no key')
  return sealed
}

const lastHash = ({ replica }: Person, of: Person): HashId =>
  replica.heads().find(({ device }) => device === of.secrets.device)?.hash ?? NO_HASH

describe('two who prepared it and are both out', () => {
  it('a word about a place where nothing was written yet lets nothing in', async () => {
    const { alice, bob, cara, xavier } = await setUpFour()
    const places = [6, 7, 1000].map((seq) => ({ device: xavier.secrets.device, incarnation: 0, seq }))
    const word = await forge(
      bob,
      1,
      NO_HASH,
      places.map((place) => seenOf({ ...place, hash: 'ab'.repeat(32) as HashId })),
    )
    for (const person of [alice, cara])
      expect(await person.replica.receive([word.bytes])).toMatchObject({ accepted: 1 })
    await remove(alice, xavier)
    await remove(alice, bob)
    await carryRecords(alice, cara)
    await write(xavier, 'x6 ')
    await write(xavier, 'x7 ')
    for (const person of [alice, cara]) {
      expect(await carryEntries(xavier.replica, person.replica)).toBe(0)
      expect(person.replica.setAside()).toMatchObject([{ device: xavier.secrets.device, count: 2 }])
      expect(headOf(person, xavier)).toBe(5)
    }
  })

  it('what was written by then counts once the named entry is there, whatever came first, and nothing after it', async () => {
    const { alice, bob, cara, xavier } = await setUpFour()
    const own: StoredEntry[] = []
    xavier.replica.onAdvance(({ own: isOwn, entries }) => void (isOwn && own.push(...entries)))
    for (let entry = 6; entry <= 8; entry++) await write(xavier, `x${entry} `)
    const [six, seven, eight] = own as [StoredEntry, StoredEntry, StoredEntry]
    const word = await forge(bob, 1, NO_HASH, [seenOf(seven)])
    await alice.replica.receive([word.bytes])
    await remove(alice, xavier)
    await remove(alice, bob)
    for (const each of [eight, six]) {
      expect(await alice.replica.receive([each.bytes])).toMatchObject({ accepted: 0 })
    }
    expect(headOf(alice, xavier)).toBe(5)
    expect(await alice.replica.receive([seven.bytes])).toMatchObject({ accepted: 2 })
    expect(headOf(alice, xavier)).toBe(7)
    expect(await alice.replica.receive([eight.bytes])).toMatchObject({ accepted: 0, setAside: 1 })
    // Cara never heard Bob's word from Bob.
    await meetAll(alice, cara)
    expect(headOf(cara, xavier)).toBe(7)
  })

  it('another branch that is set aside does not keep out the one that is named', async () => {
    const { alice, bob, cara, xavier } = await setUpFour()
    const other = await forge(xavier, 6, lastHash(xavier, xavier))
    await write(xavier, 'x6 ')
    await write(xavier, 'x7 ')
    await carryEntries(xavier.replica, bob.replica)
    await remove(alice, xavier)
    await carryRecords(alice, cara)
    expect(await cara.replica.receive([other.bytes])).toMatchObject({ setAside: 1 })
    await meetAll(alice, bob, cara)
    expect([alice, bob, cara].map((person) => headOf(person, xavier))).toEqual([7, 7, 7])
    expect(await textOf(cara.replica)).toBe('x1 x2 x3 x4 x5 x6 x7 ')
    expect(cara.replica.setAside()).toMatchObject([{ count: 1 }])
    await cara.replica.takeIn(xavier.secrets.device)
    expect(cara.replica.setAside()).toEqual([])
    expect(cara.replica.forks().devices()).toEqual(new Set([xavier.secrets.device]))
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

  it('brings everybody more than is ever set aside, where somebody had merged it', { timeout: 60_000 }, async () => {
    const { time, alice, bob, cara, xavier } = await setUpFour()
    const held: Bytes[] = []
    xavier.replica.onAdvance(({ own, entries }) => void (own && held.push(...entries.map(({ bytes }) => bytes))))
    // In two papers by turns, so that nothing is folded.
    const papers = await Promise.all([PAPER, documentId('b')].map((id) => xavier.replica.openDocument(id)))
    for (let entry = 0; entry < MAX_ASIDE_OF_DEVICE + 50; entry++) {
      papers[entry % 2]!.doc.getText('t').insert(0, 'x')
      await xavier.replica.flush()
    }
    await time.pass(0)
    expect(await bob.replica.receive(held)).toMatchObject({ accepted: held.length, refused: [] })
    await remove(alice, xavier)
    await carryRecords(alice, cara)
    // What Cara gets too early she cannot keep all.
    for (const bytes of held) await cara.replica.receive([bytes])
    expect(cara.replica.setAside()).toMatchObject([{ count: MAX_ASIDE_OF_DEVICE }])
    await meetAll(alice, bob, cara)
    expect([alice, bob, cara].map((person) => headOf(person, xavier))).toEqual(Array(3).fill(5 + held.length))
    expect(await textOf(cara.replica)).toBe(await textOf(bob.replica))
    expect(cara.replica.setAside()).toEqual([])
  })

  it('never folds away what says which entries were merged', async () => {
    const { time, alice, bob, cara, xavier } = await setUpFour()
    for (const text of ['x6 ', 'x7 ']) {
      await write(xavier, text)
      await carryEntries(xavier.replica, bob.replica)
    }
    await remove(alice, xavier)
    await carryRecords(alice, bob)
    await write(xavier, 'x8 ')
    await carryEntries(xavier.replica, bob.replica)
    await bob.replica.takeIn(xavier.secrets.device)
    await time.pass(60_000)
    const words = await bob.replica.read({ device: bob.secrets.device, incarnation: 0 }, 1, 9)
    expect(words.map(({ from, seq, document }) => [from, seq, document])).toEqual([
      [1, 1, ONLY_SEEN],
      [2, 2, ONLY_SEEN],
    ])
    await meetAll(alice, bob, cara)
    expect([alice, bob, cara].map((person) => headOf(person, xavier))).toEqual([8, 8, 8])
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
