/** Edits become entries of this device's own log: merged, checked as others will check them, sealed, signed and chained. */
import * as Y from 'yjs'
import type { EpochId } from '../base/ids.ts'
import { renewKey } from '../membership/renew-key.ts'
import { NO_HASH, type EntryBody, type Seen } from '../wire/entry.ts'
import { MAX_HEADS } from '../wire/limits.ts'
import { ownClient, ownLog, type Core, type Live } from './replica-core.ts'
import { sealEntry } from './seal-entry.ts'
import { logKey } from './logs.ts'
import { splitUpdate } from './split-update.ts'
import { StoreStopped, type StoredEntry } from './store.ts'
import { ONLY_SEEN } from './words.ts'
import { inspectUpdate, mergeAll } from './yjs-update.ts'

/** Bytes of one entry's Yjs update; padding and seal keep it under MAX_ENTRY. */
const MAX_UPDATE = 3 * 1024 * 1024

/** At most `most`; the rest goes with the next entry. */
export function takeNews(core: Core, most = MAX_HEADS): Seen[] {
  const taken = [...core.news].slice(0, most)
  for (const [key] of taken) core.news.delete(key)
  return taken.map(([, seen]) => seen)
}

/** For the next entry, where this one did not come about. */
export function giveBackNews(core: Core, taken: readonly Seen[]): void {
  for (const place of taken) {
    if ((core.news.get(logKey(place))?.seq ?? 0) < place.seq) core.news.set(logKey(place), place)
  }
}

/** No key to write with just now; somebody will bring one. What was typed waits in memory. */
export class NoKeyYet extends Error {
  override readonly name = 'NoKeyYet'
}

/** One after each of several removals that arrive while keys change. */
const MAX_RENEWALS = 4

/**
 * What to seal under. Where nobody's key is fit for it any more since somebody was taken out, a new one is made first: it is
 * stored before anything is sealed under it, so a crash between leaves a key that nobody used yet.
 */
export async function epochToSeal({ membership, keys }: Core): Promise<EpochId> {
  let problem = 'too many changes at once'
  for (let renewed = 0; renewed <= MAX_RENEWALS; renewed++) {
    const epoch = membership.sealingEpoch()
    if (epoch !== undefined && keys(epoch) !== undefined) return epoch
    const made = await renewKey(membership)
    if (made.ok) continue
    if (made.error === 'storage-failed') throw new StoreStopped(made.detail ?? made.error)
    problem = made.detail ?? made.error
    break
  }
  throw new NoKeyYet(`no key to write with: ${problem}`)
}

/** An entry that writes nothing and says that we had these entries. */
export async function sealSeen(core: Core, seen: readonly Seen[], epoch: EpochId): Promise<StoredEntry> {
  const log = ownLog(core)
  const last = core.logs.get(log)?.items.at(-1)
  const update = new Uint8Array(Y.encodeStateAsUpdateV2(new Y.Doc()))
  const body = { document: ONLY_SEEN, authoredAt: core.clock.now(), seen, update }
  const chain = { kind: 'update', previous: last?.hash ?? NO_HASH } as const
  const sealed = await sealEntry({ ...log, seq: (last?.seq ?? 0) + 1 }, chain, body, epoch, core)
  if (sealed === undefined) throw new NoKeyYet('no key to write with')
  return sealed
}

export interface Batch {
  readonly live: Live
  readonly updates: readonly Uint8Array[]
}

class ForeignEdit extends Error {}

export async function sealBatches(
  core: Core,
  batches: readonly Batch[],
  seen: readonly Seen[],
  epoch: EpochId,
): Promise<StoredEntry[]> {
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
      const sealed = await sealEntry({ ...log, seq }, { kind: 'update', previous }, body, epoch, core)
      if (sealed === undefined) throw new NoKeyYet('no key to write with')
      entries.push(sealed)
      previous = sealed.hash
    }
    live.deletions.add(checked.value.deletes, core.membership.secrets.member)
  }
  return entries
}
