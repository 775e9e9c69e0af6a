/**
 * What counts of a device that was taken out (PROTOCOL.md, "After a removal"): its entries up to the place that the removal
 * names, and up to any place that an accepted entry of somebody else says its author had. So the words of those who had taken
 * them in before they knew stand on something everywhere, and it does not matter in which order records and entries arrive.
 */
import { describeThrown } from '../base/errors.ts'
import type { DeviceId, HashId } from '../base/ids.ts'
import type { CircleState, DeviceState } from '../membership/state.ts'
import type { EntryBody, Place } from '../wire/entry.ts'
import { itemAt, logKey, type Log, type LogKey, type LogName } from './logs.ts'
import { openStored } from './read-entries.ts'
import type { Core } from './replica-core.ts'

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
 * Whose word counts for a device that was taken out: anybody's but its own member's, who could have named places in advance;
 * of those a computer that is still present counts (somebody retires the other one). Also that of one whose coming was struck out,
 * where what it says was itself taken in by somebody: words that others stand on stand on something too.
 */
export function mayVouch(state: CircleState, voucher: DeviceId, removed: DeviceId): boolean {
  const by = knownDevice(state, voucher)
  return by !== undefined && (by.present || by.member !== knownDevice(state, removed)?.member)
}

/**
 * Logs that are remembered of what one device says it had; far more than a circle has. Which of more are left out depends on the
 * order they came in, and does no harm: whoever merged something by such a word says so itself.
 */
export const MAX_LOGS_SEEN = 4096

export function noteSeen(seen: Core['seen'], { device, incarnation, seq }: Place, body: Pick<EntryBody, 'seen'>): void {
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

export interface Vouching {
  /**
   * Reads, once, what all entries held here say that their authors had: nothing else would still know it after a restart.
   * Only where something after a removal turns up; `vouchedUpTo` answers rightly from then on. In the replica's turn.
   */
  whole(): Promise<void>
  /** The last place of this log that somebody says they had; 0: none. */
  vouchedUpTo(log: LogName): number
}

const READ_AT_ONCE = 200

export function createVouching(core: Core): Vouching {
  let isWhole = false

  const readLog = async (log: Log): Promise<void> => {
    const last = Math.max(log.items.at(-1)?.seq ?? 0, log.stranded.at(-1)?.seq ?? 0)
    for (let next = 1; next <= last;) {
      const entries = await core.store.entries(log, next, READ_AT_ONCE)
      for (const stored of entries) {
        try {
          noteSeen(core.seen, stored, openStored(core, stored))
        } catch (thrown) {
          // Whoever holds a readable copy says the same to everybody; here the vouching of this one entry is missing.
          core.log(`what an entry had seen is not known: ${describeThrown(thrown)}`)
        }
      }
      next = (entries.at(-1)?.seq ?? last) + 1
    }
  }

  return {
    whole: async () => {
      if (isWhole) return
      for (const log of core.logs.all()) await readLog(log)
      isWhole = true
    },
    vouchedUpTo: (log) => {
      const state = core.membership.state()
      const key = logKey(log)
      let upTo = 0
      for (const [device, places] of core.seen) {
        const seq = places.get(key)?.seq ?? 0
        if (seq > upTo && mayVouch(state, device, log.device)) upTo = seq
      }
      return upTo
    },
  }
}

/** Logs of removed devices that are merged here beyond what their removal accepts. */
export function logsBeyondLimit(core: Core): readonly Log[] {
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

/** Their last places, as far as nobody's accepted entry says that it had them. */
export async function unvouchedHeads(core: Core, vouching: Vouching): Promise<readonly Place[]> {
  const beyond = logsBeyondLimit(core)
  if (beyond.length === 0) return []
  await vouching.whole()
  return beyond.flatMap((log) => {
    const seq = log.items.at(-1)?.seq ?? 0
    return seq > vouching.vouchedUpTo(log) ? [{ device: log.device, incarnation: log.incarnation, seq }] : []
  })
}
