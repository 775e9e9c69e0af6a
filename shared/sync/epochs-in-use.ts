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
