/** What is held of each device's log, without the bytes: where the chain stands, and whether an entry continues it. */
import type { DeviceId, DocumentId, HashId } from '../base/ids.ts'
import { NO_HASH, type Entry, type Place } from '../wire/entry.ts'
import type { StoredEntry } from './store.ts'

export type LogName = Pick<Place, 'device' | 'incarnation'>
export type LogItem = Pick<StoredEntry, 'seq' | 'from' | 'hash' | 'document'>
export type LogKey = string
export type Head = Place & { readonly hash: HashId }

export const logKey = ({ device, incarnation }: LogName): LogKey => `${device}/${incarnation}`

export interface Log extends LogName {
  /** By seq; rising, and without a hole: what is told to others and what an entry may continue. */
  readonly items: readonly LogItem[]
  /** Held beyond a hole (a row that was lost or does not open): shown, but asked for again from the hole on. */
  readonly stranded: readonly LogItem[]
}

/**
 * 'next': continues the log. 'known': held already. 'covered': an earlier entry that a fold we hold stands for. 'gap': something
 * before it is missing. 'fork': another entry is signed for this place. 'broken': contradicts what we hold.
 */
export type ChainVerdict = 'next' | 'known' | 'covered' | 'gap' | 'fork' | 'broken'

/** Index of the first item with seq >= `seq`. */
export function firstFrom(items: readonly LogItem[], seq: number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((items[middle]?.seq ?? 0) < seq) low = middle + 1
    else high = middle
  }
  return low
}

export function itemAt(log: Log | undefined, seq: number): LogItem | undefined {
  const item = log?.items[firstFrom(log.items, seq)]
  return item?.seq === seq ? item : undefined
}

/** The items that stand for exactly from ... to, or undefined where some of it is not held. Overlaps are left in. */
export function runOf(log: Log | undefined, from: number, to: number): readonly LogItem[] | undefined {
  if (log === undefined) return undefined
  const run = log.items.slice(firstFrom(log.items, from), firstFrom(log.items, to + 1))
  let covered = to
  for (const item of run.toReversed()) {
    if (item.seq > covered) continue
    if (item.seq < covered || item.from < from) return undefined
    covered = item.from - 1
  }
  return covered === from - 1 ? run : undefined
}

const bySeq = (a: LogItem, b: LogItem): number => a.seq - b.seq

const headSeq = (log: Log | undefined): number => log?.items.at(-1)?.seq ?? 0

function checkFold(log: Log | undefined, fold: Extract<Entry, { kind: 'fold' }>): ChainVerdict {
  const head = headSeq(log)
  if (fold.foldsFrom > head + 1) return 'gap'
  if (fold.foldsFrom === 1) {
    if (fold.previous !== NO_HASH) return 'broken'
  } else if (itemAt(log, fold.foldsFrom - 1)?.hash !== fold.previous) return 'broken'
  // `folded` can be checked only by those who hold the end of the run.
  return head === fold.seq - 1 && log?.items.at(-1)?.hash !== fold.folded ? 'broken' : 'next'
}

export function checkChain(log: Log | undefined, entry: Entry, hash: HashId): ChainVerdict {
  const head = headSeq(log)
  if (entry.seq <= head) {
    const held = itemAt(log, entry.seq)
    return held === undefined ? 'covered' : held.hash === hash ? 'known' : 'fork'
  }
  if (entry.kind === 'fold') return checkFold(log, entry)
  if (entry.seq > head + 1) return 'gap'
  return entry.previous === (log?.items.at(-1)?.hash ?? NO_HASH) ? 'next' : 'broken'
}

/** A fold may reach back over a hole before it. `items` by seq, rising. */
function splitAtHole(items: readonly LogItem[]): Pick<Log, 'items' | 'stranded'> {
  let reach = 0
  for (const { from, seq } of items) if (from <= reach + 1) reach = seq
  return { items: items.filter(({ seq }) => seq <= reach), stranded: items.filter(({ seq }) => seq > reach) }
}

export interface Logs {
  get(name: LogName): Log | undefined
  all(): readonly Log[]
  heads(): readonly Head[]
  documents(): readonly DocumentId[]
  /** Those with an entry of this document. */
  of(document: DocumentId): readonly LogName[]
  count(device: DeviceId): number
  add(name: LogName, item: LogItem): void
  remove(name: LogName, seqs: ReadonlySet<number>): void
  /** A view that takes additions of its own; they reach this one at `commit`. */
  draft(): LogsDraft
}

export interface LogsDraft extends Pick<Logs, 'get' | 'count' | 'add'> {
  commit(): void
}

type MutableLog = LogName & { items: LogItem[]; stranded: readonly LogItem[] }

export function createLogs(rows: readonly (LogItem & LogName)[] = []): Logs {
  const logs = new Map<LogKey, MutableLog>()
  const documents = new Map<DocumentId, Map<LogKey, LogName>>()
  const counts = new Map<DeviceId, number>()

  const count = (device: DeviceId): number => counts.get(device) ?? 0
  const push = ({ device, incarnation }: LogName, { seq, from, hash, document }: LogItem): MutableLog => {
    const key = logKey({ device, incarnation })
    const log = logs.get(key) ?? { device, incarnation, items: [], stranded: [] }
    logs.set(key, log)
    log.items.push({ seq, from, hash, document })
    const of = documents.get(document) ?? new Map<LogKey, LogName>()
    documents.set(document, of)
    of.set(key, log)
    counts.set(device, count(device) + 1)
    return log
  }
  const add = (name: LogName, item: LogItem): void => {
    const log = push(name, item)
    if (log.stranded.length === 0) return
    // The place of a stranded one was filled, or a fold reached over the hole before it: then it is held as any other.
    const reached = log.stranded.filter(({ seq }) => seq < item.seq)
    const again = log.stranded.filter(({ seq }) => seq === item.seq).length
    log.items.push(...reached)
    log.items.sort(bySeq)
    log.stranded = log.stranded.filter(({ seq }) => seq > item.seq)
    counts.set(name.device, count(name.device) - again)
  }
  for (const row of rows) push(row, row)
  for (const log of logs.values()) Object.assign(log, splitAtHole(log.items.toSorted(bySeq)))

  const draft = (): LogsDraft => {
    const added: { name: LogName; item: LogItem }[] = []
    const changed = new Map<LogKey, MutableLog>()
    return {
      get: (name) => changed.get(logKey(name)) ?? logs.get(logKey(name)),
      count: (device) => count(device) + added.filter(({ name }) => name.device === device).length,
      add: (name, item) => {
        const key = logKey(name)
        const held = logs.get(key)
        const log = changed.get(key) ?? { ...name, items: [...(held?.items ?? [])], stranded: held?.stranded ?? [] }
        changed.set(key, log)
        log.items.push(item)
        added.push({ name, item })
      },
      commit: () => {
        for (const { name, item } of added.splice(0)) add(name, item)
      },
    }
  }

  return {
    get: (name) => logs.get(logKey(name)),
    all: () => [...logs.values()],
    heads: () =>
      [...logs.values()].flatMap(({ device, incarnation, items }) => {
        const last = items.at(-1)
        return last === undefined ? [] : [{ device, incarnation, seq: last.seq, hash: last.hash }]
      }),
    documents: () => [...documents.keys()],
    of: (document) => [...(documents.get(document)?.values() ?? [])],
    count,
    add,
    remove: (name, seqs) => {
      const log = logs.get(logKey(name))
      if (log === undefined) return
      const before = log.items.length
      log.items = log.items.filter(({ seq }) => !seqs.has(seq))
      counts.set(name.device, count(name.device) - (before - log.items.length))
    },
    draft,
  }
}
