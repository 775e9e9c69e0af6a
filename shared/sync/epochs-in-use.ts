/** Under which epochs two who may have changed keys apart look for each other, and offer to prove themselves. */
import type { EpochId, MemberId } from '../base/ids.ts'
import { newestFirst } from '../membership/epoch-order.ts'
import type { Membership } from '../membership/state.ts'

/**
 * Of the epochs whose keys are held here the first so many: what new entries are sealed under, the other leaves, their parents, then
 * theirs. Those that one member made are at most half of them, as long as there are others: or one who gave keys of its own making to
 * everybody alone, to each others, could keep them all from ever finding each other again.
 */
export function epochsInUse(membership: Membership, most: number): readonly EpochId[] {
  const held = new Set(membership.heldEpochs())
  const { epochs } = membership.state()
  const sealing = membership.sealingEpoch()
  const first = sealing === undefined ? [] : [sealing]
  const ordered = [...new Set([...first, ...newestFirst(epochs)])].filter((epoch) => held.has(epoch))
  const counts = new Map<MemberId | undefined, number>()
  const isOneOfMany = (epoch: EpochId): boolean => {
    const by = epochs.get(epoch)?.by
    const count = (counts.get(by) ?? 0) + 1
    counts.set(by, count)
    return count > most / 2
  }
  const many = new Set(ordered.filter(isOneOfMany))
  const chosen = new Set([...ordered.filter((epoch) => !many.has(epoch)), ...many].slice(0, most))
  return ordered.filter((epoch) => chosen.has(epoch))
}
