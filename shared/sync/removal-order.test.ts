import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import { removeFrom } from '../membership/remove-from.ts'
import { repairKeys } from '../membership/repair-keys.ts'
import {
  carryEntries,
  createManualTime,
  documentId,
  settle,
  setUpReplicas,
  type ManualTime,
  type Person,
} from './testing.ts'

const PAPER = documentId('a')
const NAMES = ['alice', 'bob', 'cara', 'dora', 'xavier']

/** One thing that happens, whoever it happens to. */
interface Step {
  readonly what: 'write' | 'records' | 'entries' | 'one entry' | 'remove' | 'restart' | 'fold'
  readonly who: number
  readonly other: number
  readonly which: number
}

const step = fc.record<Step>({
  // Mostly words that travel; now and then somebody is taken out by somebody who knows only part of it.
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constant<Step['what']>('write') },
    { weight: 5, arbitrary: fc.constant<Step['what']>('entries') },
    { weight: 3, arbitrary: fc.constant<Step['what']>('one entry') },
    { weight: 3, arbitrary: fc.constant<Step['what']>('records') },
    { weight: 2, arbitrary: fc.constant<Step['what']>('remove') },
    { weight: 1, arbitrary: fc.constant<Step['what']>('restart') },
    // Whoever wrote two things in a row makes one of them.
    { weight: 1, arbitrary: fc.constant<Step['what']>('fold') },
  ),
  who: fc.nat(NAMES.length - 1),
  other: fc.nat(NAMES.length - 1),
  which: fc.nat(1000),
})

const records = ({ membership }: Person) => membership.recordsOf(membership.hashes())

async function write(person: Person, which: number): Promise<void> {
  const text = (await person.replica.openDocument(PAPER)).doc.getText('t')
  text.insert(which % (text.length + 1), `${person.name}${which} `)
  await person.replica.flush().catch(() => undefined)
}

const takeOut = (by: Person, whom: Person) =>
  removeFrom(by.membership, { member: whom.secrets.member }, by.replica.lastAccepted([whom.secrets.device]))

async function carryOne(from: Person, to: Person, which: number): Promise<void> {
  const heads = from.replica.heads()
  const head = heads[which % heads.length]
  if (head === undefined) return
  const entries = await from.replica.read(head, 1 + (which % head.seq), 1)
  await to.replica.receive(entries.map(({ bytes }) => bytes))
}

async function happen(time: ManualTime, people: Person[], { what, who, other, which }: Step): Promise<void> {
  const person = people[who]!
  const second = people[other]!
  if (what === 'write') await write(person, which)
  else if (what === 'fold') await time.pass(15_000)
  else if (what === 'restart') people[who] = { ...person, replica: await person.restart() }
  else if (who === other) return
  else if (what === 'records') await second.membership.receive(records(person))
  else if (what === 'entries') await carryEntries(person.replica, second.replica)
  else if (what === 'one entry') await carryOne(person, second, which)
  else await takeOut(person, second)
  await settle(1)
}

async function meetAll(people: readonly Person[]): Promise<void> {
  const everything = people.flatMap(records)
  for (const { membership } of people) await membership.receive(everything)
  await settle()
  const present = people.filter(
    ({ membership, secrets }) => membership.state().devices.get(secrets.device)?.present === true,
  )
  const all = () =>
    JSON.stringify(
      present.map(({ replica, membership }) => [membership.hashes().size, replica.heads().map(({ seq }) => seq)]),
    )
  for (let round = 0, before = ''; before !== all(); round++) {
    before = all()
    expect(round).toBeLessThan(12)
    for (const from of present) {
      for (const to of present) {
        if (from === to) continue
        await to.membership.receive(records(from))
        await settle(2)
        await carryEntries(from.replica, to.replica)
      }
    }
    for (const { membership } of present) await repairKeys(membership)
    await settle()
  }
}

describe('any order of words, records, removals and restarts', () => {
  it('leaves everybody who is still in with the same entries and the same text', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 70 }), async (steps) => {
        const time = createManualTime()
        const people = [...(await setUpReplicas(NAMES, time, syncSigner))]
        for (const each of steps) await happen(time, people, each)
        await meetAll(people)
        const state = people[0]!.membership.state()
        const present = people.filter(({ secrets }) => state.devices.get(secrets.device)?.present === true)
        const [first] = present
        if (first === undefined) return
        const heads = first.replica.heads()
        const text = (await first.replica.openDocument(PAPER)).doc.getText('t').toJSON()
        for (const { replica } of present) {
          expect(new Set(replica.heads())).toEqual(new Set(heads))
          const { doc } = await replica.openDocument(PAPER)
          expect(doc.getText('t').toJSON()).toBe(text)
          expect(doc.store.pendingStructs).toBeNull()
          expect(replica.forks().entries()).toEqual([])
          expect(replica.saveState()).toEqual({ state: 'saved' })
          for (const { device } of replica.setAside()) expect(state.devices.get(device)?.present).toBe(false)
        }
      }),
      { numRuns: Number(process.env['RUNS'] ?? 8) },
    )
  })
})
