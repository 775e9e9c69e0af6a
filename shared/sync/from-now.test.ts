import { expect, it } from 'vitest'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import { decodeEntry } from '../wire/entry.ts'
import { addMember } from '../membership/add-member.ts'
import { renewKey } from '../membership/renew-key.ts'
import { documentId } from './testing.ts'
import {
  acceptWelcome,
  foundCircle,
  goOnline,
  setUpOffices,
  type OfficeCircle,
  type OfficeWorld,
} from './testing-offices.ts'

const PAPER = documentId('c')

/** Typed, and left alone until it is sealed. */
const write = async ({ time }: OfficeWorld, { replica }: OfficeCircle, text: string): Promise<void> => {
  const paper = await replica.openDocument(PAPER)
  paper.doc.getText('t').insert(0, text)
  await time.pass(2000)
}
const entriesOf = async ({ replica }: OfficeCircle) =>
  (await Promise.all(replica.heads().map((head) => replica.read(head, 1, 1000)))).flat().flatMap(({ bytes }) => {
    const entry = decodeEntry(bytes)
    return entry.ok ? [entry.value] : []
  })

it('what was written before somebody came in from now on is not sealed anew under a key that they have', async () => {
  const world = await setUpOffices(['alice', 'bob'], syncSigner)
  const [alice, bob] = [world.offices[0]!, world.offices[1]!]
  const circle = await foundCircle(world, alice)
  goOnline(alice, bob)
  await world.time.pass(3000)
  await write(world, circle, 'before ')
  await write(world, circle, 'still before ')
  const { name, secrets } = bob
  const certificates = [secrets.certificate]
  const request = { name, role: 'member', history: 'from-now', certificates, now: 3_000 } as const
  expect(await addMember(circle.membership, request)).toMatchObject({ ok: true })
  await world.time.pass(5000)
  const his = await acceptWelcome(world, bob, bob.welcomes[0]!)
  await write(world, circle, 'after ')
  await write(world, circle, 'and after ')
  // Long enough for what is idle to be folded.
  await world.time.pass(60_000)
  const held = new Set(his.membership.heldEpochs())
  const entries = await entriesOf(circle)
  const readable = entries.filter(({ epoch }) => held.has(epoch))
  expect(readable.map(({ kind, ...entry }) => [kind, 'foldsFrom' in entry ? entry.foldsFrom : entry.seq])).toEqual([
    ['fold', 3],
  ])
  const paper = await his.replica.openDocument(PAPER)
  expect(paper.doc.getText('t').toJSON()).not.toContain('before')
})

it('goes on folding after a change of keys, each key’s entries by themselves', async () => {
  const world = await setUpOffices(['alice'], syncSigner)
  const circle = await foundCircle(world, world.offices[0]!)
  for (const text of ['a', 'b', 'c']) await write(world, circle, text)
  await world.time.pass(60_000)
  expect(await renewKey(circle.membership)).toMatchObject({ ok: true })
  for (const text of ['d', 'e', 'f']) await write(world, circle, text)
  await world.time.pass(60_000)
  const entries = await entriesOf(circle)
  expect(entries.map(({ kind, ...entry }) => [kind, 'foldsFrom' in entry ? entry.foldsFrom : entry.seq])).toEqual([
    ['fold', 1],
    ['fold', 5],
  ])
  expect((await circle.replica.openDocument(PAPER)).doc.getText('t').toJSON()).toBe('fedcba')
})
