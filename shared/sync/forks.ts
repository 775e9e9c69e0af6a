/**
 * Entries that are signed for a place which another entry of the same device holds: with that one, proof that its log forked (a
 * restored backup, or worse). Kept and passed on, never merged: one Yjs client must not say two things at one clock.
 */
import type { Bytes } from '../base/bytes.ts'
import type { DeviceId, HashId } from '../base/ids.ts'
import { hashOfEntry } from '../membership/names.ts'
import { createWriter, decodeAll } from '../wire/codec.ts'
import { decodeEntry, type Place } from '../wire/entry.ts'
import { MAX_ENTRY } from '../wire/limits.ts'
import { logKey, type LogName } from './logs.ts'
import type { CircleStore } from './store.ts'

const KEY = 'sync/forks'
/** One proof a log is enough; the rest is bounded. */
const MAX_PER_LOG = 4
const MAX_KEPT = 64
/** Of all together: they are one value of the store. */
const MAX_BYTES = 2 * MAX_ENTRY

export interface ForkedEntry {
  readonly place: Place
  readonly hash: HashId
  readonly bytes: Bytes
}

export interface Forks {
  /** Devices with a log that forked. */
  devices(): ReadonlySet<DeviceId>
  has(log: LogName): boolean
  entries(): readonly ForkedEntry[]
  keep(place: Place, bytes: Bytes): Promise<void>
}

function read(bytes: Uint8Array): readonly ForkedEntry[] {
  const list = decodeAll(bytes, (reader) => reader.list(MAX_KEPT, (from) => from.bytes(MAX_ENTRY)))
  if (!list.ok) return []
  return list.value.flatMap((kept) => {
    const entry = decodeEntry(kept)
    return entry.ok ? [{ place: entry.value, hash: hashOfEntry(kept), bytes: kept }] : []
  })
}

export async function createForks(store: Pick<CircleStore, 'value' | 'setValue'>): Promise<Forks> {
  const stored = await store.value(KEY)
  const kept = new Map((stored === undefined ? [] : read(stored)).map((one) => [one.hash, one]))
  const countOf = (log: LogName): number =>
    [...kept.values()].filter(({ place }) => logKey(place) === logKey(log)).length
  return {
    devices: () => new Set([...kept.values()].map(({ place }) => place.device)),
    has: (log) => countOf(log) > 0,
    entries: () => [...kept.values()],
    keep: async (place, bytes) => {
      const hash = hashOfEntry(bytes)
      if (kept.has(hash) || kept.size >= MAX_KEPT || countOf(place) >= MAX_PER_LOG) return
      if ([...kept.values()].reduce((sum, one) => sum + one.bytes.length, bytes.length) > MAX_BYTES) return
      kept.set(hash, { place, hash, bytes })
      await store.setValue(
        KEY,
        createWriter()
          .list([...kept.values()], (to, one) => to.bytes(one.bytes))
          .done(),
      )
    },
  }
}
