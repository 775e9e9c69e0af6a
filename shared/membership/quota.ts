/** How much of a log one person may fill, so that nobody fills it for all. */
import type { HashId, MemberId } from '../base/ids.ts'
import type { VerifiedRecord } from './verify.ts'

/** Records by one member that are kept. */
export const MAX_RECORDS_OF_MEMBER = 1_000

export interface QuotaRequest<Held extends VerifiedRecord> {
  readonly held: Iterable<Held>
  readonly arrived: readonly Held[]
  readonly authorOf: (held: Held) => MemberId | undefined
}

/**
 * Which of the arrived ones are over their author's quota. What a record of somebody else rests on is not: without it theirs could
 * not be read, and different people may have kept different ones.
 */
export function overQuota<Held extends VerifiedRecord>(request: QuotaRequest<Held>): ReadonlySet<HashId> {
  const { authorOf, arrived } = request
  const held = [...request.held]
  const counts = new Map<MemberId | undefined, number>()
  for (const record of held) counts.set(authorOf(record), (counts.get(authorOf(record)) ?? 0) + 1)
  const over = new Set<HashId>()
  for (const record of arrived) {
    const count = (counts.get(authorOf(record)) ?? 0) + 1
    counts.set(authorOf(record), count)
    if (count > MAX_RECORDS_OF_MEMBER) over.add(record.hash)
  }
  if (over.size === 0) return over
  const byHash = new Map(arrived.map((record) => [record.hash, record]))
  const kept = [...held, ...arrived.filter(({ hash }) => !over.has(hash))]
  const needed = new Set(
    kept.flatMap((child) =>
      child.record.parents.filter((hash) => {
        const parent = byHash.get(hash)
        return parent !== undefined && authorOf(parent) !== authorOf(child)
      }),
    ),
  )
  // A set hands out what is added while it is gone through.
  for (const hash of needed) {
    over.delete(hash)
    for (const parent of byHash.get(hash)?.record.parents ?? []) if (byHash.has(parent)) needed.add(parent)
  }
  return over
}
