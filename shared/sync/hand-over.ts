/**
 * A device that was removed hands over, once, what it wrote before it could hear of that: beyond what its removal accepts. The
 * others set it aside (set-aside.ts) and decide. Whoever left hands over what the others do not have yet. It gets nothing for it.
 */
import type { Bytes } from '../base/bytes.ts'
import type { DeviceId, HashId } from '../base/ids.ts'
import { hashOfEntry } from '../membership/names.ts'
import { decodeEntry, isEntryOf, NO_HASH, type Entry } from '../wire/entry.ts'
import { inMessages } from './in-messages.ts'
import { logKey, type Head, type LogKey, type LogName } from './logs.ts'
import { MAX_ENTRIES_IN_MESSAGE } from './messages.ts'
import type { Replica } from './replica.ts'
import { MAX_ASIDE_BYTES_OF_DEVICE, MAX_ASIDE_OF_DEVICE } from './set-aside.ts'
import { limitOf, type Limit } from './vouching.ts'

const MESSAGE_BYTES = 256 * 1024
const READ_AT_ONCE = 16
/** Bytes of one log; at most half of it is handed over. */
const MAX_READ = 2 * MAX_ASIDE_BYTES_OF_DEVICE

/**
 * Of this device's own logs, in order; no more than others would keep. Empty where this device is present. Whoever left by
 * themselves may be the only one who holds their last words, also those that their leaving says count: `theirSeq`, the last seq of a
 * log that the other is known to hold.
 */
export async function entriesAfterRemoval(
  replica: Replica,
  theirSeq: (log: LogName) => number,
): Promise<readonly (readonly Bytes[])[]> {
  const { secrets, state } = replica.membership
  const own = state().devices.get(secrets.device)
  const found: Bytes[] = []
  for (const head of replica.heads()) {
    const limit = head.device === secrets.device ? limitOf(state(), head) : undefined
    if (limit === undefined) continue
    if (own?.removal?.by === secrets.member) {
      const from = Math.max(theirSeq(head), head.seq - MAX_ASIDE_OF_DEVICE) + 1
      found.push(...(await readOn(replica, head, Math.min(from, limit.seq + 1))))
    } else found.push(...(await readOn(replica, head, limit.seq + 1)))
  }
  return inParts(atMost(found, own?.removal?.by === secrets.member))
}

async function readOn(replica: Replica, head: Head, from: number): Promise<readonly Bytes[]> {
  const found: Bytes[] = []
  for (let next = from, size = 0; next <= head.seq && size <= MAX_READ;) {
    const entries = await replica.read(head, next, READ_AT_ONCE)
    const last = entries.at(-1)
    if (last === undefined) break
    for (const { bytes } of entries) {
      size += bytes.length
      found.push(bytes)
    }
    next = last.seq + 1
  }
  return found
}

/** Of what is too much, `latest`: the last of it, which leads up to the place that the leaving named; or else the first. */
function atMost(entries: readonly Bytes[], latest: boolean): readonly Bytes[] {
  const kept: Bytes[] = []
  let size = 0
  for (const bytes of latest ? entries.toReversed() : entries) {
    size += bytes.length
    if (kept.length >= MAX_ASIDE_OF_DEVICE || size > MAX_ASIDE_BYTES_OF_DEVICE) break
    kept.push(bytes)
  }
  return latest ? kept.toReversed() : kept
}

const inParts = (entries: readonly Bytes[]): readonly (readonly Bytes[])[] =>
  inMessages(entries, MESSAGE_BYTES, MAX_ENTRIES_IN_MESSAGE)

interface Handed {
  readonly entry: Entry
  readonly hash: HashId
  readonly bytes: Bytes
}

/** From the place that its removal names back to what is held here, link by link; undefined where a link is missing. */
function leadingUp(handed: readonly Handed[], limit: Limit, replica: Replica): readonly Handed[] | undefined {
  const byHash = new Map(handed.map((one) => [one.hash, one]))
  const path: Handed[] = []
  for (let next = limit.hash === undefined ? undefined : byHash.get(limit.hash); next !== undefined;) {
    path.push(next)
    const { entry } = next
    const before = (entry.kind === 'fold' ? entry.foldsFrom : entry.seq) - 1
    const isHeld = replica.itemAt({ ...entry, seq: before })?.hash === entry.previous
    if (isHeld || (before === 0 && entry.previous === NO_HASH)) return path.toReversed()
    byHash.delete(next.hash)
    next = byHash.get(entry.previous)
  }
  return undefined
}

/**
 * What may be looked at. A removal that a device signed itself, or had signed by another of the same person, may name a place that
 * did not exist then; so of what it brings itself only that counts which leads up to the named entry, whose hash nobody could
 * have named before it was written. The rest stays with whoever wrote it.
 */
function fitToTake(log: readonly Handed[], replica: Replica): readonly Handed[] {
  const [first] = log
  const limit = first === undefined ? undefined : limitOf(replica.membership.state(), first.entry)
  if (limit === undefined) return log
  const within = log.filter(({ entry }) => entry.seq <= limit.seq)
  const beyond = log.filter(({ entry }) => entry.seq > limit.seq)
  return [...(leadingUp(within, limit, replica) ?? []), ...beyond]
}

/** Of what a removed device brings all at once: what may be looked at. */
export function fitFromRemoved(replica: Replica, device: DeviceId, entries: readonly Bytes[]): readonly Bytes[] {
  const logs = new Map<LogKey, Handed[]>()
  for (const bytes of entries) {
    const decoded = isEntryOf(bytes, device) ? decodeEntry(bytes) : undefined
    if (decoded?.ok !== true) continue
    const key = logKey(decoded.value)
    logs.set(key, [...(logs.get(key) ?? []), { entry: decoded.value, hash: hashOfEntry(bytes), bytes }])
  }
  return [...logs.values()].flatMap((log) => fitToTake(log, replica)).map(({ bytes }) => bytes)
}

/** The other side: only what the removed device itself signed, and no more in one session than is kept. */
export function takeAfterRemoval(replica: Replica): (device: DeviceId, entries: readonly Bytes[]) => Promise<void> {
  const logs = new Map<LogKey, Handed[]>()
  const heard = new Set<HashId>()
  let taken = 0
  let size = 0
  return async (device, entries) => {
    for (const bytes of entries) {
      const decoded = isEntryOf(bytes, device) ? decodeEntry(bytes) : undefined
      const hash = hashOfEntry(bytes)
      // An answer that was under way brings the same.
      if (heard.has(hash)) continue
      if (decoded?.ok !== true || taken >= MAX_ASIDE_OF_DEVICE || size + bytes.length > MAX_ASIDE_BYTES_OF_DEVICE)
        continue
      heard.add(hash)
      taken += 1
      size += bytes.length
      const key = logKey(decoded.value)
      logs.set(key, [...(logs.get(key) ?? []), { entry: decoded.value, hash, bytes }])
    }
    for (const [key, log] of logs) {
      const fit = new Set(fitToTake(log, replica))
      if (fit.size === 0) continue
      logs.set(
        key,
        log.filter((one) => !fit.has(one)),
      )
      await replica.receive([...fit].map(({ bytes }) => bytes))
    }
  }
}
