/** People who exchange nothing but files, over real replicas. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Bytes } from '../base/bytes.ts'
import type { CircleId, HashId, MemberId } from '../base/ids.ts'
import { defaultSigner, type Signer } from '../crypto/sign.ts'
import { createCircle } from '../membership/create.ts'
import { addMember } from '../membership/add-member.ts'
import { openMembership, openReceived } from '../membership/open.ts'
import { removeFrom } from '../membership/remove-from.ts'
import { signRecord } from '../membership/sign-record.ts'
import { memoryRecordStore } from '../membership/testing.ts'
import { createMemoryStore } from '../sync/memory-store.ts'
import { createPeers, type Peers } from '../sync/peers.ts'
import { openReplica, type Replica } from '../sync/replica.ts'
import {
  createManualTime,
  documentId,
  sameState,
  setUpReplicas,
  type ManualTime,
  type Person,
} from '../sync/testing.ts'
import { checkUpdateFile, type CheckedFile } from './check.ts'
import { decodeContent, encodeContent } from './content.ts'
import { decodeEnvelope, openEnvelope, sealUpdateFile } from './envelope.ts'
import { sectionsFor } from './lacking.ts'
import { makeUpdateFile, type MadeUpdateFile } from './make.ts'
import { takeUpdateFile, type TakenSection } from './take.ts'

const DOC = documentId('a')

interface Somebody extends Person {
  readonly peers: Map<CircleId, Peers>
  readonly circles: Replica[]
}

let signer: Signer
let time: ManualTime
beforeAll(async () => {
  signer = await defaultSigner()
  time = createManualTime()
})

const follow = async (one: Somebody, replica: Replica): Promise<void> => {
  one.peers.set(replica.circle, await createPeers({ replica, clock: time, timers: time }))
}

async function people(...names: readonly string[]): Promise<readonly Somebody[]> {
  const found = (await setUpReplicas(names, time, signer)).map((person): Somebody => ({
    ...person,
    peers: new Map(),
    circles: [],
  }))
  for (const one of found) await follow(one, one.replica)
  return found
}

async function three(): Promise<readonly [Somebody, Somebody, Somebody]> {
  const [alice, bob, cara] = await people('Alice', 'Bob', 'Cara')
  if (alice === undefined || bob === undefined || cara === undefined) throw new Error('three')
  return [alice, bob, cara]
}

async function write(one: Somebody, text: string, replica = one.replica): Promise<void> {
  const { doc, release } = await replica.openDocument(DOC)
  doc.getText('t').insert(0, text)
  await replica.flush()
  await release()
}

async function read(replica: Replica): Promise<string> {
  const { doc, release } = await replica.openDocument(DOC)
  const text = doc.getText('t').toJSON()
  await release()
  return text
}

const known = (one: Somebody) => (replica: Replica, device: Parameters<Peers['known']>[0]) =>
  one.peers.get(replica.circle)?.known(device)

async function give(from: Somebody, to: MemberId | undefined): Promise<MadeUpdateFile> {
  const { replica: group, circles } = from
  const made = await makeUpdateFile({ group, circles, to, known: known(from), signer, now: time.now() })
  if (!made.ok) throw new Error(made.error)
  return made.value
}

const check = (by: Somebody, file: Bytes) => checkUpdateFile(file, { group: by.replica.membership, signer })

async function believed(by: Somebody, file: Bytes): Promise<CheckedFile> {
  const checked = await check(by, file)
  if (!checked.ok) throw new Error(`${checked.error} ${checked.detail ?? ''}`)
  return checked.value
}

async function take(by: Somebody, file: Bytes): Promise<readonly TakenSection[]> {
  const taken = await takeUpdateFile({
    file: await believed(by, file),
    group: by.replica,
    circleOf: (circle) => by.circles.find((one) => one.circle === circle),
    welcome: async (circle, records) => {
      const store = memoryRecordStore()
      const { membership } = await openReceived({ circle, secrets: by.secrets, store, signer }, records)
      const me = membership?.state().devices.get(by.secrets.device)
      if (membership === undefined || me?.present !== true) return undefined
      const replica = await openReplica({ membership, store: createMemoryStore(), signer, clock: time, timers: time })
      by.circles.push(replica)
      await follow(by, replica)
      return replica
    },
    heard: (circle, device, heads, anew) => by.peers.get(circle)?.heard(device, heads, anew),
  })
  if (!taken.ok) throw new Error(taken.error)
  return taken.sections
}

const changesIn = (sections: readonly TakenSection[]): number =>
  sections.reduce((sum, { changes }) => sum + [...changes.values()].reduce((all, count) => all + count, 0), 0)

const lacking = (from: Somebody, to: MemberId): number =>
  sectionsFor({ group: from.replica, circles: from.circles, to, known: known(from) }).reduce(
    (sum, { changes }) => sum + changes,
    0,
  )

async function found(by: Somebody, others: readonly Somebody[]): Promise<Replica> {
  const made = await createCircle({
    secrets: by.secrets,
    kind: 'circle',
    group: by.replica.circle,
    circleName: 'Planning',
    founderName: by.name,
    now: 1_000,
    signer,
  })
  const store = memoryRecordStore(made.records)
  const membership = await openMembership({ circle: made.circle, secrets: by.secrets, store, signer })
  for (const { name, secrets } of others) {
    const added = await addMember(membership, {
      name,
      role: 'member',
      history: 'all',
      certificates: [secrets.certificate],
      now: 1_000,
    })
    if (!added.ok) throw new Error(added.error)
  }
  const replica = await openReplica({ membership, store: createMemoryStore(), signer, clock: time, timers: time })
  by.circles.push(replica)
  await follow(by, replica)
  return replica
}

describe('files alone', () => {
  test('two who are never connected end equal, and each knows it', async () => {
    const [alice, bob] = await three()
    await write(alice, 'one ')
    await write(bob, 'two ')
    const first = await give(alice, bob.secrets.member)
    expect(changesIn(await take(bob, first.bytes))).toBe(1)
    const reply = await give(bob, alice.secrets.member)
    // Alice’s own words are not sent back to her.
    expect(reply.changes).toBe(1)
    expect(changesIn(await take(alice, reply.bytes))).toBe(1)
    expect(await read(alice.replica)).toBe(await read(bob.replica))
    expect(lacking(alice, bob.secrets.member)).toBe(0)
    expect(alice.peers.get(alice.replica.circle)?.about(bob.secrets.device)).toMatchObject({
      theyLack: 0,
      weLack: 0,
      lastMatchedAt: time.now(),
    })
    // Bob cannot know yet that his reply has been opened.
    expect(lacking(bob, alice.secrets.member)).toBe(1)
    expect((await give(alice, bob.secrets.member)).changes).toBe(0)
  })

  test('opened twice, and an old one after a newer one, changes nothing more', async () => {
    const [alice, bob] = await three()
    await write(alice, 'one ')
    const old = await give(alice, bob.secrets.member)
    await write(alice, 'two ')
    const newer = await give(alice, bob.secrets.member)
    expect(changesIn(await take(bob, newer.bytes))).toBe(2)
    for (const again of [newer, old]) expect(changesIn(await take(bob, again.bytes))).toBe(0)
    expect(await read(bob.replica)).toBe('two one ')
    // What the old one says takes nothing back.
    expect(bob.peers.get(bob.replica.circle)?.about(alice.secrets.device)).toMatchObject({ weLack: 0, theyLack: 0 })
  })

  test('anything lost on the way comes with the next file', async () => {
    const [alice, bob] = await three()
    await write(alice, 'one ')
    await give(alice, bob.secrets.member)
    await write(alice, 'two ')
    const next = await give(alice, bob.secrets.member)
    expect(next.changes).toBe(2)
    await take(bob, next.bytes)
    expect(await read(bob.replica)).toBe('two one ')
  })

  test.each([1, 2, 3])('five people in any order of files converge (seed %i)', async (seed) => {
    const all = await people('Alice', 'Bob', 'Cara', 'Dan', 'Eve')
    let state = seed
    const draw = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31
      return Math.floor((state / 2 ** 31) * below)
    }
    const anybody = (): Somebody => {
      const one = all[draw(all.length)]
      if (one === undefined) throw new Error('nobody')
      return one
    }
    const inThePost: { readonly to: Somebody; readonly file: Bytes }[] = []
    for (let step = 0; step < 60; step++) {
      const [one, other] = [anybody(), anybody()]
      if (draw(3) === 0) await write(one, `${step} `)
      if (one !== other) inThePost.push({ to: other, file: (await give(one, other.secrets.member)).bytes })
      const arrived = inThePost[draw(inThePost.length * 2)]
      // Late, out of order, twice, or never.
      if (arrived !== undefined) await take(arrived.to, arrived.file)
    }
    // Everybody gives everybody a file, twice round.
    for (let round = 0; round < 2; round++) {
      for (const one of all) {
        const file = await give(one, undefined)
        for (const other of all) if (other !== one) await take(other, file.bytes)
      }
    }
    const docs = await Promise.all(all.map(async ({ replica }) => (await replica.openDocument(DOC)).doc))
    const [first] = docs
    if (first === undefined) throw new Error('none')
    expect(docs.every((doc) => sameState(first, doc))).toBe(true)
    expect(first.getText('t').length).toBeGreaterThan(0)
    const lacks = all.flatMap((one) =>
      all.filter((other) => other !== one).map((other) => lacking(one, other.secrets.member)),
    )
    expect(lacks.every((count) => count === 0)).toBe(true)
  })
})

describe('circles', () => {
  test('somebody learns from a file that they were put into one, with its papers', async () => {
    const [alice, bob] = await three()
    const planning = await found(alice, [bob])
    await write(alice, 'a plan ', planning)
    const taken = await take(bob, (await give(alice, bob.secrets.member)).bytes)
    expect(taken[1]).toMatchObject({ circle: planning.circle, held: true, isNew: true })
    const [bobs] = bob.circles
    if (bobs === undefined) throw new Error('no circle')
    expect(await read(bobs)).toBe('a plan ')
    await write(bob, 'a walk ', bobs)
    await take(alice, (await give(bob, alice.secrets.member)).bytes)
    expect(await read(planning)).toBe('a walk a plan ')
  })

  test('a file for somebody else, or for everybody, says nothing of a circle that not all of them are in', async () => {
    const [alice, bob, cara] = await three()
    const planning = await found(alice, [bob])
    await write(alice, 'a plan ', planning)
    for (const to of [cara.secrets.member, undefined]) {
      const { circles, bytes } = await give(alice, to)
      expect(circles.map(({ circle }) => circle)).toEqual([alice.replica.circle])
      await take(cara, bytes)
    }
    expect(cara.circles).toEqual([])
  })
})

describe('what is refused', () => {
  test('a file for somebody else, of another group, and one that nobody here has ever heard of', async () => {
    const [alice, bob, cara] = await three()
    const [stranger] = await people('Zoe')
    if (stranger === undefined) throw new Error('none')
    const { bytes } = await give(alice, bob.secrets.member)
    expect(await check(cara, bytes)).toMatchObject({ error: 'not-for-us' })
    expect(await check(alice, bytes)).toMatchObject({ error: 'not-for-us' })
    const theirs = await resealed(bob, bytes, (content) => ({
      ...content,
      group: stranger.replica.circle,
      sections: content.sections.map((one) => ({ ...one, circle: stranger.replica.circle })),
    }))
    expect(await check(bob, theirs)).toMatchObject({ error: 'other-group' })
    const unknown = await resealed(bob, bytes, (content) => ({ ...content, device: stranger.secrets.device }))
    expect(await check(bob, unknown)).toMatchObject({ error: 'unknown-sender' })
  })

  test('whoever got a file cannot change it, or pass it off as made for another', async () => {
    const [alice, bob, cara] = await three()
    const { bytes } = await give(alice, bob.secrets.member)
    const later = await resealed(bob, bytes, (content) => ({ ...content, madeAt: content.madeAt + 1 }))
    expect(await check(bob, later)).toMatchObject({ error: 'bad-signature' })
    const everybody = (await give(alice, undefined)).bytes
    const handedOn = await resealed(bob, everybody, (content) => content, [cara])
    expect(await check(cara, handedOn)).toMatchObject({ error: 'bad-signature' })
  })

  test('one with an entry that does not read is refused whole', async () => {
    const [alice, bob] = await three()
    await write(alice, 'one ')
    const { bytes } = await give(alice, bob.secrets.member)
    const spoilt = await resealed(
      bob,
      bytes,
      (content) => ({
        ...content,
        sections: content.sections.map((one) => ({ ...one, entries: [new Uint8Array(9)] })),
      }),
      [bob],
      alice,
    )
    expect(await check(bob, spoilt)).toMatchObject({ error: 'damaged' })
    expect(bob.replica.heads()).toEqual([])
  })

  test('from somebody who was taken out: their own words are set aside, and nothing else is believed', async () => {
    const [alice, bob, cara] = await three()
    await write(bob, 'before ')
    await take(alice, (await give(bob, alice.secrets.member)).bytes)
    const target = { member: bob.secrets.member }
    const removed = await removeFrom(alice.replica.membership, target, alice.replica.lastAccepted([bob.secrets.device]))
    expect(removed).toMatchObject({ ok: true })
    await write(cara, 'Cara wrote this ')
    await take(bob, (await give(cara, bob.secrets.member)).bytes)
    await write(bob, 'after ')
    const sections = await take(alice, (await give(bob, alice.secrets.member)).bytes)
    expect(sections[0]).toMatchObject({ setAside: 1 })
    expect(await read(alice.replica)).toBe('before ')
    expect(alice.replica.setAside()).toHaveLength(1)
    // Bob holds Cara’s words, and cannot bring them any more.
    expect(alice.replica.heads().map(({ device }) => device)).not.toContain(cara.secrets.device)
    const { replica: group, circles } = alice
    const to = bob.secrets.member
    const offered = await makeUpdateFile({ group, circles, to, known: known(alice), signer, now: 1 })
    expect(offered).toMatchObject({ error: 'nobody' })
  })

  test('who left and named a place that was still to come brings nothing new under it', async () => {
    const [alice, bob] = await three()
    await write(bob, 'before ')
    await take(alice, (await give(bob, alice.secrets.member)).bytes)
    const { device, member } = bob.secrets
    const far = { device, incarnation: 0, seq: 1000, hash: 'ab'.repeat(32) as HashId }
    const { circle } = bob.membership
    const body = { type: 'remove', target: { member }, lastAccepted: [far] } as const
    const left = await signRecord(signer, bob.secrets, { circle, parents: bob.membership.state().heads, body })
    expect(await alice.replica.membership.receive([left.bytes])).toEqual([])
    expect(alice.replica.membership.state().devices.get(device)).toMatchObject({ present: false })
    await write(bob, 'after ')
    const sections = await take(alice, (await give(bob, alice.secrets.member)).bytes)
    expect(sections[0]).toMatchObject({ changes: new Map(), setAside: 0 })
    expect(await read(alice.replica)).toBe('before ')
  })
})

/** What a dishonest holder of the file could make of it; signed by `signedBy`, or with the signature it had. */
async function resealed(
  opener: Somebody,
  bytes: Bytes,
  change: (content: NonNullable<ReturnType<typeof contentOf>>) => Parameters<typeof encodeContent>[0],
  to: readonly Somebody[] = [opener],
  signedBy?: Somebody,
): Promise<Bytes> {
  const envelope = decodeEnvelope(bytes)
  const opened = envelope.ok ? openEnvelope(opener.secrets.box, envelope.value) : undefined
  if (opened?.ok !== true) throw new Error('not for the opener')
  const content = contentOf(opened.value.content)
  return sealUpdateFile(
    to.map(({ secrets }) => secrets.box.publicKey),
    encodeContent(change(content)),
    (message) =>
      signedBy === undefined
        ? Promise.resolve(opened.value.signature)
        : signer.sign('update file', signedBy.secrets.signing, message),
  )
}

function contentOf(bytes: Bytes) {
  const content = decodeContent(bytes)
  if (!content.ok) throw new Error(content.error)
  return content.value
}
