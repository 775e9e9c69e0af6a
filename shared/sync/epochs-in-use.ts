/** Under which epochs two who may have changed keys apart look for each other, and offer to prove themselves. */
import type { EpochId } from '../base/ids.ts'
import { newestFirst } from '../membership/epoch-order.ts'
import type { Membership } from '../membership/state.ts'

/**
 * Of the epochs whose keys are held here the first so many: what new entries are sealed under, the other leaves, their parents, then
 * theirs.
 */
export function epochsInUse(membership: Membership, most: number): readonly EpochId[] {
  const held = new Set(membership.heldEpochs())
  const sealing = membership.sealingEpoch()
  const first = sealing === undefined ? [] : [sealing]
  const ordered = new Set([...first, ...newestFirst(membership.state().epochs)])
  return [...ordered].filter((epoch) => held.has(epoch)).slice(0, most)
}
