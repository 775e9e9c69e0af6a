/**
 * What every entry passes before it is stored (PROTOCOL.md, "Acceptance"): size, form, circle, right to write, signature, chain,
 * quota, seal, Yjs. Each refusal has a name and the rest of a batch goes on. What depends on something that is not here yet
 * waits, within a bound, and is tried again. What a device signed after it was taken out is set aside (vouching.ts).
 */
import type { Bytes } from '../base/bytes.ts'
import { fail, ok, type Result } from '../base/errors.ts'
import type { CircleId, DeviceId, HashId, MemberId } from '../base/ids.ts'
import { open } from '../crypto/seal.ts'
import { SIGNATURE_LENGTH, type Signer } from '../crypto/sign.ts'
import { mayFollow } from '../membership/may-follow.ts'
import { hashOfEntry, yjsClientIdOf } from '../membership/names.ts'
import type { CircleState, Membership } from '../membership/state.ts'
import type { DecodeProblem } from '../wire/codec.ts'
import { decodeEntry, decodeEntryBody, type Entry, type EntryBody } from '../wire/entry.ts'
import { MAX_ENTRIES_PER_DEVICE, MAX_ENTRY } from '../wire/limits.ts'
import type { EpochKeys } from './epoch-keys.ts'
import { checkChain, runOf, type LogsDraft } from './logs.ts'
import { asideOf, type Aside, type SetAside } from './set-aside.ts'
import type { StoredEntry } from './store.ts'
import { isWithin, knownDevice, limitOf, type Limit, type Vouching } from './vouching.ts'
import { withWhatLeadsUp } from './words.ts'
import { inspectUpdate, type DeletedRange } from './yjs-update.ts'

export const MAX_WAITING_ENTRIES = 512
export const MAX_WAITING_BYTES = 16 * 1024 * 1024

export type EntryRefusal =
  | DecodeProblem
  | 'other-circle'
  | 'unknown-incarnation'
  | 'bad-signature'
  | 'forked'
  | 'chain-broken'
  | 'mixed-fold'
  | 'quota'
  | 'seal-broken'
  | 'bad-body'
  | 'bad-update'
  | 'foreign-client'
  | 'too-many-waiting'
  | 'after-removal'
  | 'too-many-set-aside'
  /** Of a log that began before this person came in, from now on. */
  | 'closed-log'

/** Why an entry waits. */
export type EntryWait = 'unknown-device' | 'unknown-epoch' | 'gap'

export interface Candidate {
  readonly bytes: Bytes
  readonly entry: Entry
  readonly hash: HashId
}

export interface Accepted {
  readonly stored: StoredEntry
  readonly entry: Entry
  readonly member: MemberId
  readonly body: EntryBody
  readonly deletes: readonly DeletedRange[]
}

export interface Refused {
  readonly reason: EntryRefusal
  readonly device?: DeviceId
  readonly incarnation?: number
  readonly seq?: number
}

export interface AcceptContext {
  readonly membership: Pick<Membership, 'circle' | 'mayWrite' | 'secrets' | 'state'>
  readonly signer: Signer
  readonly keys: (epoch: Entry['epoch']) => EpochKeys | undefined
  readonly vouching: Vouching
  readonly aside: SetAside
}

interface Author {
  readonly member: MemberId
  /** Of a device that was taken out: what counts without anybody's word. */
  readonly limit?: Limit
}

type HeldLogs = Pick<LogsDraft, 'get' | 'count'>
type Step<Value> = Result<Value, EntryRefusal | EntryWait>

function decode(bytes: Bytes, circle: CircleId): Step<Candidate> {
  if (bytes.length > MAX_ENTRY) return fail('too-large')
  const decoded = decodeEntry(bytes)
  if (!decoded.ok) return decoded
  if (decoded.value.circle !== circle) return fail('other-circle')
  return ok({ bytes, entry: decoded.value, hash: hashOfEntry(bytes) })
}

/** Declared in a record that the removal struck out: nobody else may use that client id, so the log counts as far as vouched. */
function isStruckIncarnation({ circle, device, incarnation }: Entry, state: CircleState): boolean {
  const client = yjsClientIdOf(circle, device, incarnation)
  return [...state.devices.values()].every(
    (other) =>
      other.id === device || other.incarnations.every((used) => yjsClientIdOf(circle, other.id, used) !== client),
  )
}

function authorOf({ entry }: Pick<Candidate, 'entry'>, { membership }: AcceptContext): Step<Author> {
  const allowed = membership.mayWrite(entry.device, entry.incarnation, entry.epoch)
  if (allowed.ok) {
    const { member, upTo } = allowed.value
    return ok(upTo === undefined ? { member } : { member, limit: upTo })
  }
  const state = membership.state()
  const limit = allowed.error === 'unknown-incarnation' ? limitOf(state, entry) : undefined
  const member = knownDevice(state, entry.device)?.member
  if (limit === undefined || member === undefined || !isStruckIncarnation(entry, state)) return allowed
  return state.epochs.has(entry.epoch) ? ok({ member, limit }) : fail('unknown-epoch')
}

async function checkAuthor(
  candidate: Candidate,
  signed: WeakSet<Candidate>,
  context: AcceptContext,
): Promise<Step<Author>> {
  const { bytes, entry } = candidate
  const { membership } = context
  // It would wait for ever for what it stands on.
  if (!mayFollow(membership.state(), membership.secrets.member, entry)) return fail('closed-log')
  const author = authorOf(candidate, context)
  if (!author.ok || signed.has(candidate)) return author
  const device = knownDevice(membership.state(), entry.device)
  if (device === undefined) return fail('unknown-device')
  const message = bytes.subarray(0, bytes.length - SIGNATURE_LENGTH)
  const { signingKey } = device.certificate
  const isSigned = await context.signer.verify('entry', signingKey, message, entry.signature)
  if (!isSigned) return fail('bad-signature')
  signed.add(candidate)
  return author
}

const CHAIN_PROBLEM = { gap: 'gap', fork: 'forked', broken: 'chain-broken' } as const

function checkPlace({ entry, hash }: Candidate, logs: HeldLogs): Step<'next' | 'known'> {
  const verdict = checkChain(logs.get(entry), entry, hash)
  if (verdict === 'next' || verdict === 'known') return ok(verdict)
  if (verdict === 'covered') return ok('known')
  return fail(CHAIN_PROBLEM[verdict])
}

function openBody({ entry }: Candidate, context: AcceptContext): Step<EntryBody> {
  const keys = context.keys(entry.epoch)
  if (keys === undefined) return fail('unknown-epoch')
  const plain = open(keys.entry, entry.sealedBody)
  if (plain === undefined) return fail('seal-broken')
  const body = decodeEntryBody(plain)
  return body.ok ? body : fail('bad-body', body.detail)
}

/** A fold stands for entries of one document; those of its run that are held can show otherwise. */
function isOneDocument(entry: Entry, body: EntryBody, logs: HeldLogs): boolean {
  if (entry.kind !== 'fold') return true
  const log = logs.get(entry)
  const head = log?.items.at(-1)?.seq ?? 0
  const held = runOf(log, entry.foldsFrom, Math.min(head, entry.seq - 1)) ?? []
  return held.every(({ document }) => document === body.document)
}

function checkContent(candidate: Candidate, member: MemberId, logs: HeldLogs, context: AcceptContext): Step<Accepted> {
  const { entry, hash, bytes } = candidate
  if (logs.count(entry.device) >= MAX_ENTRIES_PER_DEVICE) return fail('quota')
  const body = openBody(candidate, context)
  if (!body.ok) return body
  if (!isOneDocument(entry, body.value, logs)) return fail('mixed-fold')
  const client = yjsClientIdOf(entry.circle, entry.device, entry.incarnation)
  const update = inspectUpdate(body.value.update, client)
  if (!update.ok) return update
  const { device, incarnation, seq } = entry
  const from = entry.kind === 'fold' ? entry.foldsFrom : seq
  const stored = { device, incarnation, seq, from, hash, document: body.value.document, bytes }
  return ok({ stored, entry, member, body: body.value, deletes: update.value.deletes })
}

export interface AcceptOutcome {
  readonly accepted: readonly Accepted[]
  readonly refused: readonly Refused[]
  /** The other entry of a place that is taken: with the held one, proof that the log forked. */
  readonly forks: readonly Candidate[]
  readonly known: number
  readonly waiting: number
  /** How many more are set aside now; `aside` is to be stored. */
  readonly setAside: number
}

export interface Acceptor {
  /** Tries the batch and whatever waits. Accepted entries are in the draft; storing them is the caller's. */
  accept(batch: readonly Uint8Array[], logs: LogsDraft): Promise<AcceptOutcome>
  waiting(): number
}

const isWait = (reason: string): reason is EntryWait =>
  reason === 'unknown-device' || reason === 'unknown-epoch' || reason === 'gap'

const byPlace = (a: Candidate, b: Candidate): number =>
  a.entry.device === b.entry.device
    ? a.entry.incarnation - b.entry.incarnation || a.entry.seq - b.entry.seq
    : a.entry.device < b.entry.device
      ? -1
      : 1

export function createAcceptor(context: AcceptContext): Acceptor {
  const waiting = new Map<HashId, Candidate>()
  let waitingBytes = 0
  /** Those whose signature holds: what waits is tried again with every batch, and must not cost a signature each time. */
  const signed = new WeakSet<Candidate>()

  const stopWaiting = (hash: HashId): void => {
    waitingBytes -= waiting.get(hash)?.bytes.length ?? 0
    waiting.delete(hash)
  }
  /** False: no room. */
  const wait = (candidate: Candidate): boolean => {
    if (waiting.has(candidate.hash)) return true
    const bytes = waitingBytes + candidate.bytes.length
    if (waiting.size >= MAX_WAITING_ENTRIES || bytes > MAX_WAITING_BYTES) return false
    waiting.set(candidate.hash, candidate)
    waitingBytes = bytes
    return true
  }

  const accept = async (batch: readonly Uint8Array[], logs: LogsDraft): Promise<AcceptOutcome> => {
    const accepted: Accepted[] = []
    const refused: Refused[] = []
    const forks: Candidate[] = []
    let known = 0

    /** What counts of devices that were taken out because somebody says that they had it, or what stands on it. */
    const vouched = new Set<HashId>()
    let late: Signed[] = []

    const settle = (candidate: Candidate, problem: EntryRefusal | EntryWait): void => {
      const { device, incarnation, seq } = candidate.entry
      if (isWait(problem)) {
        if (!wait(candidate)) refused.push({ reason: 'too-many-waiting', device, incarnation, seq })
        return
      }
      stopWaiting(candidate.hash)
      if (problem === 'forked') forks.push(candidate)
      refused.push({ reason: problem, device, incarnation, seq })
    }
    const counts = ({ entry, hash }: Candidate, { limit }: Author): boolean =>
      limit === undefined || isWithin(limit, entry.seq, hash) || vouched.has(hash)

    const acceptInOrder = (signedOnes: readonly Signed[]): void => {
      for (const { candidate, author } of signedOnes.toSorted((a, b) => byPlace(a.candidate, b.candidate))) {
        const result = acceptSigned(candidate, author.member, counts(candidate, author), logs, context)
        if (!result.ok) {
          if (result.error === 'after-removal') late.push({ candidate, author })
          else settle(candidate, result.error)
          continue
        }
        stopWaiting(candidate.hash)
        if (result.value === 'known') known += 1
        else {
          logs.add(result.value.stored, result.value.stored)
          accepted.push(result.value)
        }
      }
    }
    /** Late ones, old and new, that count by now. */
    const takeReady = (): readonly Signed[] => {
      const kept = context.aside.all().flatMap((candidate): Signed[] => {
        const author = authorOf(candidate, context)
        return author.ok ? [{ candidate, author: author.value }] : []
      })
      const all = [...kept, ...late]
      const named = context.vouching.named(accepted)
      const links = all.map(({ candidate }) => candidate)
      for (const hash of withWhatLeadsUp(links, (one) => named({ ...one.entry, hash: one.hash }))) vouched.add(hash)
      const ready = all.filter(({ candidate, author }) => counts(candidate, author))
      for (const { candidate } of ready) context.aside.drop(candidate.hash)
      late = late.filter((one) => !ready.includes(one))
      return ready
    }
    const decoded = batch.flatMap((bytes) => {
      const candidate = decode(new Uint8Array(bytes), context.membership.circle)
      if (candidate.ok) return [candidate.value]
      // What cannot be read cannot wait.
      if (!isWait(candidate.error)) refused.push({ reason: candidate.error })
      return []
    })
    const fresh = new Map([...decoded, ...waiting.values()].map((candidate) => [candidate.hash, candidate]))
    const candidates = [...fresh.values()].filter((candidate) => {
      const place = checkPlace(candidate, logs)
      if (!place.ok || place.value !== 'known') return true
      stopWaiting(candidate.hash)
      known += 1
      return false
    })
    // Signatures first and all at once: nothing unsigned is looked into.
    const authors = await Promise.all(candidates.map((candidate) => checkAuthor(candidate, signed, context)))
    acceptInOrder(
      candidates.flatMap((candidate, index): Signed[] => {
        const author = authors[index]
        if (author?.ok === true) return [{ candidate, author: author.value }]
        if (author !== undefined) settle(candidate, author.error)
        return []
      }),
    )
    // What was accepted may say that its author had some of the rest, and so on: until nothing more counts.
    while (late.length > 0 || context.aside.all().length > 0) {
      await context.vouching.whole()
      const ready = takeReady()
      if (ready.length === 0) break
      acceptInOrder(ready)
    }
    let setAside = 0
    for (const { candidate, author } of late.toSorted((a, b) => byPlace(a.candidate, b.candidate))) {
      stopWaiting(candidate.hash)
      const result = checkAside(candidate, author.member, logs, context)
      if (!result.ok) settle(candidate, result.error)
      else if (result.value === 'known') known += 1
      else if (context.aside.keep(result.value)) setAside += 1
      else settle(candidate, 'too-many-set-aside')
    }
    return { accepted, refused, forks, known, waiting: waiting.size, setAside }
  }

  return { accept, waiting: () => waiting.size }
}

interface Signed {
  readonly candidate: Candidate
  readonly author: Author
}

function acceptSigned(
  candidate: Candidate,
  member: MemberId,
  counts: boolean,
  logs: LogsDraft,
  context: AcceptContext,
): Step<Accepted | 'known'> {
  const place = checkPlace(candidate, logs)
  if (place.ok && place.value === 'known') return ok('known')
  // What does not count must not take the room of those who wait, either.
  if (!counts && (place.ok || place.error === 'gap')) return fail('after-removal')
  return place.ok ? checkContent(candidate, member, logs, context) : place
}

/** It must follow what is held or set aside already, and pass all else: what is taken in later is what was looked at now. */
function checkAside(
  candidate: Candidate,
  member: MemberId,
  logs: LogsDraft,
  context: AcceptContext,
): Result<Aside | 'known', EntryRefusal> {
  const view = context.aside.view(logs)
  const place = checkPlace(candidate, view)
  if (place.ok && place.value === 'known') return ok('known')
  const content = place.ok ? checkContent(candidate, member, view, context) : place
  if (!content.ok) return isWait(content.error) ? fail('after-removal') : fail(content.error)
  const { body } = content.value
  return ok(asideOf(candidate.entry, candidate.hash, body, candidate.bytes))
}
