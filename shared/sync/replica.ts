/**
 * This device's copy of one circle: documents over signed logs. An edit is sealed, signed and on disk before it counts as saved
 * or is offered to anybody; what others wrote is verified before it is stored and stored before it is applied.
 */
import * as Y from 'yjs'
import { createEmitter } from '../base/emitter.ts'
import { describeThrown } from '../base/errors.ts'
import type { CircleId, DeviceId, DocumentId, MemberId } from '../base/ids.ts'
import { isFollowedByAll, mayFollow } from '../membership/may-follow.ts'
import { MAX_HOUSEKEEPING } from '../membership/quota.ts'
import type { Membership } from '../membership/state.ts'
import type { Attribution, SaveState } from '../model/contexts.ts'
import { isEntryOf, seenOf, type Place, type Seen } from '../wire/entry.ts'
import { MAX_HEADS } from '../wire/limits.ts'
import type { RemoveBody } from '../wire/record.ts'
import { createAcceptor, type Accepted, type Refused } from './accept.ts'
import { attributionOf, memberOf } from './attribution.ts'
import { createBatcher } from './batcher.ts'
import { createDeletions } from './deletions.ts'
import { createEpochKeys, type EpochKeys } from './epoch-keys.ts'
import { FOLD_AFTER, trailingSingles } from './fold.ts'
import { foldTail, pruneByFold } from './fold-log.ts'
import { createForks, type Forks } from './forks.ts'
import { createLogs, itemAt, logKey, type Head, type LogItem, type LogName } from './logs.ts'
import { apply, loadDocument, storeSnapshot, waitsForOwn } from './load-document.ts'
import {
  declaredIncarnation,
  hasLostPlaces,
  incarnationAfterRestoring,
  ownClient,
  ownLog,
  REMOTE,
  usedIncarnation,
  type Core,
  type Live,
  type ReplicaOptions,
} from './replica-core.ts'
import { passOverClosed } from './pass-over.ts'
import { openSetAside, type SetAsideSummary } from './set-aside.ts'
import { StoreStopped, type CircleStore, type StoredEntry } from './store.ts'
import { systemTimers } from './timers.ts'
import { createVouching, noteEntry } from './vouching.ts'
import { epochToSeal, giveBackNews, NoKeyYet, sealBatches, sealSeen, takeNews } from './write-entries.ts'

export { REMOTE, type ReplicaOptions } from './replica-core.ts'

const SNAPSHOT_AFTER = 300
const FOLD_IDLE_MS = 10_000

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
  /** Sound entries of a device that was taken out: kept, without effect. No fault of whoever sent them. */
  readonly setAside: number
}

export interface SetAsideOf extends SetAsideSummary {
  readonly member: MemberId
}

export interface Replica {
  readonly circle: CircleId
  readonly membership: Membership
  readonly keys: (epoch: Parameters<Membership['epochKey']>[0]) => EpochKeys | undefined
  /** Rejects where an entry that is held cannot be read: writing on would use places twice. */
  openDocument(id: DocumentId): Promise<DocumentHandle>
  /** Documents that any entry held here belongs to. */
  documents(): readonly DocumentId[]
  /** Who came in after this document was begun, and cannot read it, or not all of it. */
  closedTo(document: DocumentId): readonly MemberId[]
  incarnation(): number
  /** Somebody is connected: seal in short steps. */
  setLive(live: boolean): void
  /** Resolves when everything edited so far is on disk. Rejects with StoreStopped when it cannot be. */
  flush(): Promise<void>
  saveState(): SaveState
  onSaveState(listener: (state: SaveState) => void): () => void
  /** The last entry held of each log. */
  heads(): readonly Head[]
  /** Of these, those of logs that this member can follow: all, but for whoever came in from now on. */
  headsFor(member: MemberId): readonly Head[]
  itemAt(place: Place): LogItem | undefined
  /** Entries of one log with seq >= from. */
  read(log: LogName, from: number, limit: number): Promise<readonly StoredEntry[]>
  /** Entries that share their place with another one: kept, passed on, without effect. */
  forks(): Forks
  /** What devices signed after they were taken out, as far as nobody had taken it in: kept here, in no document. */
  setAside(): readonly SetAsideOf[]
  onSetAside(listener: () => void): () => void
  /** Puts what is set aside of this device into the documents, everywhere. Rejects with StoreStopped where this device cannot write. */
  takeIn(device: DeviceId): Promise<void>
  /** For a removal: the last entry held of each log of these devices, at most MAX_HEADS. */
  lastAccepted(devices: Iterable<DeviceId>): RemoveBody['lastAccepted']
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

// ------------------------------------------------------------------------------------------------------------- receiving

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
    passOverClosed(core, live)
    live.sinceSnapshot += mine.length
    // Yjs draws a new client id when entries with our own come from outside; nobody would accept what it wrote.
    if (live.doc.clientID !== ownClient(core)) live.doc.clientID = ownClient(core)
  }
}

function closedTo({ logs, membership }: Core, document: DocumentId): readonly MemberId[] {
  const state = membership.state()
  const of = logs.of(document)
  return [...state.members.keys()].filter((member) => !of.every((log) => mayFollow(state, member, log)))
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
    words: new Map(),
    readFor: new Set(),
    news: new Map(),
    tooLarge: new Set(),
    incarnation: declaredIncarnation(membership),
  }
  const vouching = createVouching(core)
  const aside = await openSetAside(store)
  const acceptor = createAcceptor({ membership, signer, keys, vouching, aside })
  const forks = await createForks(store)
  const advances = createEmitter<Advance>()
  const saves = createEmitter<SaveState>()
  const asides = createEmitter<void>()
  const isMember = (): boolean => membership.state().devices.get(membership.secrets.device)?.present === true
  let isOut = !isMember()
  /** Under which no place is free for sure; declared as soon as this device may. */
  let needsIncarnation = false
  /** Out of a backup: documents are opened under the new incarnation, and nothing is ever written under the one before. */
  let restored = options.restored
  if (restored !== undefined) core.incarnation = incarnationAfterRestoring(core)
  const outside = (): SaveState => ({
    state: 'stopped',
    reason: 'not-a-member',
    ...(hasPending() ? { unsaved: true } : {}),
  })
  let save: SaveState = isOut ? { state: 'stopped', reason: 'not-a-member' } : { state: 'saved' }
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
    if (isBroken()) return
    const reason = thrown instanceof StoreStopped && thrown.message === 'disk-low' ? 'disk-low' : 'storage-failed'
    save = { state: 'stopped', reason }
    saves.emit(save)
  }
  const hasPending = (): boolean => inFlight || [...core.live.values()].some(({ pending }) => pending.length > 0)
  const isStopped = (): boolean => save.state === 'stopped'
  /** Nothing can be stored any more; not merely: this device may not write. */
  const isBroken = (): boolean => save.state === 'stopped' && save.reason !== 'not-a-member'

  const sealOwn = async (): Promise<void> => {
    if (isStopped()) {
      if (!hasPending()) return
      throw new StoreStopped('writing has stopped')
    }
    if (!hasPending()) return setSave({ state: 'saved' })
    let batches: { readonly live: Live; readonly updates: Uint8Array[] }[] = []
    let seen: readonly Seen[] = []
    try {
      const epoch = await epochToSeal(core)
      batches = [...core.live.values()]
        .filter(({ pending }) => pending.length > 0)
        .map((live) => ({ live, updates: live.pending.splice(0) }))
      batcher.sealed()
      inFlight = true
      seen = takeNews(core)
      await putOwn(await sealBatches(core, batches, seen, epoch), seen)
      for (const { live } of batches) live.sinceSnapshot += 1
      inFlight = false
    } catch (thrown) {
      inFlight = false
      for (const { live, updates } of batches) live.pending.unshift(...updates)
      giveBackNews(core, seen)
      if (!(thrown instanceof NoKeyYet)) stop(thrown)
      throw thrown
    }
    if (!hasPending()) setSave({ state: 'saved' })
  }
  const putOwn = async (entries: readonly StoredEntry[], seen: readonly Seen[]): Promise<void> => {
    await store.putEntries(entries, { durability: 'strict' })
    for (const entry of entries) core.logs.add(entry, entry)
    for (const [index, entry] of entries.entries()) noteEntry(core, entry, { seen: index === 0 ? seen : [] })
    advances.emit({ own: true, entries })
  }
  const sealPending = (): Promise<void> => (needsIncarnation && !isStopped() ? renewIncarnation() : sealOwn())
  /** Says to everybody that this device had these entries, so that they count. */
  const writeSeen = async (places: readonly Seen[]): Promise<void> => {
    for (let at = 0; at < places.length; at += MAX_HEADS) {
      const some = places.slice(at, at + MAX_HEADS)
      await putOwn([await sealSeen(core, some, await epochToSeal(core))], some)
    }
  }
  /** What others' words may stand on: merged here before it was known that its author had been taken out. */
  const vouchForMerged = async (): Promise<void> => {
    if (!isStopped()) await writeSeen(await vouching.unvouched())
  }
  /** Work whose failure has been told by the save state. */
  const quietly = (work: Promise<unknown>): void => {
    work.catch((thrown: unknown) => {
      // Tried again with the next edit, and when records bring a key.
      if (thrown instanceof NoKeyYet) core.log(thrown.message)
      else if (!isStopped()) stop(thrown)
    })
  }
  const fold = async (): Promise<void> => {
    if (isStopped()) return
    const folded = await foldTail(core)
    if (folded !== undefined) advances.emit({ own: true, entries: [folded] })
  }
  const tidy = async (): Promise<void> => {
    if (isBroken()) return
    if (trailingSingles(core.logs.get(ownLog(core))?.items ?? []) >= FOLD_AFTER) await fold()
    for (const live of core.live.values()) {
      if (live.sinceSnapshot >= SNAPSHOT_AFTER) await storeSnapshot(core, live)
    }
    cancelFold()
    if (!closed && !isOut) cancelFold = core.timers.after(FOLD_IDLE_MS, () => quietly(inTurn(fold)))
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

  /** For others: this device could go on in the log that it has. */
  const renewIncarnation = async (reason: 'own' | 'others' = 'own'): Promise<void> => {
    needsIncarnation ||= reason === 'own'
    if (isStopped()) return
    // What was typed before carries the old client id, and so belongs to the old log.
    if (restored === undefined) await sealOwn()
    const next = restored === undefined ? usedIncarnation(core) + 1 : core.incarnation
    const declared = await membership.append({ type: 'incarnation', incarnation: next })
    if (!declared.ok) {
      // Taken out meanwhile: then there is nothing to write, and it is declared should this device be let in again.
      if (isMember() && needsIncarnation) stop(new Error(`no new incarnation: ${declared.error}`))
      return
    }
    needsIncarnation = false
    core.incarnation = next
    for (const { doc } of core.live.values()) doc.clientID = ownClient(core)
    if (restored === undefined) return
    const { onRenewed } = restored
    restored = undefined
    // Where it cannot be kept that this is done, it is done once more at the next opening.
    await onRenewed().catch(stop)
    await sealOwn()
  }

  /**
   * Somebody came in from now on, and cannot follow the log that this device writes in. At once, and not with the next word: a document
   * that they can read must not be opened to be written under the client of a log that they cannot.
   */
  const beFollowed = async (): Promise<void> => {
    if (isStopped() || isFollowedByAll(membership.state(), ownLog(core))) return
    // What is left of this person's records is for what they say themselves.
    if (membership.ownRecords() < MAX_HOUSEKEEPING) await renewIncarnation('others')
  }

  const unlessNoKey = (thrown: unknown): void => {
    if (!(thrown instanceof NoKeyYet)) throw thrown
    core.log(thrown.message)
  }

  const startDocument = (id: DocumentId): Live => {
    const doc = new Y.Doc({ gc: false })
    const load = async (): Promise<void> => {
      const isSound = await loadDocument(core, live)
      // Without a key it is declared later; the document can be read all the same.
      if (!isSound || waitsForOwn(doc, ownClient(core))) await renewIncarnation().catch(unlessNoKey)
      doc.clientID = ownClient(core)
      doc.on('updateV2', (update: Uint8Array, origin: unknown) => {
        if (origin === REMOTE) return
        live.pending.push(update)
        setSave({ state: 'saving' })
        batcher.edited()
      })
    }
    const ready = inTurn(load)
    const live: Live = {
      id,
      doc,
      deletions: createDeletions(),
      holders: 0,
      pending: [],
      sinceSnapshot: 0,
      passedOver: false,
      ready,
    }
    core.live.set(id, live)
    ready.catch(() => core.live.delete(id))
    return live
  }

  const letGo = async (live: Live): Promise<void> => {
    if (live.holders > 0 || core.live.get(live.id) !== live) return
    await inTurn(async () => {
      if (isBroken()) return
      if (!isOut) await sealPending().catch(unlessNoKey)
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
      noteEntry(core, one.stored, one.body)
      core.news.set(logKey(one.stored), seenOf(one.stored))
    }
    applyToOpen(core, accepted)
    advances.emit({ own: false, entries: accepted.map(({ stored }) => stored) })
    for (const one of accepted) if (one.entry.kind === 'fold') await pruneByFold(core, one)
  }

  const receive = async (entries: readonly Uint8Array[]): Promise<ReceiveReport> => {
    if (isBroken()) return { accepted: 0, refused: [], waiting: acceptor.waiting(), setAside: 0 }
    // Entries of our own from outside use clocks that an unsealed edit may have used too: it must have its place first.
    if (entries.some((bytes) => isEntryOf(bytes, membership.secrets.device))) await sealPending().catch(() => undefined)
    const draft = core.logs.draft()
    const asideBefore = aside.all().length
    const outcome = await acceptor.accept(entries, draft)
    try {
      if (outcome.accepted.length > 0) await commit(outcome.accepted, () => draft.commit())
      await aside.store()
      if (outcome.setAside > 0 || aside.all().length !== asideBefore) asides.emit()
      for (const { entry, bytes } of outcome.forks) await forks.keep(entry, bytes)
      const device = membership.secrets.device
      const isOwn = (place: Place): boolean => place.device === device && place.incarnation === core.incarnation
      // Entries of our own that we did not have: this store is older than what it once wrote.
      if ([...outcome.accepted, ...outcome.forks].some(({ entry }) => isOwn(entry))) await renewIncarnation()
      await vouchForMerged()
      await tidy()
    } catch (thrown) {
      if (thrown instanceof NoKeyYet) core.log(thrown.message)
      else if (!isBroken()) stop(thrown)
    }
    const { refused, waiting, setAside } = outcome
    return { accepted: outcome.accepted.length, refused, waiting, setAside }
  }

  const noteStanding = (): void => {
    const wasOut = isOut
    isOut = !isMember()
    if (isOut === wasOut || isBroken()) return
    if (isOut) {
      batcher.stop()
      cancelFold()
    } else batcher.resume()
    save = isOut ? outside() : { state: 'saving' }
    saves.emit(save)
  }
  /** What was waiting for a record: entries, words without a key, a new incarnation, others' words that nobody vouches for. */
  const catchUp = async (): Promise<void> => {
    if (closed || isBroken()) return
    await beFollowed()
    if (save.state === 'saving' || needsIncarnation) await sealPending()
    if (acceptor.waiting() > 0 || aside.all().length > 0) await receive([])
    else await vouchForMerged()
  }
  const stopListening = membership.onChange(() => {
    if (closed) return
    noteStanding()
    quietly(inTurn(catchUp))
  })

  const takeIn = async (device: DeviceId): Promise<void> => {
    const all = aside.all().filter(({ entry }) => entry.device === device)
    if (all.length === 0) return
    if (isStopped()) throw new StoreStopped('writing has stopped')
    await writeSeen(all.map(({ entry, hash }) => seenOf({ ...entry, hash })))
    await receive([])
  }

  const flush = (): Promise<void> => inTurn(sealPending)

  if (restored !== undefined) {
    core.log('this store came out of a backup; going on under a new incarnation')
    await inTurn(renewIncarnation)
  } else if (await hasLostPlaces(core)) {
    core.log('places of this computer’s own log cannot be read; going on under a new incarnation')
    await inTurn(renewIncarnation)
  }
  quietly(inTurn(catchUp))

  return {
    circle: membership.circle,
    membership,
    keys,
    openDocument,
    documents: () => core.logs.documents(),
    closedTo: (document) => closedTo(core, document),
    incarnation: () => core.incarnation,
    setLive: (live) => batcher.setLive(live),
    flush,
    saveState: () => save,
    onSaveState: (listener) => saves.on(listener),
    heads: () => core.logs.heads(),
    headsFor: (member) => core.logs.heads().filter((head) => mayFollow(membership.state(), member, head)),
    itemAt: (place) => itemAt(core.logs.get(place), place.seq),
    read: async (log, from, limit) => {
      const held = core.logs.get(log)
      return (await store.entries(log, from, limit)).filter(({ seq }) => itemAt(held, seq) !== undefined)
    },
    forks: () => forks,
    setAside: () =>
      aside.summary().flatMap((of) => {
        const member = memberOf(core, of.device)
        return member === undefined ? [] : [{ ...of, member }]
      }),
    onSetAside: (listener) => asides.on(listener),
    takeIn: (device) => inTurn(() => takeIn(device)),
    lastAccepted: (devices) => {
      const of = new Set(devices)
      return core.logs
        .heads()
        .filter(({ device }) => of.has(device))
        .slice(0, MAX_HEADS)
    },
    receive: (entries) => inTurn(() => receive(entries)),
    onAdvance: (listener) => advances.on(listener),
    seenBy: (device) => core.seen.get(device) ?? new Map<string, Place>(),
    stopWrites: (reason) => {
      if (!isBroken()) stop(new StoreStopped(reason))
    },
    resumeWrites: () => {
      if (save.state !== 'stopped' || save.reason !== 'disk-low') return
      save = isOut ? outside() : { state: 'saving' }
      saves.emit(save)
      if (isOut) return
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
