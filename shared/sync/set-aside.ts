/**
 * Entries that a device signed after it was taken out, as far as nobody had taken them in: whole and chained, but in no document,
 * told to nobody, and bounded. They go in when more of that device counts, or when somebody takes them in by hand.
 */
import type { Bytes } from '../base/bytes.ts'
import type { DeviceId, HashId } from '../base/ids.ts'
import { hashOfEntry } from '../membership/names.ts'
import { createWriter, decodeAll } from '../wire/codec.ts'
import { decodeEntry, type Entry } from '../wire/entry.ts'
import { MAX_ENTRY, MAX_TIME } from '../wire/limits.ts'
import { logKey, type LogItem, type LogName, type LogsDraft } from './logs.ts'
import type { CircleStore } from './store.ts'

const KEY = 'sync/set-aside'
export const MAX_ASIDE_OF_DEVICE = 256
export const MAX_ASIDE = 1024
/** They are one value of the store. */
export const MAX_ASIDE_BYTES_OF_DEVICE = MAX_ENTRY
const MAX_BYTES = 2 * MAX_ENTRY

export interface Aside extends LogItem {
  readonly entry: Entry
  readonly bytes: Bytes
  readonly authoredAt: number
}

export interface SetAsideSummary {
  readonly device: DeviceId
  readonly count: number
  /** By their author's clock; for display only. */
  readonly latestAt: number
}

export interface SetAside {
  all(): readonly Aside[]
  summary(): readonly SetAsideSummary[]
  /** Logs as they would be with these in. */
  view(logs: Pick<LogsDraft, 'get' | 'count'>): Pick<LogsDraft, 'get' | 'count'>
  /** False: no room. */
  keep(aside: Aside): boolean
  drop(hash: HashId): void
  /** Writes what `keep` and `drop` changed. */
  store(): Promise<void>
}

const bySeq = (a: LogItem, b: LogItem): number => a.seq - b.seq

const bytesOf = (kept: readonly Aside[]): number => kept.reduce((sum, { bytes }) => sum + bytes.length, 0)

function read(stored: Uint8Array): readonly Aside[] {
  const list = decodeAll(stored, (reader) =>
    reader.list(MAX_ASIDE, (each) => ({
      authoredAt: each.uint(MAX_TIME),
      document: each.id<LogItem['document']>(),
      bytes: each.bytes(MAX_ENTRY),
    })),
  )
  if (!list.ok) return []
  return list.value.flatMap(({ authoredAt, document, bytes }) => {
    const entry = decodeEntry(bytes)
    return entry.ok ? [asideOf(entry.value, hashOfEntry(bytes), { document, authoredAt }, bytes)] : []
  })
}

export function asideOf(
  entry: Entry,
  hash: HashId,
  { document, authoredAt }: Pick<Aside, 'document' | 'authoredAt'>,
  bytes: Bytes,
): Aside {
  const from = entry.kind === 'fold' ? entry.foldsFrom : entry.seq
  return { seq: entry.seq, from, hash, document, entry, bytes, authoredAt }
}

export async function openSetAside(store: Pick<CircleStore, 'value' | 'setValue'>): Promise<SetAside> {
  const stored = await store.value(KEY)
  const kept = new Map((stored === undefined ? [] : read(stored)).map((one) => [one.hash, one]))
  let changed = false

  const ofDevice = (device: DeviceId): readonly Aside[] =>
    [...kept.values()].filter(({ entry }) => entry.device === device)
  const ofLog = (log: LogName): readonly Aside[] =>
    [...kept.values()].filter(({ entry }) => logKey(entry) === logKey(log)).toSorted(bySeq)

  return {
    all: () => [...kept.values()],
    summary: () =>
      [...new Set([...kept.values()].map(({ entry }) => entry.device))].map((device) => {
        const own = ofDevice(device)
        return { device, count: own.length, latestAt: Math.max(...own.map(({ authoredAt }) => authoredAt)) }
      }),
    view: (logs) => ({
      count: (device) => logs.count(device) + ofDevice(device).length,
      get: (name) => {
        const log = logs.get(name)
        const head = log?.items.at(-1)?.seq ?? 0
        const after = ofLog(name).filter(({ seq }) => seq > head)
        if (after.length === 0) return log
        return { ...name, items: [...(log?.items ?? []), ...after], stranded: log?.stranded ?? [] }
      },
    }),
    keep: (aside) => {
      if (kept.has(aside.hash)) return true
      const own = ofDevice(aside.entry.device)
      const isFull =
        own.length >= MAX_ASIDE_OF_DEVICE ||
        kept.size >= MAX_ASIDE ||
        bytesOf(own) + aside.bytes.length > MAX_ASIDE_BYTES_OF_DEVICE ||
        bytesOf([...kept.values()]) + aside.bytes.length > MAX_BYTES
      if (isFull) return false
      kept.set(aside.hash, aside)
      changed = true
      return true
    },
    drop: (hash) => {
      changed = kept.delete(hash) || changed
    },
    store: async () => {
      if (!changed) return
      changed = false
      await store.setValue(
        KEY,
        createWriter()
          .list([...kept.values()], (to, { authoredAt, document, bytes }) =>
            to.uint(authoredAt).id(document).bytes(bytes),
          )
          .done(),
      )
    },
  }
}
