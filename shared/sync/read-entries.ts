/** Entries from the store, opened. What is held must be readable: writing on without it would use places twice. */
import { open } from '../crypto/seal.ts'
import { decodeEntry, decodeEntryBody, type EntryBody } from '../wire/entry.ts'
import { firstFrom, type LogItem, type LogName } from './logs.ts'
import type { Core } from './replica-core.ts'
import type { StoredEntry } from './store.ts'

const READ_AT_ONCE = 200

export function openStored(core: Core, stored: StoredEntry): EntryBody {
  const entry = decodeEntry(stored.bytes)
  const keys = entry.ok ? core.keys(entry.value.epoch) : undefined
  const plain = entry.ok && keys !== undefined ? open(keys.entry, entry.value.sealedBody) : undefined
  const body = plain === undefined ? undefined : decodeEntryBody(plain)
  if (body?.ok === true) return body.value
  throw new Error(`entry ${stored.seq} of ${stored.device} cannot be read from the store`)
}

/** The wanted entries of one log; what lies between them is skipped in as few reads as is reasonable. */
export async function readItems(core: Core, log: LogName, wanted: readonly LogItem[]): Promise<StoredEntry[]> {
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
