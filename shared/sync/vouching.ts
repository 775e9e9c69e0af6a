/**
 * What counts of a device that was taken out (PROTOCOL.md, "After a removal"): its entries up to the place that the removal
 * names, and those that an accepted entry of somebody else names by their hash, with what leads up to them. So the words of those
 * who had taken them in before they knew stand on something everywhere, and it does not matter in which order records and entries
 * arrive.
 */
import { describeThrown } from '../base/errors.ts'
import type { DeviceId, HashId } from '../base/ids.ts'
import type { CircleState, DeviceState } from '../membership/state.ts'
import { seenOf, type Entry, type EntryBody, type Place, type Seen } from '../wire/entry.ts'
import { firstFrom, itemAt, logKey, type Log, type LogKey, type LogName } from './logs.ts'
import { openStored } from './read-entries.ts'
import type { Core } from './replica-core.ts'
import type { StoredEntry } from './store.ts'
import { isNamed, MAX_WORDS, noteWords, ONLY_SEEN, type Named, type Words } from './words.ts'

/** The last place that a removal accepts; seq 0: nothing. */
export interface Limit {
  readonly seq: number
  readonly hash?: HashId
}

/** Present, taken out, or brought in by a record that was struck out. */
export const knownDevice = (
  state: Pick<CircleState, 'devices' | 'fallen'>,
  device: DeviceId,
): DeviceState | undefined => state.devices.get(device) ?? state.fallen.get(device)

/** Undefined for a device that is present: all it wrote counts. */
export function limitOf(state: CircleState, { device, incarnation }: LogName): Limit | undefined {
  const known = knownDevice(state, device)
  if (known === undefined || known.present) return undefined
  return known.removal?.limits.get(incarnation) ?? { seq: 0 }
}

export const isWithin = (limit: Limit, seq: number, hash: HashId): boolean =>
  seq < limit.seq || (seq === limit.seq && (limit.hash === undefined || limit.hash === hash))

/**
 * Whose word counts for a device that was taken out: anybody's but its own member's, who need not have taken in what they name;
 * of those a computer that is still present counts (somebody retires the other one). Also that of one whose coming was struck out,
 * where what it says was itself taken in by somebody: words that others stand on stand on something too.
 */
export function mayVouch(state: CircleState, voucher: DeviceId, removed: DeviceId): boolean {
  const by = knownDevice(state, voucher)
  return by !== undefined && (by.present || by.member !== knownDevice(state, removed)?.member)
}

/**
 * Logs that are remembered of what one device says it had; far more than a circle has. Which of more are left out depends on the
 * order they came in, and does no harm: it only tells who has what.
 */
export const MAX_LOGS_SEEN = 4096

export function noteSeen(
  seen: Core['seen'],
  { device, incarnation, seq }: Place,
  body: { readonly seen: readonly Place[] },
): void {
  const known = seen.get(device) ?? new Map<LogKey, Place>()
  seen.set(device, known)
  for (const place of [...body.seen, { device, incarnation, seq }]) {
    const key = logKey(place)
    const before = known.get(key)
    // Somebody may invent logs without end.
    if (before === undefined && known.size >= MAX_LOGS_SEEN) continue
    if ((before?.seq ?? 0) < place.seq) known.set(key, place)
  }
}

/** Of these, what is about devices that were taken out; of all others it is not remembered. */
function aboutRemoved(core: Core, seen: readonly Seen[]): readonly Seen[] {
  const state = core.membership.state()
  return seen.filter((place) => {
    if (limitOf(state, place) !== undefined) return true
    core.readFor.delete(place.device)
    return false
  })
}

/** What an entry that is held now says that its author had. */
export function noteEntry(core: Core, stored: Omit<StoredEntry, 'bytes'>, body: Pick<EntryBody, 'seen'>): void {
  noteSeen(core.seen, stored, body)
  noteWords(core.words, stored.device, aboutRemoved(core, body.seen), stored.document === ONLY_SEEN)
}

/** Logs of removed devices that are merged here beyond what their removal accepts. */
function logsBeyondLimit(core: Core): readonly Log[] {
  const state = core.membership.state()
  return core.logs.all().filter((log) => {
    const limit = limitOf(state, log)
    const head = log.items.at(-1)
    if (limit === undefined || head === undefined) return false
    // On another branch than the removal's, its own place does not count either.
    const held = itemAt(log, limit.seq)
    return !isWithin(limit, head.seq, head.hash) || (held !== undefined && !isWithin(limit, held.seq, held.hash))
  })
}

interface Said {
  readonly entry: Entry
  readonly body: EntryBody
}

export interface Vouching {
  /**
   * Reads, once, what all entries held here say that their authors had of those who were taken out: nothing else would still know
   * it after a restart. Only where something after a removal turns up; the rest answers rightly from then on. In the replica's turn.
   */
  whole(): Promise<void>
  /** Whether somebody says that they had this very entry: in what is held here, or in these. */
  named(accepted: readonly Said[]): (entry: Named) => boolean
  /** What is merged here beyond a removal, as far as nobody says for good that they had it. */
  unvouched(): Promise<readonly Seen[]>
}

const READ_AT_ONCE = 200
/** Of one log. Somebody may have written far more before they were taken out: then each of these stands for some before it. */
const MAX_NAMED_AT_ONCE = 4096

const removedIn = ({ devices, fallen }: CircleState): readonly DeviceId[] =>
  [...devices.values(), ...fallen.values()].filter(({ present }) => !present).map(({ id }) => id)

function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  const step = Math.ceil(items.length / most)
  return items.filter((_, index) => (items.length - 1 - index) % step === 0)
}

export function createVouching(core: Core): Vouching {
  /** The last entry of a log when all of it that matters had been named for good; as long as nothing changes in who is in. */
  let settled: { readonly state: CircleState; readonly heads: Map<LogKey, HashId> } | undefined

  const readLog = async (log: Log): Promise<void> => {
    const last = Math.max(log.items.at(-1)?.seq ?? 0, log.stranded.at(-1)?.seq ?? 0)
    for (let next = 1; next <= last;) {
      const entries = await core.store.entries(log, next, READ_AT_ONCE)
      for (const stored of entries) {
        try {
          noteEntry(core, stored, openStored(core, stored))
        } catch (thrown) {
          // Whoever holds a readable copy says the same to everybody; here the vouching of this one entry is missing.
          core.log(`what an entry had seen is not known: ${describeThrown(thrown)}`)
        }
      }
      next = (entries.at(-1)?.seq ?? last) + 1
    }
  }
  const whole = async (): Promise<void> => {
    const removed = removedIn(core.membership.state())
    if (removed.every((device) => core.readFor.has(device))) return
    // Before it is read: what changes meanwhile takes away from it.
    for (const device of removed) core.readFor.add(device)
    try {
      for (const log of core.logs.all()) await readLog(log)
    } catch (thrown) {
      core.readFor.clear()
      throw thrown
    }
  }
  const among = (words: Words, entry: Named, onlyLasting = false): boolean => {
    const state = core.membership.state()
    return isNamed(words, entry, (voucher, removed) => mayVouch(state, voucher, removed), onlyLasting)
  }
  const unnamed = ({ device, incarnation, items }: Log, state: CircleState): readonly Seen[] => {
    const limit = limitOf(state, { device, incarnation })
    if (limit === undefined) return []
    const named = items
      .slice(firstFrom(items, limit.seq))
      .map(({ seq, hash }) => ({ device, incarnation, seq, hash }))
      .filter((entry) => !isWithin(limit, entry.seq, entry.hash) && !among(core.words, entry, true))
    return spread(named, MAX_NAMED_AT_ONCE).map(seenOf)
  }

  return {
    whole,
    named: (accepted) => {
      const fresh: Words = new Map()
      for (const { entry, body } of accepted) noteWords(fresh, entry.device, aboutRemoved(core, body.seen), false)
      return (entry) => among(core.words, entry) || among(fresh, entry)
    },
    unvouched: async () => {
      const said = core.words.get(core.membership.secrets.device)?.size ?? 0
      const beyond = said < MAX_WORDS ? logsBeyondLimit(core) : []
      if (beyond.length === 0) return []
      await whole()
      const state = core.membership.state()
      if (settled?.state !== state) settled = { state, heads: new Map() }
      const { heads } = settled
      return beyond.flatMap((log) => {
        const key = logKey(log)
        const head = log.items.at(-1)?.hash
        if (head === undefined || heads.get(key) === head) return []
        const found = unnamed(log, state)
        if (found.length === 0) heads.set(key, head)
        return found
      })
    },
  }
}
