/** How much of a log one person may fill, and how much all together, so that nobody fills it for all. */
import type { HashId, MemberId } from '../base/ids.ts'
import type { VerifiedRecord } from './verify.ts'

/** Records of one circle that are kept; a group of forty makes some hundreds in years. */
export const MAX_RECORDS = 10_000
/** Above that, for what organisers must be able to say in a log that somebody filled, and for what that rests on. */
export const MAX_URGENT_RECORDS = 500
/** Records by one member that are kept. */
export const MAX_RECORDS_OF_MEMBER = 1_000
/** Of those, what a computer says by itself to keep a circle in order: whoever makes it work leaves its people their own words. */
export const MAX_HOUSEKEEPING = 800

export interface QuotaRequest<Held extends VerifiedRecord> {
  readonly held: ReadonlyMap<HashId, Held>
  readonly arrived: readonly Held[]
  readonly authorOf: (held: Held) => MemberId | undefined
}

/** These and all that they rest on, as far as it is held or has arrived. */
function restingOn<Held extends VerifiedRecord>(
  { held, arrived }: Pick<QuotaRequest<Held>, 'held' | 'arrived'>,
  hashes: Iterable<HashId>,
): ReadonlySet<HashId> {
  const byHash = new Map(arrived.map((record) => [record.hash, record]))
  const found = new Set(hashes)
  // A set hands out what is added while it is gone through.
  for (const hash of found) {
    for (const parent of (byHash.get(hash) ?? held.get(hash))?.record.parents ?? []) found.add(parent)
  }
  return found
}

/**
 * Which of the arrived ones are over their author's quota. What a record of somebody else rests on is not: without it theirs could
 * not be read, and different people may have kept different ones.
 */
export function overQuota<Held extends VerifiedRecord>(request: QuotaRequest<Held>): ReadonlySet<HashId> {
  const { held, authorOf, arrived } = request
  const counts = new Map<MemberId | undefined, number>()
  for (const record of held.values()) counts.set(authorOf(record), (counts.get(authorOf(record)) ?? 0) + 1)
  const over = new Set<HashId>()
  for (const record of arrived) {
    const count = (counts.get(authorOf(record)) ?? 0) + 1
    counts.set(authorOf(record), count)
    if (count > MAX_RECORDS_OF_MEMBER) over.add(record.hash)
  }
  if (over.size === 0) return over
  const byHash = new Map(arrived.map((record) => [record.hash, record]))
  const kept = [...held.values(), ...arrived.filter(({ hash }) => !over.has(hash))]
  const named = kept.flatMap((child) =>
    child.record.parents.filter((hash) => {
      const parent = byHash.get(hash) ?? held.get(hash)
      return parent !== undefined && authorOf(parent) !== authorOf(child)
    }),
  )
  // Through what is held too: of a long chain the last part may have come before the first.
  for (const hash of restingOn(request, named)) over.delete(hash)
  return over
}

/** Which of the arrived ones are more than all together may say. */
export function overTotal<Held extends VerifiedRecord>(
  request: Pick<QuotaRequest<Held>, 'held' | 'arrived'> & { readonly isUrgent: (held: Held) => boolean },
): ReadonlySet<HashId> {
  const { held, arrived, isUrgent } = request
  if (held.size + arrived.length <= MAX_RECORDS) return new Set()
  const urgent = restingOn(
    request,
    [...held.values(), ...arrived].filter(isUrgent).map(({ hash }) => hash),
  )
  const over = new Set<HashId>()
  let count = held.size
  for (const { hash } of arrived) {
    if (count < (urgent.has(hash) ? MAX_RECORDS + MAX_URGENT_RECORDS : MAX_RECORDS)) count += 1
    else over.add(hash)
  }
  return over
}
