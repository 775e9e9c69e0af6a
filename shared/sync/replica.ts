/**
 * This device's copy of one circle: documents over signed logs. An edit is sealed, signed and on disk before it counts as saved
 * or is offered to anybody; what others wrote is verified before it is stored and stored before it is applied.
 */
import * as Y from 'yjs'
import { toHex } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import { createEmitter } from '../base/emitter.ts'
import { describeThrown } from '../base/errors.ts'
import { ID_LENGTH, type CircleId, type DeviceId, type DocumentId, type HashId, type MemberId } from '../base/ids.ts'
import { open } from '../crypto/seal.ts'
import type { Signer } from '../crypto/sign.ts'
import { yjsClientIdOf } from '../membership/names.ts'
import type { Membership } from '../membership/state.ts'
import type { Attribution, SaveState } from '../model/contexts.ts'
import { decodeEntry, decodeEntryBody, NO_HASH, type EntryBody, type Place } from '../wire/entry.ts'
import { MAX_HEADS } from '../wire/limits.ts'
import { createAcceptor, type Accepted, type Refused } from './accept.ts'
import { createBatcher } from './batcher.ts'
import { createDeletions, type Deletions } from './deletions.ts'
import { createEpochKeys, type EpochKeys } from './epoch-keys.ts'
import { chooseRun, FOLD_AFTER, MAX_FOLD, MAX_RUN, trailingSingles } from './fold.ts'
import { createForks, type Forks } from './forks.ts'
import {
  createLogs,
  firstFrom,
  itemAt,
  logKey,
  runOf,
  type Head,
  type LogItem,
  type LogName,
  type Logs,
} from './logs.ts'
import { sealEntry } from './seal-entry.ts'
import { decodeSnapshot, encodeSnapshot } from './snapshot.ts'
import { splitUpdate } from './split-update.ts'
import { StoreStopped, type CircleStore, type StoredEntry } from './store.ts'
import { systemTimers, type Timers } from './timers.ts'
import { deletesOf, inspectUpdate, mergeAll } from './yjs-update.ts'

/** Origin of transactions that bring what is stored already; never sealed again. */
export const REMOTE = Symbol('remote')

const SNAPSHOT_AFTER = 300
const FOLD_IDLE_MS = 10_000
/** Bytes of one entry's Yjs update; padding and seal keep it under MAX_ENTRY. */
const MAX_UPDATE = 3 * 1024 * 1024
const READ_AT_ONCE = 200

export interface ReplicaOptions {
  readonly membership: Membership
  readonly store: CircleStore
  readonly signer: Signer
  readonly clock: Clock
  readonly timers?: Timers
  readonly log?: (line: string) => void
}

export interface DocumentHandle {
  readonly id: DocumentId
  readonly doc: Y.Doc
  readonly attribution: Attribution
  /** Sealed, a snapshot taken, and closed once the last holder has let go; resolves then. */
  release(): Promise<void>
}

export interface Advance {
  /** True: written here just now. False: received. */
  readonly own: boolean
  readonly entries: readonly StoredEntry[]
}

export interface ReceiveReport {
  readonly accepted: number
  readonly refused: readonly Refused[]
  readonly waiting: number
}

export interface Replica {
  readonly circle: CircleId
  readonly membership: Membership
  readonly keys: (epoch: Parameters<Membership['epochKey']>[0]) => EpochKeys | undefined
  /** Rejects where an entry that is held cannot be read: writing on would use places twice. */
  openDocument(id: DocumentId): Promise<DocumentHandle>
  /** Documents that any entry held here belongs to. */
  documents(): readonly DocumentId[]
  incarnation(): number
  /** Somebody is connected: seal in short steps. */
  setLive(live: boolean): void
  /** Resolves when everything edited so far is on disk. Rejects with StoreStopped when it cannot be. */
  flush(): Promise<void>
  saveState(): SaveState
  onSaveState(listener: (state: SaveState) => void): () => void
  /** The last entry held of each log. */
  heads(): readonly Head[]
  itemAt(place: Place): LogItem | undefined
  /** Entries of one log with seq >= from. */
  read(log: LogName, from: number, limit: number): Promise<readonly StoredEntry[]>
  /** Entries that share their place with another one: kept, passed on, without effect. */
  forks(): Forks
  receive(entries: readonly Uint8Array[]): Promise<ReceiveReport>
  onAdvance(listener: (advance: Advance) => void): () => void
  /** What this device last said, in a signed entry, that it had of each log. */
  seenBy(device: DeviceId): ReadonlyMap<string, Place>
  /** The store has stopped writing. Told at once, so that nobody first learns it from words that were not saved. */
  stopWrites(reason: 'disk-low'): void
  /** After 'disk-low' alone: what was kept in memory meanwhile is sealed and stored now. */
  resumeWrites(): void
  value(key: string): ReturnType<CircleStore['value']>
  setValue(key: string, value: Uint8Array<ArrayBuffer>): Promise<void>
  close(): Promise<void>
}

interface Live {
  readonly id: DocumentId
  readonly doc: Y.Doc
  deletions: Deletions
  holders: number
  pending: Uint8Array[]
  sinceSnapshot: number
  readonly ready: Promise<void>
}

type Core = Required<Omit<ReplicaOptions, 'log'>> & {
  readonly log: (line: string) => void
  readonly keys: Replica['keys']
  readonly logs: Logs
  readonly live: Map<DocumentId, Live>
  readonly seen: Map<DeviceId, Map<string, Place>>
  /** Others' heads that changed since our last entry. */
  readonly news: Map<string, Place>
  readonly tooLarge: Set<HashId>
  incarnation: number
}

const ownLog = (core: Core): LogName => ({ device: core.membership.secrets.device, incarnation: core.incarnation })
const ownClient = (core: Core): number =>
  yjsClientIdOf(core.membership.circle, core.membership.secrets.device, core.incarnation)

function declaredIncarnation(membership: Membership): number {
  return Math.max(0, ...(membership.state().devices.get(membership.secrets.device)?.incarnations ?? []))
}

/** Where records were lost, a log of our own may be all that is left of an incarnation. */
function usedIncarnation({ logs, membership }: Pick<Core, 'logs' | 'membership'>): number {
  const own = logs.all().filter(({ device }) => device === membership.secrets.device)
  return Math.max(declaredIncarnation(membership), ...own.map(({ incarnation }) => incarnation))
}

/**
 * True where places of our own log were used that cannot be read here any more. Others hold what was written there, so nothing
 * may be written at them, nor with the clocks that were used in them.
 */
async function hasLostPlaces(core: Core): Promise<boolean> {
  const log = core.logs.get(ownLog(core))
  const head = log?.items.at(-1)?.seq ?? 0
  if ((log?.stranded.length ?? 0) > 0 || usedIncarnation(core) > core.incarnation) return true
  return (await core.store.lastSeq(ownLog(core))) > head
}

// ------------------------------------------------------------------------------------------------------- reading entries

function openStored(core: Core, stored: StoredEntry): EntryBody {
  const entry = decodeEntry(stored.bytes)
  const keys = entry.ok ? core.keys(entry.value.epoch) : undefined
  const plain = entry.ok && keys !== undefined ? open(keys.entry, entry.value.sealedBody) : undefined
  const body = plain === undefined ? undefined : decodeEntryBody(plain)
  if (body?.ok === true) return body.value
  throw new Error(`entry ${stored.seq} of ${stored.device} cannot be read from the store`)
}

/** The wanted entries of one log; what lies between them is skipped in as few reads as is reasonable. */
async function readItems(core: Core, log: LogName, wanted: readonly LogItem[]): Promise<StoredEntry[]> {
  const known = core.logs.get(log)
  const held = [...(known?.items ?? []), ...(known?.stranded ?? [])]
  const found: StoredEntry[] = []
  for (let at = 0; at < wanted.length;) {
    const first = wanted[at]
    if (first === undefined) break
    const from = firstFrom(held, first.seq)
    let end = at
    // Wanted neighbours with small gaps come in one read.
    for (let next = wanted[end + 1]; next !== undefined; next = wanted[end + 1]) {
      const reach = firstFrom(held, next.seq) - from
      if (reach >= READ_AT_ONCE || reach > 4 * (end + 2 - at) + 16) break
      end += 1
    }
    const last = wanted[end] ?? first
    const asked = new Set(wanted.slice(at, end + 1).map(({ seq }) => seq))
    for (let next = first.seq; next <= last.seq;) {
      const entries = await core.store.entries(log, next, firstFrom(held, last.seq) - firstFrom(held, next) + 1)
      found.push(...entries.filter(({ seq }) => asked.has(seq)))
      next = (entries.at(-1)?.seq ?? last.seq) + 1
    }
    at = end + 1
  }
  if (found.length !== wanted.length) throw new Error(`the store lost entries of ${log.device}`)
  return found
}

async function readSnapshot(core: Core, live: Live): Promise<ReadonlyMap<string, number>> {
  const bytes = await core.store.snapshot(live.id)
  if (bytes === undefined) return new Map()
  const snapshot = decodeSnapshot(bytes)
  if (!snapshot.ok) {
    core.log(`snapshot of a document is ${snapshot.error}; reading the whole log`)
    return new Map()
  }
  try {
    Y.applyUpdateV2(live.doc, snapshot.value.state, REMOTE)
  } catch (thrown) {
    // Nothing is lost by a half-applied one: the log says the same again.
    core.log(`snapshot of a document does not apply: ${describeThrown(thrown)}`)
    return new Map()
  }
  live.deletions = snapshot.value.deletions
  return new Map(snapshot.value.covered.map((place) => [logKey(place), place.seq]))
}

const memberOf = (core: Core, device: DeviceId): MemberId | undefined =>
  core.membership.state().devices.get(device)?.member

/** What one entry says must never keep the others from being shown: one that does not apply is named and passed over. */
function apply(core: Core, doc: Y.Doc, { device, seq }: Place, update: Uint8Array): boolean {
  try {
    Y.applyUpdateV2(doc, update, REMOTE)
    return true
  } catch (thrown) {
    core.log(`entry ${seq} of ${device} does not apply: ${describeThrown(thrown)}`)
    return false
  }
}

/** False where our own log does not lie before the document as it should: its clocks cannot be trusted to be free. */
async function loadDocument(core: Core, live: Live): Promise<boolean> {
  const covered = await readSnapshot(core, live)
  const own = core.logs.get(ownLog(core))
  let isSound = (covered.get(logKey(ownLog(core))) ?? 0) <= (own?.items.at(-1)?.seq ?? 0)
  for (const log of core.logs.all()) {
    const from = (covered.get(logKey(log)) ?? 0) + 1
    const wanted = [...log.items.slice(firstFrom(log.items, from)), ...log.stranded].filter(
      ({ document }) => document === live.id,
    )
    const entries = await readItems(core, log, wanted)
    const member = memberOf(core, log.device)
    live.doc.transact(() => {
      for (const stored of entries) {
        const { update } = openStored(core, stored)
        if (!apply(core, live.doc, stored, update) && log === own) isSound = false
        if (member !== undefined) live.deletions.add(deletesOf(update), member)
      }
    }, REMOTE)
    live.sinceSnapshot += entries.length
  }
  return isSound
}

/** True where structs of our own wait for others' that are gone: their clocks are used, but the document does not know it. */
function waitsForOwn(doc: Y.Doc, client: number): boolean {
  const pending = doc.store.pendingStructs
  return pending !== null && Y.decodeUpdateV2(pending.update).structs.some(({ id }) => id.client === client)
}

function attributionOf(core: Core, live: Live): Attribution {
  const members = new Map<number, MemberId>()
  let learntFrom: unknown
  const learn = (): void => {
    const state = core.membership.state()
    if (learntFrom === state) return
    learntFrom = state
    for (const device of state.devices.values()) {
      for (const incarnation of device.incarnations) {
        members.set(yjsClientIdOf(core.membership.circle, device.id, incarnation), device.member)
      }
    }
  }
  return {
    insertedBy: (client) => {
      learn()
      return members.get(client)
    },
    deletedBy: (client, clock) => live.deletions.by(client, clock),
  }
}

// ------------------------------------------------------------------------------------------------------- writing entries

/** At most MAX_HEADS; the rest goes with the next entry. */
function takeNews(core: Core): Place[] {
  const taken = [...core.news].slice(0, MAX_HEADS)
  for (const [key] of taken) core.news.delete(key)
  return taken.map(([, { device, incarnation, seq }]) => ({ device, incarnation, seq }))
}

interface Batch {
  readonly live: Live
  readonly updates: readonly Uint8Array[]
}

class ForeignEdit extends Error {}

async function sealBatches(core: Core, batches: readonly Batch[], seen: readonly Place[]): Promise<StoredEntry[]> {
  const log = ownLog(core)
  const client = ownClient(core)
  const last = core.logs.get(log)?.items.at(-1)
  let previous = last?.hash ?? NO_HASH
  let seq = last?.seq ?? 0
  const entries: StoredEntry[] = []
  for (const { live, updates } of batches) {
    const merged = mergeAll(updates)
    const checked = inspectUpdate(merged, client)
    // Everybody else would refuse it: only this device's own client id may write here.
    if (!checked.ok) throw new ForeignEdit(`an edit that others would refuse: ${checked.error}`)
    for (const update of splitUpdate(merged, MAX_UPDATE)) {
      seq += 1
      const body: EntryBody = {
        document: live.id,
        authoredAt: core.clock.now(),
        seen: entries.length === 0 ? seen : [],
        update: new Uint8Array(update),
      }
      const sealed = await sealEntry({ ...log, seq }, { kind: 'update', previous }, body, core)
      if (sealed === undefined) throw new ForeignEdit('this device holds no key to write with')
      entries.push(sealed)
      previous = sealed.hash
    }
    live.deletions.add(checked.value.deletes, core.membership.secrets.member)
  }
  return entries
}

/** Stores a fold of the end of our own log and takes out what it stands for. */
async function foldTail(core: Core): Promise<StoredEntry | undefined> {
  const name = ownLog(core)
  const log = core.logs.get(name)
  const run = chooseRun(log?.items ?? [], (item) => core.tooLarge.has(item.hash))
  const first = run?.[0]
  const last = run?.at(-1)
  if (log === undefined || run === undefined || first === undefined || last === undefined) return undefined
  const bodies = (await readItems(core, log, run)).map((stored) => openStored(core, stored))
  const update = new Uint8Array(mergeAll(bodies.map((body) => body.update)))
  if (update.length > MAX_FOLD) {
    const largest = bodies.reduce(
      (most, body, at) => (body.update.length > (bodies[most]?.update.length ?? 0) ? at : most),
      0,
    )
    core.tooLarge.add((run[largest] ?? first).hash)
    return undefined
  }
  const previous = first.from === 1 ? NO_HASH : itemAt(log, first.from - 1)?.hash
  if (previous === undefined) return undefined
  const chain = { kind: 'fold', previous, foldsFrom: first.from, folded: last.hash } as const
  const authoredAt = bodies.at(-1)?.authoredAt ?? core.clock.now()
  const body = { document: last.document, authoredAt, seen: takeNews(core), update }
  const sealed = await sealEntry({ ...name, seq: last.seq + 1 }, chain, body, core)
  if (sealed === undefined) return undefined
  const remove = run.map(({ seq }) => ({ ...name, seq }))
  await core.store.putEntries([sealed], { durability: 'strict', remove })
  core.logs.remove(name, new Set(run.map(({ seq }) => seq)))
  core.logs.add(name, sealed)
  return sealed
}

function isMergeOf(updates: readonly Uint8Array[], merged: Uint8Array): boolean {
  try {
    const again = mergeAll(updates)
    return again.length === merged.length && again.every((byte, at) => byte === merged[at])
  } catch {
    // Its author chose what is merged here; what Yjs cannot merge is no merge of anything.
    return false
  }
}

/** Takes out what a received fold stands for, if all of it is here and says the same, byte for byte. */
async function pruneByFold(core: Core, { stored, body }: Accepted): Promise<void> {
  const log = core.logs.get(stored)
  const run = runOf(log, stored.from, stored.seq - 1)
  if (log === undefined || run === undefined || run.length > 2 * MAX_RUN) return
  const updates = (await readItems(core, log, run)).map((held) => openStored(core, held).update)
  if (!isMergeOf(updates, body.update)) {
    core.log(`a fold of ${stored.device} differs from its entries; keeping both`)
    return
  }
  const remove = run.map(({ seq }) => ({ device: stored.device, incarnation: stored.incarnation, seq }))
  await core.store.putEntries([], { durability: 'relaxed', remove })
  core.logs.remove(stored, new Set(run.map(({ seq }) => seq)))
}

async function storeSnapshot(core: Core, live: Live): Promise<void> {
  // An edit that is not in the log yet must not be in a snapshot: after a crash it would exist here and nowhere else.
  if (live.pending.length > 0 || live.sinceSnapshot === 0) return
  const { deletions, doc } = live
  const bytes = encodeSnapshot({ covered: core.logs.heads(), deletions, state: Y.encodeStateAsUpdateV2(doc) })
  live.sinceSnapshot = 0
  await core.store.putSnapshot(live.id, bytes)
}

// ------------------------------------------------------------------------------------------------------------- receiving

function noteSeen(core: Core, { stored, body }: Accepted): void {
  const seen = core.seen.get(stored.device) ?? new Map<string, Place>()
  core.seen.set(stored.device, seen)
  for (const place of [...body.seen, stored]) {
    const { device, incarnation, seq } = place
    const key = logKey(place)
    if ((seen.get(key)?.seq ?? 0) < seq) seen.set(key, { device, incarnation, seq })
  }
}

/** Where an entry names its device: after version, kind and circle. */
const DEVICE_AT = 2 + ID_LENGTH

const isFrom = (entry: Uint8Array, device: DeviceId): boolean =>
  toHex(entry.subarray(DEVICE_AT, DEVICE_AT + ID_LENGTH)) === device

function applyToOpen(core: Core, accepted: readonly Accepted[]): void {
  for (const live of core.live.values()) {
    const mine = accepted.filter(({ stored }) => stored.document === live.id)
    if (mine.length === 0) continue
    try {
      live.doc.transact(() => {
        for (const { stored, body } of mine) apply(core, live.doc, stored, body.update)
      }, REMOTE)
    } catch (thrown) {
      // Whoever shows the document could not follow. What came is stored and in the document all the same.
      core.log(`a listener of a document failed: ${describeThrown(thrown)}`)
    }
    for (const { deletes, member } of mine) live.deletions.add(deletes, member)
    live.sinceSnapshot += mine.length
    // Yjs draws a new client id when entries with our own come from outside; nobody would accept what it wrote.
    if (live.doc.clientID !== ownClient(core)) live.doc.clientID = ownClient(core)
  }
}

// ---------------------------------------------------------------------------------------------------------------- replica

export async function openReplica(options: ReplicaOptions): Promise<Replica> {
  const { membership, store, signer } = options
  const keys = createEpochKeys(membership)
  const core: Core = {
    ...options,
    timers: options.timers ?? systemTimers,
    log: options.log ?? (() => undefined),
    keys,
    logs: createLogs(await store.index()),
    live: new Map(),
    seen: new Map(),
    news: new Map(),
    tooLarge: new Set(),
    incarnation: declaredIncarnation(membership),
  }
  const acceptor = createAcceptor({ membership, signer, keys })
  const forks = await createForks(store)
  const advances = createEmitter<Advance>()
  const saves = createEmitter<SaveState>()
  let save: SaveState = { state: 'saved' }
  let inFlight = false
  let closed = false
  let cancelFold: () => void = () => undefined
  let queue: Promise<unknown> = Promise.resolve()

  /** One after the other: places in our log must never race, and a document must see what was accepted before it. */
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const turn = queue.then(work)
    queue = turn.catch(() => undefined)
    return turn
  }
  const setSave = (next: SaveState): void => {
    if (save.state === next.state || save.state === 'stopped') return
    save = next
    saves.emit(next)
  }
  const stop = (thrown: unknown): void => {
    core.log(`writing has stopped: ${describeThrown(thrown)}`)
    batcher.stop()
    cancelFold()
    const reason = thrown instanceof StoreStopped && thrown.message === 'disk-low' ? 'disk-low' : 'storage-failed'
    setSave({ state: 'stopped', reason })
  }
  const hasPending = (): boolean => inFlight || [...core.live.values()].some(({ pending }) => pending.length > 0)
  const isStopped = (): boolean => save.state === 'stopped'

  const sealPending = async (): Promise<void> => {
    if (isStopped()) {
      if (!hasPending()) return
      throw new StoreStopped('writing has stopped')
    }
    const batches = [...core.live.values()]
      .filter(({ pending }) => pending.length > 0)
      .map((live) => ({ live, updates: live.pending.splice(0) }))
    if (batches.length === 0) {
      if (!hasPending()) setSave({ state: 'saved' })
      return
    }
    batcher.sealed()
    inFlight = true
    const seen = takeNews(core)
    try {
      const entries = await sealBatches(core, batches, seen)
      await store.putEntries(entries, { durability: 'strict' })
      for (const entry of entries) core.logs.add(entry, entry)
      for (const { live } of batches) live.sinceSnapshot += 1
      inFlight = false
      advances.emit({ own: true, entries })
    } catch (thrown) {
      inFlight = false
      for (const { live, updates } of batches) live.pending.unshift(...updates)
      stop(thrown)
      throw thrown
    }
    if (!hasPending()) setSave({ state: 'saved' })
  }
  /** Work whose failure has been told by the save state. */
  const quietly = (work: Promise<unknown>): void => {
    work.catch((thrown: unknown) => {
      if (!isStopped()) stop(thrown)
    })
  }
  const fold = async (): Promise<void> => {
    if (isStopped()) return
    const folded = await foldTail(core)
    if (folded !== undefined) advances.emit({ own: true, entries: [folded] })
  }
  const tidy = async (): Promise<void> => {
    if (isStopped()) return
    if (trailingSingles(core.logs.get(ownLog(core))?.items ?? []) >= FOLD_AFTER) await fold()
    for (const live of core.live.values()) {
      if (live.sinceSnapshot >= SNAPSHOT_AFTER) await storeSnapshot(core, live)
    }
    cancelFold()
    if (!closed) cancelFold = core.timers.after(FOLD_IDLE_MS, () => quietly(inTurn(fold)))
  }
  const sealNow = (): void =>
    quietly(
      inTurn(async () => {
        if (isStopped()) return
        await sealPending()
        await tidy()
      }),
    )
  const batcher = createBatcher(core.timers, sealNow)

  const renewIncarnation = async (): Promise<void> => {
    // What was typed before carries the old client id, and so belongs to the old log.
    await sealPending()
    const next = usedIncarnation(core) + 1
    const declared = await membership.append({ type: 'incarnation', incarnation: next })
    if (!declared.ok) return stop(new Error(`no new incarnation: ${declared.error}`))
    core.incarnation = next
    for (const { doc } of core.live.values()) doc.clientID = ownClient(core)
  }

  const startDocument = (id: DocumentId): Live => {
    const doc = new Y.Doc({ gc: false })
    const load = async (): Promise<void> => {
      const isSound = await loadDocument(core, live)
      if (!isSound || waitsForOwn(doc, ownClient(core))) await renewIncarnation()
      doc.clientID = ownClient(core)
      doc.on('updateV2', (update: Uint8Array, origin: unknown) => {
        if (origin === REMOTE) return
        live.pending.push(update)
        setSave({ state: 'saving' })
        batcher.edited()
      })
    }
    const ready = inTurn(load)
    const live: Live = { id, doc, deletions: createDeletions(), holders: 0, pending: [], sinceSnapshot: 0, ready }
    core.live.set(id, live)
    ready.catch(() => core.live.delete(id))
    return live
  }

  const letGo = async (live: Live): Promise<void> => {
    if (live.holders > 0 || core.live.get(live.id) !== live) return
    await inTurn(async () => {
      if (isStopped()) return
      await sealPending()
      await storeSnapshot(core, live)
    })
    if (live.holders > 0 || live.pending.length > 0) return
    core.live.delete(live.id)
    live.doc.destroy()
  }

  const openDocument = async (id: DocumentId): Promise<DocumentHandle> => {
    const live = core.live.get(id) ?? startDocument(id)
    live.holders += 1
    await live.ready
    let released: Promise<void> | undefined
    const release = (): Promise<void> => {
      if (released === undefined) {
        live.holders -= 1
        released = letGo(live)
      }
      return released
    }
    return { id, doc: live.doc, attribution: attributionOf(core, live), release }
  }

  const commit = async (accepted: readonly Accepted[], commitLogs: () => void): Promise<void> => {
    await store.putEntries(
      accepted.map(({ stored }) => stored),
      { durability: 'relaxed' },
    )
    commitLogs()
    for (const one of accepted) {
      noteSeen(core, one)
      core.news.set(logKey(one.stored), one.stored)
    }
    applyToOpen(core, accepted)
    advances.emit({ own: false, entries: accepted.map(({ stored }) => stored) })
    for (const one of accepted) if (one.entry.kind === 'fold') await pruneByFold(core, one)
  }

  const receive = async (entries: readonly Uint8Array[]): Promise<ReceiveReport> => {
    if (isStopped()) return { accepted: 0, refused: [], waiting: acceptor.waiting() }
    // Entries of our own from outside use clocks that an unsealed edit may have used too: it must have its place first.
    if (entries.some((bytes) => isFrom(bytes, membership.secrets.device))) await sealPending().catch(() => undefined)
    const draft = core.logs.draft()
    const outcome = await acceptor.accept(entries, draft)
    try {
      if (outcome.accepted.length > 0) await commit(outcome.accepted, () => draft.commit())
      for (const { entry, bytes } of outcome.forks) await forks.keep(entry, bytes)
      const device = membership.secrets.device
      const isOwn = (place: Place): boolean => place.device === device && place.incarnation === core.incarnation
      // Entries of our own that we did not have: this store is older than what it once wrote.
      if ([...outcome.accepted, ...outcome.forks].some(({ entry }) => isOwn(entry))) await renewIncarnation()
      await tidy()
    } catch (thrown) {
      if (!isStopped()) stop(thrown)
    }
    return { accepted: outcome.accepted.length, refused: outcome.refused, waiting: outcome.waiting }
  }

  const stopListening = membership.onChange(() => {
    if (acceptor.waiting() > 0 && !closed) quietly(inTurn(() => receive([])))
  })

  const flush = (): Promise<void> => inTurn(sealPending)

  if (await hasLostPlaces(core)) {
    core.log('places of this computer’s own log cannot be read; going on under a new incarnation')
    await renewIncarnation()
  }

  return {
    circle: membership.circle,
    membership,
    keys,
    openDocument,
    documents: () => [...core.logs.documents()],
    incarnation: () => core.incarnation,
    setLive: (live) => batcher.setLive(live),
    flush,
    saveState: () => save,
    onSaveState: (listener) => saves.on(listener),
    heads: () => core.logs.heads(),
    itemAt: (place) => itemAt(core.logs.get(place), place.seq),
    read: async (log, from, limit) => {
      const held = core.logs.get(log)
      return (await store.entries(log, from, limit)).filter(({ seq }) => itemAt(held, seq) !== undefined)
    },
    forks: () => forks,
    receive: (entries) => inTurn(() => receive(entries)),
    onAdvance: (listener) => advances.on(listener),
    seenBy: (device) => core.seen.get(device) ?? new Map<string, Place>(),
    stopWrites: (reason) => {
      if (!isStopped()) stop(new StoreStopped(reason))
    },
    resumeWrites: () => {
      if (save.state !== 'stopped' || save.reason !== 'disk-low') return
      save = { state: 'saving' }
      saves.emit(save)
      batcher.resume()
      sealNow()
    },
    value: (key) => store.value(key),
    setValue: (key, value) => store.setValue(key, value),
    close: async () => {
      if (closed) return
      closed = true
      stopListening()
      cancelFold()
      for (const live of core.live.values()) live.holders = 0
      await Promise.all([...core.live.values()].map((live) => letGo(live).catch(() => undefined)))
      batcher.stop()
      cancelFold()
    },
  }
}
