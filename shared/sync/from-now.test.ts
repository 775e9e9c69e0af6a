import { describe, expect, it } from 'vitest'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import { decodeEntry } from '../wire/entry.ts'
import { addMember } from '../membership/add-member.ts'
import { mayFollow } from '../membership/may-follow.ts'
import { renewKey } from '../membership/renew-key.ts'
import { documentId } from './testing.ts'
import {
  acceptWelcome,
  foundCircle,
  goOnline,
  openAgain,
  putInto,
  setUpOffices,
  type Office,
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
  expect(
    readable.map(({ kind, ...entry }) => [kind, entry.incarnation, 'foldsFrom' in entry ? entry.foldsFrom : entry.seq]),
  ).toEqual([['fold', 1, 1]])
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

describe('somebody who came in from now on', () => {
  const OLD = documentId('d')
  const NEW = documentId('e')

  const putInFromNow = (circle: OfficeCircle, { name, secrets }: Office) =>
    addMember(circle.membership, {
      name,
      role: 'organiser',
      history: 'from-now',
      certificates: [secrets.certificate],
      now: 3_000,
    })
  const mapOf = async ({ replica }: OfficeCircle, id = OLD) =>
    (await replica.openDocument(id)).doc.getMap<string>('papers').toJSON()
  const textOf = async ({ replica }: OfficeCircle, id: typeof OLD) =>
    (await replica.openDocument(id)).doc.getText('t').toJSON()
  const typed = async ({ replica }: OfficeCircle, id: typeof OLD, at: number, text: string) =>
    (await replica.openDocument(id)).doc.getText('t').insert(at, text)
  const listed = async ({ replica }: OfficeCircle, key: string, value: string) =>
    (await replica.openDocument(OLD)).doc.getMap('papers').set(key, value)

  /** Alice and Bob have been writing; then Cat comes in from now on, and all three are connected. */
  async function setUpThree() {
    const world = await setUpOffices(['alice', 'bob', 'cat'], syncSigner)
    const [alice, bob, cat] = [world.offices[0]!, world.offices[1]!, world.offices[2]!]
    const hers = await foundCircle(world, alice)
    goOnline(alice, bob, cat)
    await world.time.pass(3000)
    await putInto(hers, bob)
    await world.time.pass(5000)
    const his = await acceptWelcome(world, bob, bob.welcomes[0]!)
    await typed(hers, OLD, 0, 'secret of alice ')
    await listed(hers, 'minutes', 'Minutes of before')
    await world.time.pass(3000)
    await typed(his, OLD, 6, 'secret of bob ')
    await listed(his, 'plan', 'Plan of before')
    await world.time.pass(3000)
    expect(await putInFromNow(hers, cat)).toMatchObject({ ok: true })
    await world.time.pass(5000)
    const cats = await acceptWelcome(world, cat, cat.welcomes[0]!)
    await world.time.pass(5000)
    return { world, alice, bob, cat, hers, his, cats }
  }
  const lacks = (office: Office, { replica }: OfficeCircle) =>
    office.carrier.status(replica.circle).map(({ connected, theyLack, weLack }) => [connected, theyLack, weLack])
  const NOTHING = [true, 0, 0]

  it('lacks nothing, and nobody says so', async () => {
    const { alice, bob, cat, hers, his, cats } = await setUpThree()
    expect(lacks(alice, hers)).toEqual([NOTHING, NOTHING])
    expect(lacks(bob, his)).toEqual([NOTHING, NOTHING])
    expect(lacks(cat, cats)).toEqual([NOTHING, NOTHING])
    expect(cat.carrier.refusals()).toEqual([])
  })

  it('reads what is listed and written since, by everybody, and is read by everybody', async () => {
    const { world, alice, bob, cat, hers, his, cats } = await setUpThree()
    await listed(hers, 'agenda', 'Agenda of after')
    await listed(his, 'plan', 'Plan renamed after')
    await typed(hers, NEW, 0, 'one ')
    await world.time.pass(3000)
    await typed(his, NEW, 4, 'two ')
    await world.time.pass(3000)
    await typed(cats, NEW, 8, 'three')
    await listed(cats, 'cat', 'Cat’s own')
    await world.time.pass(3000)
    for (const one of [hers, his, cats]) expect(await textOf(one, NEW)).toBe('one two three')
    // What was listed before stays closed to her, also where it is renamed.
    expect(await mapOf(cats)).toEqual({ agenda: 'Agenda of after', cat: 'Cat’s own' })
    const all = {
      minutes: 'Minutes of before',
      plan: 'Plan renamed after',
      agenda: 'Agenda of after',
      cat: 'Cat’s own',
    }
    for (const one of [hers, his]) expect(await mapOf(one)).toEqual(all)
    for (const [office, circle] of [
      [alice, hers],
      [bob, his],
      [cat, cats],
    ] as const)
      expect(lacks(office, circle)).toEqual([NOTHING, NOTHING])
  })

  it('is shown nothing of an old document, also where others go on writing in it', async () => {
    const { world, hers, his, cats } = await setUpThree()
    await typed(hers, OLD, 3, 'AFTER')
    await typed(his, OLD, 0, 'FIRST')
    await world.time.pass(3000)
    expect(await textOf(cats, OLD)).not.toMatch(/secret|AFTER/)
    expect((await cats.replica.openDocument(OLD)).doc.store.pendingStructs).toBeNull()
    const whole = await textOf(hers, OLD)
    expect(whole).toContain('secret of bob')
    expect(await textOf(his, OLD)).toBe(whole)
  })

  it('is named as one who cannot read what was begun before, and who can read what is begun since', async () => {
    const { world, hers, cats } = await setUpThree()
    const { member } = cats.membership.secrets
    await typed(hers, NEW, 0, 'new')
    await world.time.pass(3000)
    expect(hers.replica.closedTo(OLD)).toEqual([member])
    expect(hers.replica.closedTo(NEW)).toEqual([])
  })

  it('everybody goes on in a log that they can follow, and holds no entry and no key from before', async () => {
    const { hers, his, cats } = await setUpThree()
    const state = hers.membership.state()
    const { member } = cats.membership.secrets
    for (const { membership, replica } of [hers, his, cats]) {
      expect(replica.incarnation()).toBe(membership === cats.membership ? 0 : 1)
      const log = { device: membership.secrets.device, incarnation: replica.incarnation() }
      expect(mayFollow(state, member, log)).toBe(true)
    }
    expect(await entriesOf(cats)).toEqual([])
    const held = new Set(cats.membership.heldEpochs())
    expect((await entriesOf(hers)).filter(({ epoch }) => held.has(epoch))).toEqual([])
  })

  it('takes out whom they want to: what was written before they came stays with the others', async () => {
    const { world, hers, his, cats } = await setUpThree()
    const { member } = his.membership.secrets
    const removed = await cats.membership.append({ type: 'remove', target: { member }, lastAccepted: [] })
    expect(removed).toMatchObject({ ok: true })
    await world.time.pass(20_000)
    expect(await textOf(hers, OLD)).toContain('secret of bob')
    expect(hers.replica.setAside()).toEqual([])
  })

  it('opens the same after a restart', async () => {
    const { world, hers, cats } = await setUpThree()
    await listed(hers, 'agenda', 'Agenda of after')
    await listed(hers, 'minutes', 'renamed after')
    await world.time.pass(3000)
    const before = await mapOf(cats)
    const handle = await cats.replica.openDocument(OLD)
    await handle.release()
    await cats.replica.close()
    const reopened = await openAgain(world, cats)
    expect(await mapOf(reopened)).toEqual(before)
    expect(before).toEqual({ agenda: 'Agenda of after' })
  })
})
