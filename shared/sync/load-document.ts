/** A document from its snapshot and the entries after it, and the snapshot that makes the next opening fast. */
import * as Y from 'yjs'
import { describeThrown } from '../base/errors.ts'
import type { Place } from '../wire/entry.ts'
import { memberOf } from './attribution.ts'
import { firstFrom, logKey } from './logs.ts'
import { readItems, openStored } from './read-entries.ts'
import { passOverClosed } from './pass-over.ts'
import { ownLog, REMOTE, type Core, type Live } from './replica-core.ts'
import { decodeSnapshot, encodeSnapshot } from './snapshot.ts'
import { deletesOf } from './yjs-update.ts'

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

/** What one entry says must never keep the others from being shown: one that does not apply is named and passed over. */
export function apply(core: Core, doc: Y.Doc, { device, seq }: Place, update: Uint8Array): boolean {
  try {
    Y.applyUpdateV2(doc, update, REMOTE)
    return true
  } catch (thrown) {
    core.log(`entry ${seq} of ${device} does not apply: ${describeThrown(thrown)}`)
    return false
  }
}

/** False where our own log does not lie before the document as it should: its clocks cannot be trusted to be free. */
export async function loadDocument(core: Core, live: Live): Promise<boolean> {
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
  passOverClosed(core, live)
  return isSound
}

/** True where structs of our own wait for others' that are gone: their clocks are used, but the document does not know it. */
export function waitsForOwn(doc: Y.Doc, client: number): boolean {
  const pending = doc.store.pendingStructs
  return pending !== null && Y.decodeUpdateV2(pending.update).structs.some(({ id }) => id.client === client)
}

export async function storeSnapshot(core: Core, live: Live): Promise<void> {
  // An edit that is not in the log yet must not be in a snapshot: after a crash it would exist here and nowhere else.
  if (live.pending.length > 0 || live.sinceSnapshot === 0) return
  // Should this device come to have what counts as gone here, a snapshot would keep it from being shown.
  if (live.passedOver) return
  const { deletions, doc } = live
  const bytes = encodeSnapshot({ covered: core.logs.heads(), deletions, state: Y.encodeStateAsUpdateV2(doc) })
  live.sinceSnapshot = 0
  await core.store.putSnapshot(live.id, bytes)
}
