/**
 * A seeded world: people who write in the same paper while links break, a hostile carrier spoils frames, and computers crash. Time,
 * randomness and signatures are all its own, so one seed always runs the same way.
 */
import { randomFillSync } from 'node:crypto'
import nacl from 'tweetnacl'
import * as Y from 'yjs'
import type { Clock } from '../../shared/base/clock.ts'
import type { DocumentId } from '../../shared/base/ids.ts'
import { derive } from '../../shared/crypto/derive.ts'
import { open } from '../../shared/crypto/seal.ts'
import { SIGNATURE_LENGTH } from '../../shared/crypto/sign.ts'
import { yjsClientIdOf } from '../../shared/membership/names.ts'
import { openMembership } from '../../shared/membership/open.ts'
import type { Membership } from '../../shared/membership/state.ts'
import { setUp, type Actor } from '../../shared/membership/testing.ts'
import { createCarrier, type Carrier } from '../../shared/sync/carry.ts'
import { createMemoryStore, type MemoryStore } from '../../shared/sync/memory-store.ts'
import { createMemoryNetwork, type MemoryNetwork } from '../../shared/sync/memory-transport.ts'
import { openReplica, REMOTE, type DocumentHandle, type Replica } from '../../shared/sync/replica.ts'
import type { CircleStore } from '../../shared/sync/store.ts'
import { createManualTime, documentId, mortal, type ManualTime } from '../../shared/sync/testing.ts'
import type { Timers } from '../../shared/sync/timers.ts'
import { inspectUpdate } from '../../shared/sync/yjs-update.ts'
import { decodeEntry, decodeEntryBody } from '../../shared/wire/entry.ts'
import { seededRandom } from '../contracts/faulty-link.ts'
import { syncSigner } from '../fixtures/sync-ed25519.ts'

export const PAPERS: readonly DocumentId[] = [documentId('a'), documentId('b')]
const NAMES = ['ada', 'ben', 'cho', 'dee', 'eli', 'fay', 'gus', 'hal', 'ivy', 'jon', 'kim', 'lee']
export const MAX_ACTORS = NAMES.length

export interface SimulationOptions {
  readonly seed: number
  readonly actors: number
  readonly steps: number
}

export interface SimulationResult {
  readonly seed: number
  readonly actors: number
  readonly entries: number
  readonly edits: number
  readonly crashes: number
  readonly framesSpoiled: number
  readonly acknowledged: number
}

interface Running {
  readonly replica: Replica
  readonly carrier: Carrier
  readonly papers: ReadonlyMap<DocumentId, DocumentHandle>
  kill(): void
}

interface Computer {
  readonly actor: Actor
  readonly store: MemoryStore
  readonly clock: Clock
  running: Running | undefined
}

interface World {
  readonly random: () => number
  readonly time: ManualTime
  readonly network: MemoryNetwork
  readonly computers: readonly Computer[]
  /** Marks that a resolved flush promised to keep. */
  readonly acknowledged: Map<DocumentId, Set<string>>
  readonly cut: Set<string>
  hostility: number
  spoiled: number
  edits: number
  crashes: number
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** All randomness of the process comes from the seed until the returned function is called. */
function seedEverything(random: () => number): () => void {
  const fill = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * 256)
  }
  Object.defineProperty(crypto, 'getRandomValues', {
    configurable: true,
    value: <T extends ArrayBufferView>(array: T): T => {
      fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
      return array
    },
  })
  nacl.setPRNG((bytes, length) => fill(bytes.subarray(0, length)))
  return () => {
    Reflect.deleteProperty(crypto, 'getRandomValues')
    nacl.setPRNG((bytes, length) => void randomFillSync(bytes.subarray(0, length)))
  }
}

function spoil(world: World, frame: Uint8Array): readonly Uint8Array[] {
  const { random } = world
  if (random() >= world.hostility) return [frame]
  world.spoiled += 1
  const kind = Math.floor(random() * 5)
  if (kind === 0) return []
  if (kind === 1) return [frame, frame]
  if (kind === 2) return [frame.slice(0, Math.ceil(random() * frame.length))]
  const strange = frame.slice()
  const at = Math.floor(random() * strange.length)
  strange[at] = (strange[at] ?? 0) ^ (1 + Math.floor(random() * 255))
  return kind === 3 ? [strange] : [frame, strange]
}

/** A write takes a while, and a crash before its end means that it never was. */
const slowDisk = (world: World, store: CircleStore, timers: Timers): CircleStore => ({
  ...store,
  putEntries: (entries, options) =>
    new Promise((resolve, reject) => {
      timers.after(Math.floor(world.random() * 20), () => {
        store.putEntries(entries, options).then(resolve, reject)
      })
    }),
})

async function start(world: World, computer: Computer): Promise<void> {
  const process = mortal(computer.store)
  const { actor, clock } = computer
  const { time } = world
  // What a process had under way ends with it.
  let dead = false
  const timers: ManualTime = { ...time, after: (ms, run) => time.after(ms, () => (dead ? undefined : run())) }
  const membership: Membership = await openMembership({
    circle: actor.membership.circle,
    secrets: actor.secrets,
    store: actor.store,
    signer: syncSigner,
  })
  const store = slowDisk(world, process.store, timers)
  const replica = await openReplica({ membership, store, signer: syncSigner, clock, timers })
  const papers = new Map<DocumentId, DocumentHandle>()
  for (const paper of PAPERS) papers.set(paper, await replica.openDocument(paper))
  const carrier = createCarrier({ signer: syncSigner, clock, timers })
  const transport = world.network.transport(actor.name)
  await carrier.addCircle(replica)
  carrier.setTransports([transport])
  const kill = (): void => {
    dead = true
    process.kill()
    transport.close()
  }
  computer.running = { replica, carrier, papers, kill }
}

const pick = <Item>(world: World, items: readonly Item[]): Item | undefined =>
  items[Math.floor(world.random() * items.length)]

/** In one paragraph, often at the same place as somebody else; and a mark that nobody ever deletes. */
function edit(world: World, computer: Computer): void {
  const paper = world.random() < 0.8 ? PAPERS[0] : PAPERS[1]
  const doc = paper === undefined ? undefined : computer.running?.papers.get(paper)?.doc
  if (doc === undefined) return
  world.edits += 1
  const text = doc.getText('t')
  doc.transact(() => {
    const at = Math.floor(world.random() * Math.min(text.length + 1, 12))
    if (world.random() < 0.3) text.delete(at, Math.min(text.length - at, Math.floor(world.random() * 4)))
    text.insert(Math.min(at, text.length), `${computer.actor.name} `)
    doc.getMap('marks').set(`${computer.actor.name} ${world.edits}`, 1)
  })
}

function acknowledge(world: World, computer: Computer): void {
  const { running, actor } = computer
  if (running === undefined) return
  const marks = [...running.papers].map(
    ([paper, { doc }]) =>
      [paper, [...doc.getMap('marks').keys()].filter((mark) => mark.startsWith(actor.name))] as const,
  )
  // Only what was there when it was asked for, and only if the answer comes while the process lives.
  running.replica.flush().then(
    () => {
      for (const [paper, kept] of marks) for (const mark of kept) world.acknowledged.get(paper)?.add(mark)
    },
    () => undefined,
  )
}

function crash(world: World, computer: Computer): void {
  computer.running?.kill()
  computer.running = undefined
  world.crashes += 1
}

/** The moment after a promise to keep something is the worst one to crash in. */
async function acknowledgeAndPerhapsCrash(world: World, computer: Computer): Promise<void> {
  acknowledge(world, computer)
  if (world.random() >= 0.2) return
  await world.time.pass(1)
  crash(world, computer)
}

async function closeAndStart(world: World, computer: Computer): Promise<void> {
  const { running } = computer
  if (running === undefined) return
  await running.carrier.close()
  const closing = running.replica.close()
  await world.time.pass(1000)
  await closing
  running.kill()
  await start(world, computer)
}

function changeReach(world: World): void {
  const one = pick(world, world.computers)?.actor.name ?? ''
  const other = pick(world, world.computers)?.actor.name ?? ''
  if (one === other) return
  const pair = [one, other].toSorted().join(' ')
  const reachable = world.cut.delete(pair)
  if (!reachable) world.cut.add(pair)
  world.network.setReachable(one, other, reachable)
}

async function step(world: World): Promise<void> {
  const chance = world.random()
  const computer = pick(world, world.computers)
  if (computer === undefined) return
  if (computer.running === undefined) {
    if (chance < 0.5) await start(world, computer)
  } else if (chance < 0.6) edit(world, computer)
  else if (chance < 0.75) await acknowledgeAndPerhapsCrash(world, computer)
  else if (chance < 0.87) changeReach(world)
  else if (chance < 0.9) crash(world, computer)
  else if (chance < 0.92) await closeAndStart(world, computer)
  else if (chance < 0.94) world.hostility = world.random() < 0.5 ? 0 : world.random() * 0.2
  const wait = world.random()
  await world.time.pass(wait < 0.5 ? 5 : wait < 0.9 ? Math.floor(world.random() * 1000) : 15_000)
}

async function healEverything(world: World): Promise<void> {
  world.hostility = 0
  for (const pair of world.cut) {
    const [one = '', other = ''] = pair.split(' ')
    world.network.setReachable(one, other, true)
  }
  world.cut.clear()
  for (const computer of world.computers) if (computer.running === undefined) await start(world, computer)
  // Longer than it takes to notice a link that died of the last spoiled frame.
  await world.time.pass(120_000)
}

function must(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence)
}

const stateOf = (doc: Y.Doc): string =>
  JSON.stringify([doc.getText('t').toJSON(), Object.keys(doc.getMap('marks').toJSON()).toSorted()])

/** What all the signed entries of one store say, checked one by one, and nothing else. */
async function replay(computer: Computer, membership: Membership, paper: DocumentId): Promise<Y.Doc> {
  const doc = new Y.Doc({ gc: false })
  for (const row of await computer.store.index()) {
    const [stored] = await computer.store.entries(row, row.seq, 1)
    const decoded = decodeEntry(stored?.bytes ?? new Uint8Array(0))
    must(stored !== undefined && decoded.ok, 'an entry in the store cannot be read')
    const entry = decoded.value
    const key = membership.state().devices.get(entry.device)?.certificate.signingKey ?? new Uint8Array(32)
    const signed = stored.bytes.subarray(0, stored.bytes.length - SIGNATURE_LENGTH)
    must(await syncSigner.verify('entry', key, signed, entry.signature), 'an unsigned entry was stored')
    const epoch = membership.epochKey(entry.epoch) ?? new Uint8Array(32)
    const plain = open(derive(epoch, 'entry'), entry.sealedBody)
    const body = plain === undefined ? undefined : decodeEntryBody(plain)
    must(body?.ok === true, 'an entry in the store does not open')
    const client = yjsClientIdOf(entry.circle, entry.device, entry.incarnation)
    must(inspectUpdate(body.value.update, client).ok, 'an entry writes for somebody else')
    if (body.value.document === paper) Y.applyUpdateV2(doc, body.value.update, REMOTE)
  }
  return doc
}

async function checkInvariants(world: World): Promise<void> {
  const [first] = world.computers
  const reference = first?.running
  must(reference !== undefined, 'nobody is running')
  for (const paper of PAPERS) {
    const expected = reference.papers.get(paper)?.doc
    must(expected !== undefined, 'a paper is not open')
    for (const computer of world.computers) {
      const { running, actor } = computer
      const doc = running?.papers.get(paper)?.doc
      must(running !== undefined && doc !== undefined, `${actor.name} is not running`)
      must(stateOf(doc) === stateOf(expected), `${actor.name} and ${first?.actor.name} differ`)
      must(Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(expected)), `${actor.name}'s deletions differ`)
      must(doc.store.pendingStructs === null, `${actor.name} waits for something for ever`)
      const marks = doc.getMap('marks')
      for (const mark of world.acknowledged.get(paper) ?? []) {
        must(marks.has(mark), `${actor.name} lost "${mark}", which was acknowledged`)
      }
      const replayed = await replay(computer, running.replica.membership, paper)
      must(stateOf(replayed) === stateOf(doc), `${actor.name}'s paper says more or less than the signed entries`)
      must(running.replica.forks().devices().size === 0, 'a fork without cause')
      must(running.replica.saveState().state === 'saved', `${actor.name} has not saved`)
    }
  }
  for (const { running, actor } of world.computers) {
    for (const status of running?.carrier.status(running.replica.circle) ?? []) {
      const says = `${actor.name} says ${JSON.stringify(status)}`
      must(status.connected && status.theyLack === 0 && status.weLack === 0, says)
    }
  }
}

async function createWorld({ seed, actors }: SimulationOptions, random: () => number): Promise<World> {
  const time = createManualTime(turn)
  const { actors: people } = await setUp(NAMES.slice(0, actors))
  const computers = people.map((actor): Computer => ({
    actor,
    store: createMemoryStore(),
    clock: skewed(time, Math.floor((random() - 0.5) * 1_000_000)),
    running: undefined,
  }))
  const network = createMemoryNetwork({
    defer: (run) => void time.after(1 + Math.floor(random() * 4), run),
    retry: (run) => void time.after(300 + Math.floor(random() * 300), run),
    carry: (frame) => spoil(world, frame),
  })
  const acknowledged = new Map(PAPERS.map((paper) => [paper, new Set<string>()]))
  const hostility = seed % 3 === 0 ? 0 : random() * 0.1
  const counts = { spoiled: 0, edits: 0, crashes: 0 }
  const world: World = { random, time, network, computers, acknowledged, cut: new Set(), hostility, ...counts }
  for (const computer of computers) await start(world, computer)
  return world
}

const skewed = (time: Clock, by: number): Clock => ({ now: () => Math.max(0, time.now() + by) })

/** Throws an Error with a sentence and the seed where an invariant does not hold. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed, actors } = options
  const random = seededRandom(seed)
  const restore = seedEverything(seededRandom(seed + 1_000_003))
  try {
    const world = await createWorld(options, random)
    for (let done = 0; done < options.steps; done++) await step(world)
    await healEverything(world)
    await checkInvariants(world)
    const entries = world.computers[0] === undefined ? 0 : (await world.computers[0].store.index()).length
    const acknowledged = [...world.acknowledged.values()].reduce((sum, marks) => sum + marks.size, 0)
    for (const { running } of world.computers) running?.kill()
    const { edits, crashes, spoiled } = world
    return { seed, actors, entries, edits, crashes, framesSpoiled: spoiled, acknowledged }
  } catch (thrown) {
    throw new Error(`seed ${seed}, ${actors} actors: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
      cause: thrown,
    })
  } finally {
    restore()
  }
}
