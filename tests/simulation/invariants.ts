/** What must hold in every world once it has had time to come to rest. Each throws a sentence. */
import * as Y from 'yjs'
import type { Bytes } from '../../shared/base/bytes.ts'
import type { CircleId, DeviceId, DocumentId, EpochId } from '../../shared/base/ids.ts'
import { derive } from '../../shared/crypto/derive.ts'
import { open } from '../../shared/crypto/seal.ts'
import { SIGNATURE_LENGTH } from '../../shared/crypto/sign.ts'
import { unwrap } from '../../shared/crypto/wrap.ts'
import { certificatesIn, grantsIn } from '../../shared/membership/ledger.ts'
import { mayFollow } from '../../shared/membership/may-follow.ts'
import { deviceIdOf, epochIdOf, yjsClientIdOf } from '../../shared/membership/names.ts'
import type { CircleState, Membership } from '../../shared/membership/state.ts'
import { noKeys, learnKeys, verifyRecord } from '../../shared/membership/verify.ts'
import { passOverClosed } from '../../shared/sync/pass-over.ts'
import { REMOTE } from '../../shared/sync/replica.ts'
import { knownDevice } from '../../shared/sync/vouching.ts'
import { inspectUpdate } from '../../shared/sync/yjs-update.ts'
import { decodeEntry, decodeEntryBody, type Entry } from '../../shared/wire/entry.ts'
import { decodeRecord, type MembershipRecord } from '../../shared/wire/record.ts'
import { syncSigner } from '../fixtures/sync-ed25519.ts'
import { isIn, must, PAPERS, type Computer, type Hold, type World } from './world.ts'

interface Held {
  readonly computer: Computer
  readonly hold: Hold
}

export interface Honest {
  readonly circle: CircleId
  readonly state: CircleState
  /** Computers that are in, by the records all of them should have; the first is compared with. */
  readonly all: readonly Held[]
  /** Of these, the ones who may read everything. */
  readonly readers: readonly Held[]
  /** A log forked: the one way in which copies of honest people stay different. */
  readonly forked: ReadonlySet<DeviceId>
}

const holdersOf = (world: World, circle: CircleId): readonly Held[] =>
  world.computers.flatMap((computer) => {
    const hold = computer.running?.holds.get(circle)
    return hold === undefined ? [] : [{ computer, hold }]
  })

const isPresent = (state: CircleState | undefined, device: DeviceId): boolean =>
  state?.devices.get(device)?.present === true

const holdsOut = ({ hold }: Held, { computer }: Held): boolean =>
  hold.membership.state().devices.get(computer.secrets.device)?.present === false

/**
 * Where two took each other out, whoever heard of the one removal first reads no word of the one it took out; so it can hear of the
 * other removal only from somebody who heard of that one first.
 */
function goesOnApart(each: Held, reference: Held, present: readonly Held[]): boolean {
  if (!holdsOut(each, reference)) return false
  const known = reference.hold.membership.hashes()
  const isAnswered = each.hold.membership
    .removalsOf(reference.computer.secrets.device)
    .every((removal) => known.has(removal))
  return (
    isAnswered && !present.some((other) => !holdsOut(other, reference) && other !== reference && !holdsOut(each, other))
  )
}

/** Undefined where nobody is left in the circle. */
export function honestIn(world: World, circle: CircleId, group?: CircleState): Honest | undefined {
  const candidates = holdersOf(world, circle).filter(
    ({ computer, hold }) => isIn(hold) && (group === undefined || isPresent(group, computer.secrets.device)),
  )
  const views = new Map<string, number>()
  const viewOf = ({ hold }: Held): string => comparable(hold.membership.state())
  for (const each of candidates) views.set(viewOf(each), (views.get(viewOf(each)) ?? 0) + 1)
  const sizeOf = ({ hold }: Held): number => hold.membership.hashes().size
  // Whom most agree with; see checkTold for those who are of another mind for good.
  const [reference] = candidates.toSorted(
    (a, b) => (views.get(viewOf(b)) ?? 0) - (views.get(viewOf(a)) ?? 0) || sizeOf(b) - sizeOf(a),
  )
  if (reference === undefined) return undefined
  const state = reference.hold.membership.state()
  const present = [reference, ...candidates.filter((each) => each !== reference)].filter(({ computer }) =>
    isPresent(state, computer.secrets.device),
  )
  const all = present.filter((each) => !goesOnApart(each, reference, present))
  const forked = new Set(all.flatMap(({ hold }) => [...hold.replica.forks().devices()]))
  const readers = all.filter(({ hold }) => state.members.get(hold.membership.secrets.member)?.history === 'all')
  return { circle, state, all, readers, forked }
}

// ------------------------------------------------------------------------------------------------------------ membership

const sorted = (lines: readonly unknown[]): readonly string[] => lines.map((line) => JSON.stringify(line)).toSorted()

const comparable = ({ devices, members, epochs, currentEpoch, name, closed, heads, skipped }: CircleState): string =>
  JSON.stringify([
    sorted([...members.values()].map((each) => [each.id, each.name, each.role, each.present, each.history])),
    sorted([...devices.values()].map(({ id, present, incarnations }) => [id, present, incarnations])),
    sorted([...epochs].map(([id, { clean }]) => [id, clean])),
    [currentEpoch, name, closed, heads, sorted(skipped.map(({ hash, reason }) => [hash, reason]))],
  ])

function checkMembership({ state, all }: Honest): void {
  const expected = comparable(state)
  const hasOrganiser = all.some(({ hold }) => state.members.get(hold.membership.secrets.member)?.role === 'organiser')
  for (const { computer, hold } of all) {
    const { membership } = hold
    const mine = membership.state()
    must(comparable(mine) === expected, `${computer.name} has other people or keys than ${all[0]?.computer.name}`)
    // Where no organiser is left, whoever writes next makes the key; watchSealing sees to it that it comes first.
    must(
      mine.epochs.get(mine.currentEpoch)?.clean === true || !hasOrganiser,
      `the current key was given to somebody who is absent`,
    )
    must(membership.epochKey(mine.currentEpoch) !== undefined, `${computer.name} cannot open the current epoch`)
    must(membership.sealingEpoch() !== undefined || !hasOrganiser, `${computer.name} has nothing to write under`)
    for (const { device, epoch } of mine.withoutKey) {
      must(device !== membership.secrets.device, `${computer.name} lacks the key ${epoch}, which it may have`)
    }
  }
}

/** Everybody who is in and whose computer is on holds the circle. */
function checkArrived(world: World, { circle, state }: Honest, group: CircleState): void {
  for (const computer of world.computers) {
    const { device } = computer.secrets
    if (!isPresent(state, device) || !isPresent(group, device)) continue
    must(computer.running?.holds.has(circle) === true, `${computer.name} was put into a circle and never got it`)
  }
}

/**
 * Who was taken out hears of it: nobody goes on in the belief of being in. A computer that never came to be known, because it was
 * brought in by somebody who was being taken out just then, is a stranger to the others and is told nothing.
 */
function checkTold(world: World, { circle, state, all }: Honest): void {
  for (const { computer, hold } of holdersOf(world, circle)) {
    const known = state.devices.get(computer.secrets.device)
    if (known === undefined || known.present) continue
    // Who took out others meanwhile, and is read by nobody because they took it out, goes on in a world of its own.
    const theirs = all[0]?.hold.membership.hashes()
    if (![...hold.membership.hashes()].every((hash) => theirs?.has(hash) === true)) continue
    must(!isIn(hold), `${computer.name} was taken out of ${circle.slice(0, 4)} and does not know`)
  }
}

// ---------------------------------------------------------------------------------------------------------------- papers

const textOf = (doc: Y.Doc): string =>
  JSON.stringify([doc.getText('t').toJSON(), Object.keys(doc.getMap('marks').toJSON()).toSorted()])

interface Read {
  readonly entry: Entry
  readonly bytes: Bytes
}

async function entriesOf({ computer, hold }: Held): Promise<readonly Read[]> {
  const disk = computer.disks.get(hold.circle)
  if (disk === undefined) return []
  const rows = await disk.index()
  const read: Read[] = []
  for (const row of rows) {
    const [stored] = await disk.entries(row, row.seq, 1)
    const decoded = decodeEntry(stored?.bytes ?? new Uint8Array(0))
    must(stored !== undefined && decoded.ok, 'an entry in the store cannot be read')
    read.push({ entry: decoded.value, bytes: stored.bytes })
  }
  return read
}

async function checkSigned({ entry, bytes }: Read, { membership }: Hold): Promise<Bytes> {
  const key = knownDevice(membership.state(), entry.device)?.certificate.signingKey ?? new Uint8Array(32)
  const signed = bytes.subarray(0, bytes.length - SIGNATURE_LENGTH)
  must(await syncSigner.verify('entry', key, signed, entry.signature), 'an unsigned entry was stored')
  const plain = open(derive(membership.epochKey(entry.epoch) ?? new Uint8Array(32), 'entry'), entry.sealedBody)
  must(plain !== undefined, 'an entry in the store does not open')
  return plain
}

/** What all the signed entries of one store say, checked one by one, and nothing else. */
async function replay(held: Held): Promise<ReadonlyMap<DocumentId, Y.Doc>> {
  const docs = new Map(PAPERS.map((paper) => [paper, new Y.Doc({ gc: false })]))
  for (const read of await entriesOf(held)) {
    const body = decodeEntryBody(await checkSigned(read, held.hold))
    must(body.ok, 'an entry in the store does not open')
    const { circle, device, incarnation } = read.entry
    must(inspectUpdate(body.value.update, yjsClientIdOf(circle, device, incarnation)).ok, 'an entry writes for another')
    const doc = docs.get(body.value.document)
    if (doc !== undefined) Y.applyUpdateV2(doc, body.value.update, REMOTE)
  }
  for (const doc of docs.values()) passOverClosed(held.hold, { doc, passedOver: false })
  return docs
}

/** Logs that this computer's person may not follow, because they came in from now on, are all that it may be without. */
const follows = ({ hold: { membership } }: Held, client: number): boolean => {
  const state = membership.state()
  const { member } = membership.secrets
  if (state.members.get(member)?.follows === undefined) return true
  return [...state.devices.values()].some(({ id, incarnations }) =>
    incarnations.some(
      (incarnation) =>
        yjsClientIdOf(state.circle, id, incarnation) === client &&
        mayFollow(state, member, { device: id, incarnation }),
    ),
  )
}

function checkPapers({ all, readers, forked }: Honest): void {
  for (const { computer, hold } of forked.size > 0 ? [] : all) {
    for (const { doc } of hold.papers.values()) {
      must(doc.store.pendingStructs === null, `${computer.name} waits for something for ever`)
    }
  }
  const [first] = readers
  for (const paper of PAPERS) {
    const expected = first?.hold.papers.get(paper)?.doc
    if (first === undefined) return
    must(expected !== undefined, 'a paper is not open')
    for (const { computer, hold } of readers) {
      const doc = hold.papers.get(paper)?.doc
      must(doc !== undefined, `${computer.name} has a paper closed`)
      const whose = `${computer.name} and ${first?.computer.name}`
      if (forked.size > 0) continue
      must(textOf(doc) === textOf(expected), `${whose} differ`)
      must(Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(expected)), `${whose} differ in what was deleted`)
    }
  }
}

function checkSaved({ all }: Honest): void {
  for (const { computer, hold } of all) {
    const save = hold.replica.saveState()
    must(save.state === 'saved', `${computer.name} has not saved: ${JSON.stringify(save)}`)
  }
}

function checkPromises(world: World, { circle, all, forked, state }: Honest, group: CircleState): void {
  for (const { circle: where, paper, mark, device, client } of world.promised) {
    // Of somebody taken out, what came after it is in everywhere or nowhere: checkPapers compares.
    if (where !== circle || forked.has(device) || !isPresent(state, device) || !isPresent(group, device)) continue
    for (const held of all) {
      if (!follows(held, client)) continue
      const { computer, hold } = held
      const doc = hold.papers.get(paper)?.doc
      // Words that stand on the branch of a forked log which this computer does not have wait for it.
      if (forked.size > 0 && doc?.store.pendingStructs !== null) continue
      must(doc?.getMap('marks').has(mark) === true, `${computer.name} lost "${mark}", which was acknowledged`)
    }
  }
}

/** What a removed computer has set aside somewhere is merged nowhere, and what is merged is set aside nowhere. */
async function checkSetAside({ all, state }: Honest): Promise<void> {
  for (const { computer, hold } of all) {
    for (const { device } of hold.replica.setAside()) {
      must(!isPresent(state, device), `${computer.name} sets aside what somebody present wrote`)
    }
  }
  return Promise.resolve()
}

async function checkReplay({ all, forked }: Honest): Promise<void> {
  for (const held of all) {
    const docs = await replay(held)
    for (const [paper, replayed] of docs) {
      const doc = held.hold.papers.get(paper)?.doc
      must(doc !== undefined, 'a paper is not open')
      const says = `${held.computer.name}'s paper says more or less than the signed entries`
      must(forked.size > 0 || textOf(replayed) === textOf(doc), says)
    }
  }
}

function checkConnected(world: World, { circle, all, forked }: Honest): void {
  // Of a log that forked each side counts its own branch, and the other never has it.
  if (forked.size > 0) return
  const members = new Set(all.map(({ hold }) => hold.membership.secrets.member))
  for (const { computer, hold } of all) {
    for (const status of computer.running?.carrier.status(circle) ?? []) {
      if (!members.has(status.member) || status.member === hold.membership.secrets.member) continue
      const says = `${computer.name} says ${JSON.stringify(status)}`
      must(status.connected && status.theyLack === 0 && status.weLack === 0, says)
    }
  }
  must(world.computers.length > 0, 'nobody is there')
}

// --------------------------------------------------------------------------------------------------------------- secrets

const recordsOf = (membership: Membership): readonly MembershipRecord[] =>
  membership.recordsOf(membership.hashes()).flatMap((bytes) => {
    const read = decodeRecord(bytes)
    return read.ok ? [read.value] : []
  })

/**
 * Every key that a computer's secrets get out of all boxes of a circle, whoever they are meant for: what somebody could have who
 * had every byte. `own`: keys the computer holds already.
 */
function keysWithin(
  secrets: Computer['secrets'],
  records: readonly MembershipRecord[],
  own: readonly Bytes[],
): readonly Bytes[] {
  const keys = [...own]
  for (const { body } of records) {
    for (const { wraps } of grantsIn(body)) {
      // Boxes name who they are for, and everybody else's do not open; unwrap is a curve operation, so only some are tried.
      for (const { device, wrapped } of wraps) {
        if (device !== secrets.device) continue
        const key = unwrap(secrets.box, wrapped)
        if (key !== undefined) keys.push(key)
      }
    }
  }
  const boxes = records.flatMap(({ body }) =>
    body.type === 'epoch' ? body.older.map(({ sealedKey }) => sealedKey) : [],
  )
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at]
    if (key === undefined) continue
    for (const box of boxes) {
      const older = open(derive(key, 'older epoch keys'), box)
      if (older !== undefined && !keys.some((each) => Buffer.from(each).equals(older))) keys.push(older)
    }
  }
  return keys
}

/** Boxes with another device's name on them, for clean epochs: does somebody absent open one all the same? */
function checkBoxes(
  world: World,
  secrets: Computer['secrets'],
  { state }: Honest,
  records: readonly MembershipRecord[],
): void {
  const tried = records.flatMap(({ body }) =>
    grantsIn(body).flatMap(({ epoch, wraps }) =>
      state.epochs.get(epoch)?.clean === true ? wraps.filter(({ device }) => device !== secrets.device) : [],
    ),
  )
  for (const { wrapped } of tried.filter(() => world.random() < 20 / Math.max(20, tried.length))) {
    must(unwrap(secrets.box, wrapped) === undefined, 'a box for somebody else opened')
  }
}

async function checkSecrets(world: World, honest: Honest): Promise<void> {
  const { all, state, circle } = honest
  const [first] = all
  if (first === undefined) return
  const records = recordsOf(first.hold.membership)
  const entries = await entriesOf(first)
  const everybodysRecords = holdersOf(world, circle).flatMap(({ hold }) => recordsOf(hold.membership))
  for (const computer of world.computers) {
    if (isPresent(state, computer.secrets.device)) continue
    const own = [...(computer.running?.holds.values() ?? [])].flatMap(({ membership }) =>
      membership.heldEpochs().flatMap((epoch) => membership.epochKey(epoch) ?? []),
    )
    const keys = keysWithin(computer.secrets, records, own)
    // Also by a record that was struck out, or never came here, because its author was being taken out just then.
    const wasIn = everybodysRecords.some(({ body }) =>
      certificatesIn(body).some((each) => deviceIdOf(each) === computer.secrets.device),
    )
    must(wasIn || !computer.disks.has(circle), `${computer.name} was never in ${circle} and has it on its disk`)
    checkBoxes(world, computer.secrets, honest, records)
    const clean = new Set([...state.epochs].flatMap(([epoch, each]) => (each.clean ? [epoch] : [])))
    for (const key of keys) {
      for (const [epoch, { parents }] of state.epochs) {
        const opens = epochIdOf(key, circle, parents) === epoch
        must(!opens || (wasIn && !clean.has(epoch)), `${computer.name}, who is not in, has the key of a clean epoch`)
      }
      checkEntriesShut(computer, derive(key, 'entry'), entries, wasIn ? clean : undefined)
    }
  }
}

function checkEntriesShut(
  computer: Computer,
  key: Bytes,
  entries: readonly Read[],
  clean?: ReadonlySet<EpochId>,
): void {
  for (const { entry } of entries) {
    if (clean !== undefined && !clean.has(entry.epoch)) continue
    must(open(key, entry.sealedBody) === undefined, `${computer.name}, who is not in, opens an entry`)
  }
}

async function checkRecordsSigned({ all }: Honest): Promise<void> {
  const membership = all[0]?.hold.membership
  if (membership === undefined) return
  const records = recordsOf(membership)
  const known = noKeys()
  for (const record of records) learnKeys(known, record)
  for (const record of records) {
    const problem = await verifyRecord(syncSigner, known, record)
    must(problem === undefined, `an unsigned record was stored: ${problem}`)
  }
}

// ------------------------------------------------------------------------------------------------------------------- all

export const honestWorld = (world: World): readonly Honest[] => {
  const group = honestIn(world, world.group)
  if (group === undefined) return []
  const circles = [...world.circles].flatMap((circle) => honestIn(world, circle, group.state) ?? [])
  return [group, ...circles]
}

/** What time brings about; the rest is checked once that is so. */
export function checkAtRest(world: World): void {
  const [group, ...circles] = honestWorld(world)
  if (group === undefined) return
  for (const honest of [group, ...circles]) {
    const where = honest === group ? 'group' : `circle ${honest.circle.slice(0, 4)}`
    try {
      checkArrived(world, honest, group.state)
      checkMembership(honest)
      if (honest === group) checkTold(world, honest)
      checkSaved(honest)
      checkPapers(honest)
      checkPromises(world, honest, group.state)
      checkConnected(world, honest)
    } catch (thrown) {
      throw new Error(`${where}: ${thrown instanceof Error ? thrown.message : String(thrown)}`, { cause: thrown })
    }
  }
}

export async function checkForGood(world: World): Promise<void> {
  for (const honest of honestWorld(world)) {
    await checkSetAside(honest)
    await checkReplay(honest)
    await checkRecordsSigned(honest)
    await checkSecrets(world, honest)
  }
}
