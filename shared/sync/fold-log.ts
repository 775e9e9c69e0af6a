/** Folds in the store: our own, and those of others once they are found to say what they stand for. */
import { NO_HASH } from '../wire/entry.ts'
import type { Accepted } from './accept.ts'
import { chooseRun, MAX_FOLD, MAX_RUN } from './fold.ts'
import { itemAt, runOf } from './logs.ts'
import { openStored, readItems } from './read-entries.ts'
import { ownLog, type Core } from './replica-core.ts'
import { sealEntry } from './seal-entry.ts'
import type { StoredEntry } from './store.ts'
import { takeNews } from './write-entries.ts'
import { mergeAll } from './yjs-update.ts'

/** Stores a fold of the end of our own log and takes out what it stands for. */
export async function foldTail(core: Core): Promise<StoredEntry | undefined> {
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
export async function pruneByFold(core: Core, { stored, body }: Accepted): Promise<void> {
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
