import type { Bytes } from '../base/bytes.ts'
import { createEmitter } from '../base/emitter.ts'
import { describeThrown, fail, ok, type Result } from '../base/errors.ts'
import type { CircleId, DeviceId, EpochId, HashId, MemberId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import { MAX_PARENTS, MAX_RECORD } from '../wire/limits.ts'
import type { RecordBody } from '../wire/record.ts'
import { leavesOf } from './epoch-order.ts'
import { collectKeys } from './keys.ts'
import { memberIdOf } from './names.ts'
import { overQuota, overTotal } from './quota.ts'
import type { RecordStore, StoredRecord } from './record-store.ts'
import { resolveWithKeys, type Resolved } from './resolve.ts'
import { signRecord } from './sign-record.ts'
import type { CircleState, DeviceSecrets, Membership } from './state.ts'
import {
  copyKeys,
  decodeExact,
  learnKeys,
  missingKey,
  noKeys,
  verifyRecord,
  type KnownKeys,
  type VerifiedRecord,
} from './verify.ts'

/** Records whose signatures cannot be checked yet, for want of a key that another record brings. Kept in memory only. */
export const MAX_PENDING = 512
/** Sound records that are too much here, kept in memory for a record that may come and rest on them. */
const MAX_OVER = 512
const MAX_OVER_BYTES = 4 * 1024 * 1024

export interface OpenMembership {
  readonly circle: CircleId
  readonly secrets: DeviceSecrets
  readonly store: RecordStore
  readonly signer: Signer
}

export class NotACircle extends Error {
  override readonly name = 'NotACircle'
}

interface Held extends VerifiedRecord {
  readonly bytes: Bytes
}

interface Refusal {
  readonly reason: string
  readonly hash?: HashId
}

/** Everything of one open membership that changes. */
interface Room extends OpenMembership {
  readonly known: KnownKeys
  readonly records: Map<HashId, Held>
  readonly pending: Map<HashId, Held>
  /** Verified, and refused as too much. */
  readonly over: Map<HashId, Held>
  readonly keys: Map<EpochId, Bytes>
  readonly authors: Map<DeviceId, MemberId>
  state: CircleState | undefined
  removals: ReadonlyMap<DeviceId, readonly HashId[]>
  unopened: readonly EpochId[]
}

const newRoom = (request: OpenMembership): Room => ({
  ...request,
  known: noKeys(),
  records: new Map(),
  pending: new Map(),
  over: new Map(),
  keys: new Map(),
  authors: new Map(),
  state: undefined,
  removals: new Map(),
  unopened: [],
})

const keepHeld = (room: Room, held: Held): void => {
  room.records.set(held.hash, held)
  learnKeys(room.known, held.record)
}

function resolveAll(room: Room, resolved?: Resolved): void {
  const records = [...room.records.values()]
  const { resolution, unopened } = resolved ?? resolveWithKeys(room.circle, records)
  const { state, removals } = resolution
  room.state = state
  room.removals = removals
  if (state === undefined) return
  collectKeys(state, room.secrets, records, room.keys)
  const opens = (epoch: EpochId): boolean => room.keys.has(epoch)
  room.unopened = [...state.epochs.keys()].every(opens) ? [] : unopened(room.secrets.device, opens)
}

/** By the resolver; or of a device that it does not know yet, the member whose identity key vouches for it. */
function authorOf(room: Room, known: KnownKeys, { record }: Held): MemberId | undefined {
  const resolved = room.state?.devices.get(record.author)?.member
  const certificate = record.body.type === 'create' ? record.body.founder : known.devices.get(record.author)
  const author = resolved ?? room.authors.get(record.author)
  if (author !== undefined || certificate === undefined) return author
  const member = memberIdOf(certificate.identityKey)
  room.authors.set(record.author, member)
  return member
}

/** Statements that are needed most where somebody fills the log, by those who may make them. */
function isUrgent(room: Room, known: KnownKeys, held: Held): boolean {
  const { type } = held.record.body
  if (type !== 'remove' && type !== 'epoch' && type !== 'role') return false
  const member = authorOf(room, known, held)
  if (member === undefined) return false
  const resolved = room.state?.members.get(member)
  return resolved === undefined ? known.organisers.has(member) : resolved.present && resolved.role === 'organiser'
}

/** Of sound ones those for which there is no room here, each with the reason. */
function tooMuch(room: Room, known: KnownKeys, arrived: readonly Held[]): ReadonlyMap<HashId, string> {
  const held = room.records
  const byOne = overQuota({ held, arrived, authorOf: (each: Held) => authorOf(room, known, each) })
  const rest = arrived.filter(({ hash }) => !byOne.has(hash))
  const byAll = overTotal({ held, arrived: rest, isUrgent: (each: Held) => isUrgent(room, known, each) })
  return new Map([
    ...Array.from(byOne, (hash) => [hash, 'author-over-quota'] as const),
    ...Array.from(byAll, (hash) => [hash, 'too-many-records'] as const),
  ])
}

/** Where there are too many, the first of whoever has the most: nobody crowds out what others said. */
function keepOver(room: Room, known: KnownKeys, refused: readonly Held[]): void {
  let size = 0
  for (const held of refused) room.over.set(held.hash, held)
  for (const { bytes } of room.over.values()) size += bytes.length
  const byAuthor = new Map<MemberId | undefined, Held[]>()
  for (const held of room.over.values()) {
    const author = authorOf(room, known, held)
    const some = byAuthor.get(author)
    if (some === undefined) byAuthor.set(author, [held])
    else some.push(held)
  }
  while (room.over.size > MAX_OVER || size > MAX_OVER_BYTES) {
    const first = [...byAuthor.values()].toSorted((a, b) => b.length - a.length)[0]?.shift()
    if (first === undefined) return
    size -= first.bytes.length
    room.over.delete(first.hash)
  }
}

function loadStored(room: Room, stored: readonly StoredRecord[]): void {
  for (const { bytes } of stored) {
    const read = decodeExact(bytes, room.circle)
    // The store seals what was verified, so the signatures are not checked again; what a newer version wrote waits there.
    if (read.ok) keepHeld(room, { ...read.value, bytes })
  }
  resolveAll(room)
}

/** What these rest on of what was too much before. */
function rescuedBy(room: Room, candidates: readonly Held[]): readonly Held[] {
  const found = new Set(candidates)
  // A set hands out what is added while it is gone through.
  for (const { record } of found) {
    for (const parent of record.parents) {
      const over = room.over.get(parent)
      if (over !== undefined) found.add(over)
    }
  }
  for (const candidate of candidates) found.delete(candidate)
  return [...found].toReversed()
}

function readArrived(room: Room, arrived: readonly Uint8Array[]): { candidates: Held[]; refusals: Refusal[] } {
  const candidates = [...room.pending.values()]
  const refusals: Refusal[] = []
  const seen = new Set<HashId>()
  for (const bytes of arrived) {
    const read = decodeExact(bytes, room.circle)
    if (!read.ok) refusals.push({ reason: read.error })
    else if (!room.records.has(read.value.hash) && !room.pending.has(read.value.hash) && !seen.has(read.value.hash)) {
      seen.add(read.value.hash)
      candidates.push(room.over.get(read.value.hash) ?? { ...read.value, bytes: new Uint8Array(bytes) })
    }
  }
  return { candidates: [...rescuedBy(room, candidates), ...candidates], refusals }
}

interface Sorted {
  readonly accepted: readonly Held[]
  readonly waiting: readonly Held[]
}

const isBeginning = ({ record }: Held): boolean => record.body.type === 'create'

/** A founder who signs a second beginning later must not be able to replace the one that everything here rests on. */
const hasBeginning = (room: Room, accepted: readonly Held[]): boolean =>
  room.state !== undefined || accepted.some(isBeginning)

/** Checks what can be checked, again and again while what was accepted brings keys for more. */
async function checkAll(room: Room, candidates: readonly Held[], refusals: Refusal[]): Promise<Sorted> {
  const known = copyKeys(room.known)
  const accepted: Held[] = []
  let waiting = candidates
  for (let progressed = true; progressed;) {
    const before = accepted.length
    const later: Held[] = []
    for (const held of waiting) {
      if (missingKey(known, held.record) !== undefined) later.push(held)
      else {
        const isVerified = room.over.has(held.hash)
        const problem = isVerified ? undefined : await verifyRecord(room.signer, known, held.record)
        if (problem !== undefined) refusals.push({ reason: problem })
        else if (isBeginning(held) && hasBeginning(room, accepted)) {
          refusals.push({ reason: 'second-beginning' })
        } else {
          accepted.push(held)
          learnKeys(known, held.record)
        }
      }
    }
    waiting = later
    progressed = accepted.length > before
  }
  const over = tooMuch(room, known, accepted)
  for (const [hash, reason] of over) refusals.push({ reason, hash })
  keepOver(
    room,
    known,
    accepted.filter(({ hash }) => over.has(hash)),
  )
  return { accepted: accepted.filter(({ hash }) => !over.has(hash)), waiting }
}

function keepWaiting(room: Room, waiting: readonly Held[], refusals: Refusal[]): void {
  const before = new Set(room.pending.keys())
  room.pending.clear()
  for (const held of waiting) {
    if (room.pending.size < MAX_PENDING) room.pending.set(held.hash, held)
    if (!before.has(held.hash)) {
      const { hash } = held
      refusals.push(room.pending.has(hash) ? { reason: 'waits-for-a-key' } : { reason: 'too-many-waiting', hash })
    }
  }
}

const forStore = (held: readonly Held[]): readonly StoredRecord[] => held.map(({ hash, bytes }) => ({ hash, bytes }))

async function receive(room: Room, arrived: readonly Uint8Array[]): Promise<{ changed: boolean; refusals: Refusal[] }> {
  const { candidates, refusals } = readArrived(room, arrived)
  const { accepted, waiting } = await checkAll(room, candidates, refusals)
  if (accepted.length > 0) {
    try {
      await room.store.putRecords(forStore(accepted))
    } catch (thrown) {
      return { changed: false, refusals: [...refusals, { reason: `storage-failed: ${describeThrown(thrown)}` }] }
    }
    for (const held of accepted) {
      keepHeld(room, held)
      room.over.delete(held.hash)
    }
    resolveAll(room)
  }
  keepWaiting(room, waiting, refusals)
  return { changed: accepted.length > 0, refusals }
}

type Appended = Result<HashId, 'not-allowed' | 'storage-failed'>

const NOTHING: RecordBody = { type: 'grant', grants: [] }

/**
 * A record must know of all that is here, or a key that it passes on may be unknown in its past. Where there are more loose ends
 * than one record may name, records that say nothing join them first.
 */
async function append(room: Room, body: RecordBody): Promise<Appended> {
  for (;;) {
    const heads = room.state?.heads ?? []
    if (heads.length <= MAX_PARENTS) return appendOn(room, heads, body)
    const joined = await appendOn(room, heads.slice(0, MAX_PARENTS), NOTHING)
    if (!joined.ok) return joined
  }
}

async function appendOn(room: Room, parents: readonly HashId[], body: RecordBody): Promise<Appended> {
  const made = await signRecord(room.signer, room.secrets, { circle: room.circle, parents, body })
  const exact = decodeExact(made.bytes, room.circle)
  if (made.bytes.length > MAX_RECORD || !exact.ok) return fail('not-allowed', 'too long')
  if (missingKey(room.known, made.record) !== undefined) return fail('not-allowed', 'author-not-present')
  const problem = await verifyRecord(room.signer, room.known, made.record)
  if (problem !== undefined) return fail('not-allowed', problem)
  const held: Held = { ...made }
  const over = tooMuch(room, room.known, [held]).get(held.hash)
  if (over !== undefined) return fail('not-allowed', over)
  const resolved = resolveWithKeys(room.circle, [...room.records.values(), held])
  const rule = resolved.resolution.state?.skipped.find(({ hash }) => hash === held.hash)
  if (rule !== undefined) return fail('not-allowed', rule.reason)
  try {
    await room.store.putRecords(forStore([held]))
  } catch (thrown) {
    return fail('storage-failed', describeThrown(thrown))
  }
  keepHeld(room, held)
  resolveAll(room, resolved)
  return ok(held.hash)
}

/** Parents before children: each record is handed out once everything it rests on, as far as asked for, is. */
function inParentOrder(room: Room, hashes: Iterable<HashId>): readonly Bytes[] {
  const wanted = new Set([...hashes].filter((hash) => room.records.has(hash)))
  const ordered: Bytes[] = []
  const done = new Set<HashId>()
  const stack = [...wanted].toReversed()
  while (stack.length > 0) {
    const hash = stack[stack.length - 1]
    const held = hash === undefined ? undefined : room.records.get(hash)
    if (hash === undefined || held === undefined || done.has(hash)) {
      stack.pop()
      continue
    }
    const open = held.record.parents.filter((parent) => wanted.has(parent) && !done.has(parent))
    if (open.length > 0) stack.push(...open)
    else {
      stack.pop()
      done.add(hash)
      ordered.push(held.bytes)
    }
  }
  return ordered
}

/** All that these rest on, themselves included. */
function restingOn(room: Room, hashes: Iterable<HashId>): ReadonlySet<HashId> {
  const found = new Set(hashes)
  // A set hands out what is added while it is gone through.
  for (const hash of found) for (const parent of room.records.get(hash)?.record.parents ?? []) found.add(parent)
  return found
}

const NOTHING_ACCEPTED = { seq: 0 }

function mayWrite(
  room: Room,
  ...[device, incarnation, epoch]: Parameters<Membership['mayWrite']>
): ReturnType<Membership['mayWrite']> {
  const known = room.state?.devices.get(device) ?? room.state?.fallen.get(device)
  if (known === undefined) return fail('unknown-device')
  if (room.state?.epochs.has(epoch) !== true) return fail('unknown-epoch')
  if (!known.incarnations.includes(incarnation)) return fail('unknown-incarnation')
  const { member, removal } = known
  if (removal === undefined) return ok({ member })
  return ok({ member, upTo: removal.limits.get(incarnation) ?? NOTHING_ACCEPTED })
}

const sealingEpoch = ({ state, keys }: Room): EpochId | undefined =>
  leavesOf(state?.epochs ?? new Map()).find((epoch) => state?.epochs.get(epoch)?.clean === true && keys.has(epoch))

/**
 * The living membership of one circle on this device. The store must hold the circle's first record: throws NotACircle
 * where it does not. Records are checked, stored, and only then take effect, one call after the other.
 */
export async function openMembership(request: OpenMembership): Promise<Membership> {
  const room = newRoom(request)
  loadStored(room, await request.store.records())
  if (room.state === undefined) throw new NotACircle(request.circle)
  return membershipOf(room)
}

/** For a newcomer, who begins with nothing: resolves to undefined where the records do not make up the circle. */
export async function openReceived(
  request: OpenMembership,
  arrived: readonly Uint8Array[],
): Promise<{ readonly membership: Membership | undefined; readonly refusals: readonly Refusal[] }> {
  const room = newRoom(request)
  const { refusals } = await receive(room, arrived)
  return { membership: room.state === undefined ? undefined : membershipOf(room), refusals }
}

function membershipOf(room: Room): Membership {
  const changes = createEmitter<void>()
  let queue: Promise<unknown> = Promise.resolve()
  /** One after the other: each must see what the one before stored. */
  const inTurn = <Value>(run: () => Promise<Value>): Promise<Value> => {
    const turn = queue.then(run)
    queue = turn.catch(() => undefined)
    return turn
  }
  return {
    circle: room.circle,
    secrets: room.secrets,
    state: () => {
      if (room.state === undefined) throw new NotACircle(room.circle)
      return room.state
    },
    onChange: (listener) => changes.on(listener),
    hashes: () => new Set(room.records.keys()),
    recordsOf: (hashes) => inParentOrder(room, hashes),
    receive: (records) =>
      inTurn(async () => {
        const { changed, refusals } = await receive(room, records)
        if (changed) changes.emit()
        return refusals
      }),
    append: (body) =>
      inTurn(async () => {
        const appended = await append(room, body)
        if (appended.ok) changes.emit()
        return appended
      }),
    epochKey: (epoch) => room.keys.get(epoch),
    unopened: () => room.unopened,
    ownRecords: () => {
      const own = [...room.records.values()].filter((held) => authorOf(room, room.known, held) === room.secrets.member)
      return own.length
    },
    heldEpochs: () => [...room.keys.keys()],
    recordsUpTo: (hashes) => inParentOrder(room, restingOn(room, hashes)),
    removalsOf: (device) => room.removals.get(device) ?? [],
    sealingEpoch: () => sealingEpoch(room),
    mayWrite: (...place) => mayWrite(room, ...place),
  }
}
