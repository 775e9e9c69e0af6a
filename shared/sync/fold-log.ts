/** Folds in the store: our own, and those of others once they are found to say what they stand for. */
import type { EpochId } from '../base/ids.ts'
import { decodeEntry, NO_HASH, type EntryBody, type Seen } from '../wire/entry.ts'
import { MAX_HEADS } from '../wire/limits.ts'
import type { Accepted } from './accept.ts'
import { chooseRun, MAX_FOLD, MAX_RUN } from './fold.ts'
import { itemAt, logKey, runOf, type LogKey } from './logs.ts'
import { openStored, readItems } from './read-entries.ts'
import { ownLog, type Core } from './replica-core.ts'
import { sealEntry } from './seal-entry.ts'
import type { StoredEntry } from './store.ts'
import { noteEntry } from './vouching.ts'
import { ONLY_SEEN } from './words.ts'
import { giveBackNews, takeNews } from './write-entries.ts'
import { mergeAll } from './yjs-update.ts'

/** The last place of each log that any of them names: others' words may count by it, so no fold may leave it out. */
function seenIn(bodies: readonly EntryBody[]): Map<LogKey, Seen> {
  const seen = new Map<LogKey, Seen>()
  for (const place of bodies.flatMap((body) => body.seen)) {
    if ((seen.get(logKey(place))?.seq ?? 0) < place.seq) seen.set(logKey(place), place)
  }
  return seen
}

const indexOfMost = <Item>(items: readonly Item[], weigh: (item: Item) => number): number => {
  const weights = items.map(weigh)
  return weights.indexOf(Math.max(...weights))
}

/**
 * The end of the run that is sealed under this epoch already. What was written under another is never sealed anew: somebody who
 * came in from now on has this key, and must not be able to read what came before.
 */
function sealedUnder(stored: readonly StoredEntry[], epoch: EpochId): readonly StoredEntry[] {
  const isOther = ({ bytes }: StoredEntry): boolean => {
    const entry = decodeEntry(bytes)
    return !entry.ok || entry.value.epoch !== epoch
  }
  return stored.slice(stored.findLastIndex(isOther) + 1)
}

/** Stores a fold of the end of our own log and takes out what it stands for. */
export async function foldTail(core: Core): Promise<StoredEntry | undefined> {
  const name = ownLog(core)
  const log = core.logs.get(name)
  const chosen = chooseRun(log?.items ?? [], (item) => core.tooLarge.has(item.hash))
  const epoch = core.membership.sealingEpoch()
  // A fold is worth no new key: it waits until somebody writes.
  if (log === undefined || chosen === undefined || epoch === undefined) return undefined
  if (chosen[0]?.document === ONLY_SEEN) return undefined
  const run = sealedUnder(await readItems(core, log, chosen), epoch)
  const first = run[0]
  const last = run.at(-1)
  if (first === undefined || last === undefined || run.length < 2) return undefined
  const bodies = run.map((stored) => openStored(core, stored))
  const update = new Uint8Array(mergeAll(bodies.map((body) => body.update)))
  const seen = seenIn(bodies)
  const weigh = seen.size > MAX_HEADS ? (body: EntryBody) => body.seen.length : (body: EntryBody) => body.update.length
  if (update.length > MAX_FOLD || seen.size > MAX_HEADS) {
    core.tooLarge.add((run[indexOfMost(bodies, weigh)] ?? first).hash)
    return undefined
  }
  const previous = first.from === 1 ? NO_HASH : itemAt(log, first.from - 1)?.hash
  if (previous === undefined) return undefined
  const chain = { kind: 'fold', previous, foldsFrom: first.from, folded: last.hash } as const
  const authoredAt = bodies.at(-1)?.authoredAt ?? core.clock.now()
  const news = takeNews(core, MAX_HEADS - seen.size)
  for (const place of news) seen.set(logKey(place), place)
  const body = { document: last.document, authoredAt, seen: [...seen.values()], update }
  const sealed = await sealEntry({ ...name, seq: last.seq + 1 }, chain, body, epoch, core)
  if (sealed === undefined) {
    giveBackNews(core, news)
    return undefined
  }
  const remove = run.map(({ seq }) => ({ ...name, seq }))
  await core.store.putEntries([sealed], { durability: 'strict', remove })
  core.logs.remove(name, new Set(run.map(({ seq }) => seq)))
  core.logs.add(name, sealed)
  noteEntry(core, sealed, body)
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
export async function pruneByFold(core: Core, { stored, body }: Accepted): Promise<void> {
  const log = core.logs.get(stored)
  const run = runOf(log, stored.from, stored.seq - 1)
  if (log === undefined || run === undefined || run.length > 2 * MAX_RUN) return
  const held = (await readItems(core, log, run)).map((each) => openStored(core, each))
  const named = seenIn([body])
  const saysAll =
    stored.document !== ONLY_SEEN &&
    [...seenIn(held)].every(([key, { seq, prefix }]) => {
      const again = named.get(key)
      return again !== undefined && (again.seq > seq || (again.seq === seq && again.prefix === prefix))
    })
  if (
    !saysAll ||
    !isMergeOf(
      held.map(({ update }) => update),
      body.update,
    )
  ) {
    core.log(`a fold of ${stored.device} differs from its entries; keeping both`)
    return
  }
  const remove = run.map(({ seq }) => ({ device: stored.device, incarnation: stored.incarnation, seq }))
  await core.store.putEntries([], { durability: 'relaxed', remove })
  core.logs.remove(stored, new Set(run.map(({ seq }) => seq)))
}
