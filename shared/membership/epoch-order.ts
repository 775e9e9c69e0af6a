import type { EpochId } from '../base/ids.ts'
import type { EpochState } from './state.ts'

type Epochs = ReadonlyMap<EpochId, EpochState>

/** Those that are no other's parent; the clean ones first, then by id. */
export function leavesOf(epochs: Epochs): readonly EpochId[] {
  const inner = new Set([...epochs.values()].flatMap(({ parents }) => parents))
  const leaves = [...epochs.keys()].filter((epoch) => !inner.has(epoch)).toSorted()
  const isClean = (epoch: EpochId): boolean => epochs.get(epoch)?.clean === true
  return [...leaves.filter(isClean), ...leaves.filter((epoch) => !isClean(epoch))]
}

/** The leaves, then their parents, and so on: what is left out for want of room is the oldest. */
export function newestFirst(epochs: Epochs): readonly EpochId[] {
  const found = new Set(leavesOf(epochs))
  // A set hands out what is added while it is gone through.
  for (const epoch of found) for (const parent of epochs.get(epoch)?.parents ?? []) found.add(parent)
  return [...found]
}
