/**
 * What every entry passes before it is stored (PROTOCOL.md, "Acceptance"): size, form, circle, right to write, signature, chain,
 * quota, seal, Yjs. Each refusal has a name and the rest of a batch goes on. What depends on something that is not here yet
 * waits, within a bound, and is tried again.
 */
import type { Bytes } from '../base/bytes.ts'
import { fail, ok, type Result } from '../base/errors.ts'
import type { CircleId, DeviceId, HashId, MemberId } from '../base/ids.ts'
import { open } from '../crypto/seal.ts'
import { SIGNATURE_LENGTH, type Signer } from '../crypto/sign.ts'
import { hashOfEntry, yjsClientIdOf } from '../membership/names.ts'
import type { Membership } from '../membership/state.ts'
import type { DecodeProblem } from '../wire/codec.ts'
import { decodeEntry, decodeEntryBody, type Entry, type EntryBody } from '../wire/entry.ts'
import { MAX_ENTRIES_PER_DEVICE, MAX_ENTRY } from '../wire/limits.ts'
import type { EpochKeys } from './epoch-keys.ts'
import { checkChain, runOf, type LogsDraft } from './logs.ts'
import type { StoredEntry } from './store.ts'
import { inspectUpdate, type DeletedRange } from './yjs-update.ts'

export const MAX_WAITING_ENTRIES = 512
export const MAX_WAITING_BYTES = 16 * 1024 * 1024

export type EntryRefusal =
  | DecodeProblem
  | 'other-circle'
  | 'removed'
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
  readonly membership: Pick<Membership, 'circle' | 'mayWrite' | 'state'>
  readonly signer: Signer
  readonly keys: (epoch: Entry['epoch']) => EpochKeys | undefined
}

type Step<Value> = Result<Value, EntryRefusal | EntryWait>

function decode(bytes: Bytes, circle: CircleId): Step<Candidate> {
  if (bytes.length > MAX_ENTRY) return fail('too-large')
  const decoded = decodeEntry(bytes)
  if (!decoded.ok) return decoded
  if (decoded.value.circle !== circle) return fail('other-circle')
  return ok({ bytes, entry: decoded.value, hash: hashOfEntry(bytes) })
}

async function checkAuthor(
  candidate: Candidate,
  signed: WeakSet<Candidate>,
  context: AcceptContext,
): Promise<Step<MemberId>> {
  const { bytes, entry } = candidate
  const member = context.membership.mayWrite(entry.device, entry.incarnation, entry.epoch)
  if (!member.ok || signed.has(candidate)) return member
  const device = context.membership.state().devices.get(entry.device)
  if (device === undefined) return fail('unknown-device')
  const message = bytes.subarray(0, bytes.length - SIGNATURE_LENGTH)
  const { signingKey } = device.certificate
  const isSigned = await context.signer.verify('entry', signingKey, message, entry.signature)
  if (!isSigned) return fail('bad-signature')
  signed.add(candidate)
  return member
}

const CHAIN_PROBLEM = { gap: 'gap', fork: 'forked', broken: 'chain-broken' } as const

function checkPlace({ entry, hash }: Candidate, logs: LogsDraft): Step<'next' | 'known'> {
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
function isOneDocument(entry: Entry, body: EntryBody, logs: LogsDraft): boolean {
  if (entry.kind !== 'fold') return true
  const log = logs.get(entry)
  const head = log?.items.at(-1)?.seq ?? 0
  const held = runOf(log, entry.foldsFrom, Math.min(head, entry.seq - 1)) ?? []
  return held.every(({ document }) => document === body.document)
}

function checkContent(candidate: Candidate, member: MemberId, logs: LogsDraft, context: AcceptContext): Step<Accepted> {
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
    const inOrder = candidates
      .map((candidate, index) => ({ candidate, author: authors[index] }))
      .toSorted((a, b) => byPlace(a.candidate, b.candidate))

    for (const { candidate, author } of inOrder) {
      if (author === undefined) continue
      const result = author.ok ? acceptSigned(candidate, author.value, logs, context) : author
      if (!result.ok) {
        settle(candidate, result.error)
        continue
      }
      stopWaiting(candidate.hash)
      if (result.value === 'known') known += 1
      else {
        logs.add(result.value.stored, result.value.stored)
        accepted.push(result.value)
      }
    }
    return { accepted, refused, forks, known, waiting: waiting.size }
  }

  return { accept, waiting: () => waiting.size }
}

function acceptSigned(
  candidate: Candidate,
  member: MemberId,
  logs: LogsDraft,
  context: AcceptContext,
): Step<Accepted | 'known'> {
  const place = checkPlace(candidate, logs)
  if (!place.ok) return place
  return place.value === 'known' ? ok('known') : checkContent(candidate, member, logs, context)
}
