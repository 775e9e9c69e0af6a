/** Under which epochs two who may have changed keys apart look for each other, and offer to prove themselves. */
import type { EpochId } from '../base/ids.ts'
import { newestFirst } from '../membership/epoch-order.ts'
import type { Membership } from '../membership/state.ts'

/**
 * Of the epochs whose keys are held here the first so many: what new entries are sealed under, the other leaves, their parents, then
 * theirs. Those that were made by others than organisers are at most half of them, as long as there are more: or one member who gave
 * keys of its own making to everybody alone, to each others, could keep them all from ever finding each other again.
 */
export function epochsInUse(membership: Membership, most: number): readonly EpochId[] {
  const held = new Set(membership.heldEpochs())
  const { epochs, members } = membership.state()
  const sealing = membership.sealingEpoch()
  const first = sealing === undefined ? [] : [sealing]
  const ordered = [...new Set([...first, ...newestFirst(epochs)])].filter((epoch) => held.has(epoch))
  const isByOrganiser = (epoch: EpochId): boolean => {
    const by = epochs.get(epoch)?.by
    return by !== undefined && members.get(by)?.role === 'organiser'
  }
  const others = ordered.filter((epoch) => !isByOrganiser(epoch))
  const last = new Set(others.slice(Math.floor(most / 2)))
  const chosen = new Set([...ordered.filter((epoch) => !last.has(epoch)), ...last].slice(0, most))
  return ordered.filter((epoch) => chosen.has(epoch))
}

/**
 * Whose rooms to be in: what is in use now and what came just before it; then where others were when we last matched, however many
 * changes of keys ago that was, at most half of the rooms; then what came before.
 */
export function epochsOfRooms(
  membership: Membership,
  lastShared: readonly EpochId[],
  most: number,
): readonly EpochId[] {
  const inUse = epochsInUse(membership, most)
  const { epochs } = membership.state()
  const inner = new Set([...epochs.values()].flatMap(({ parents }) => parents))
  const leaves = inUse.filter((epoch) => !inner.has(epoch))
  const parents = new Set(leaves.flatMap((leaf) => epochs.get(leaf)?.parents ?? []))
  const near = inUse.filter((epoch) => leaves.includes(epoch) || parents.has(epoch))
  const remembered = lastShared.filter((epoch) => !near.includes(epoch) && membership.epochKey(epoch) !== undefined)
  const chosen = new Set([...near, ...remembered.slice(0, Math.floor(most / 2)), ...inUse])
  return [...chosen].slice(0, most)
}
