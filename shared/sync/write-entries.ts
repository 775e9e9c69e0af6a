/** Edits become entries of this device's own log: merged, checked as others will check them, sealed, signed and chained. */
import type { Place } from '../wire/entry.ts'
import { NO_HASH, type EntryBody } from '../wire/entry.ts'
import { MAX_HEADS } from '../wire/limits.ts'
import { ownClient, ownLog, type Core, type Live } from './replica-core.ts'
import { sealEntry } from './seal-entry.ts'
import { splitUpdate } from './split-update.ts'
import type { StoredEntry } from './store.ts'
import { inspectUpdate, mergeAll } from './yjs-update.ts'

/** Bytes of one entry's Yjs update; padding and seal keep it under MAX_ENTRY. */
const MAX_UPDATE = 3 * 1024 * 1024

/** At most MAX_HEADS; the rest goes with the next entry. */
export function takeNews(core: Core): Place[] {
  const taken = [...core.news].slice(0, MAX_HEADS)
  for (const [key] of taken) core.news.delete(key)
  return taken.map(([, { device, incarnation, seq }]) => ({ device, incarnation, seq }))
}

export interface Batch {
  readonly live: Live
  readonly updates: readonly Uint8Array[]
}

class ForeignEdit extends Error {}

export async function sealBatches(
  core: Core,
  batches: readonly Batch[],
  seen: readonly Place[],
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
      const sealed = await sealEntry({ ...log, seq }, { kind: 'update', previous }, body, core)
      if (sealed === undefined) throw new ForeignEdit('this device holds no key to write with')
      entries.push(sealed)
      previous = sealed.hash
    }
    live.deletions.add(checked.value.deletes, core.membership.secrets.member)
  }
  return entries
}
