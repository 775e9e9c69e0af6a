/** Under which epochs two who may have changed keys apart look for each other, and offer to prove themselves. */
import type { EpochId } from '../base/ids.ts'
import type { CircleState, Membership } from '../membership/state.ts'

/** The current epoch, the other leaves, then their parents, then theirs, each generation in the order of the ids. */
export function byGeneration({ epochs, currentEpoch }: Pick<CircleState, 'epochs' | 'currentEpoch'>): EpochId[] {
  const inner = new Set([...epochs.values()].flatMap(({ parents }) => parents))
  const leaves = [...epochs.keys()].filter((epoch) => !inner.has(epoch)).toSorted()
  const ordered = new Set([currentEpoch])
  let generation = leaves
  while (generation.length > 0) {
    const parents = new Set(generation.flatMap((epoch) => epochs.get(epoch)?.parents ?? []))
    for (const epoch of generation) ordered.add(epoch)
    generation = [...parents].filter((epoch) => !ordered.has(epoch)).toSorted()
  }
  return [...ordered]
}

/** The first so many whose keys are held here; what new entries are sealed under comes first of all. */
export function epochsInUse(membership: Membership, most: number): readonly EpochId[] {
  const held = new Set(membership.heldEpochs())
  const sealing = membership.sealingEpoch()
  const first = sealing === undefined ? [] : [sealing]
  return [...new Set([...first, ...byGeneration(membership.state())])].filter((epoch) => held.has(epoch)).slice(0, most)
}
