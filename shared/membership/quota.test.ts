import { describe, expect, it } from 'vitest'
import type { RecordBody } from '../wire/record.ts'
import { MAX_RECORDS, MAX_URGENT_RECORDS, overTotal } from './quota.ts'
import { memoryRecordStore, reopened, setUp } from './testing.ts'
import { ann, bea, cal, genesis, profile, removal, say } from './testing-log.ts'
import { signRecord } from './sign-record.ts'
import type { VerifiedRecord } from './verify.ts'

const byHash = (records: readonly VerifiedRecord[]) => new Map(records.map((record) => [record.hash, record]))
const many = (count: number, body: (index: number) => RecordBody, parents = [genesis]): VerifiedRecord[] =>
  Array.from({ length: count }, (_, index) => say(ann, parents, body(index)))
const isUrgent = ({ record }: VerifiedRecord): boolean => record.body.type === 'remove'

describe('a log that is full', () => {
  const full = byHash(many(MAX_RECORDS, (index) => profile(`Ann ${index}`)))

  it('takes what organisers must say, with what it rests on, and nothing else', () => {
    const fillers = many(3, (index) => profile(`more ${index}`))
    const [first, second, third] = fillers as [VerifiedRecord, VerifiedRecord, VerifiedRecord]
    const urgent = say(ann, [say(bea, [second], profile('Bea'))], removal(cal))
    const between = say(bea, [second], profile('Bea'))
    const arrived = [first, second, third, between, urgent]
    expect(overTotal({ held: full, arrived, isUrgent })).toEqual(new Set([first.hash, third.hash]))
    // What it rests on may come after it.
    const held = new Map([...full, [urgent.hash, urgent], [between.hash, between]])
    expect(overTotal({ held, arrived: fillers, isUrgent })).toEqual(new Set([first.hash, third.hash]))
  })

  it('takes no more of that than there is room for', () => {
    const arrived = many(MAX_URGENT_RECORDS + 2, (index) =>
      removal(cal, [{ device: cal.device, incarnation: 0, seq: index + 1, hash: genesis.hash }]),
    )
    const over = overTotal({ held: full, arrived, isUrgent })
    expect([...over]).toEqual(arrived.slice(-2).map(({ hash }) => hash))
  })
})

it('an organiser takes somebody out of a full log; nobody else says anything', async () => {
  const { signer, circle, actors } = await setUp(['alice', 'bob', 'mal'])
  const [alice, bob, mal] = actors
  await alice.membership.append({ type: 'role', member: bob.secrets.member, role: 'member' })
  await bob.membership.receive(alice.membership.recordsOf(alice.membership.hashes()))
  // Kept here before, and not looked at again.
  const unsigned = { ...signer, sign: () => Promise.resolve(new Uint8Array(64)) }
  const fill = async (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        signRecord(unsigned, mal.secrets, { circle, parents: [], body: { type: 'profile', name: `Mal ${index}` } }),
      ),
    )
  const fillers = await fill(MAX_RECORDS - alice.store.kept.size)
  const open = (of: typeof alice) =>
    reopened(signer, { ...of, store: memoryRecordStore([...of.store.kept.values(), ...fillers]) })
  const [atAlice, atBob] = [await open(alice), await open(bob)]
  expect(await atBob.membership.append({ type: 'profile', name: 'Robert' })).toMatchObject({
    error: 'not-allowed',
    detail: 'too-many-records',
  })
  const target = { member: mal.secrets.member }
  expect(await atAlice.membership.append({ type: 'remove', target, lastAccepted: [] })).toMatchObject({ ok: true })
  expect(await atBob.membership.receive(atAlice.membership.recordsOf(atAlice.membership.hashes()))).toEqual([])
  expect(atBob.membership.state().members.get(mal.secrets.member)?.present).toBe(false)
}, 60_000)
