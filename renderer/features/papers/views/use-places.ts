import { useMemo, useSyncExternalStore } from 'react'
import type * as Y from 'yjs'
import type { GroupContext } from '../../../../shared/model/contexts.ts'
import { useLive } from '../../../ui/index.ts'
import type { Paper } from '../model/paper.ts'
import { heldPapers, type HeldPaper, type Place, placesOf } from '../model/places.ts'

export const usePlaces = (group: GroupContext): readonly Place[] => useLive(useMemo(() => placesOf(group), [group]))

/** `read` must be the same function as long as the same papers are meant. */
export function useHeldPapers(
  places: readonly Place[],
  read: (records: Y.Doc) => readonly Paper[],
): readonly HeldPaper[] {
  const held = useMemo(() => heldPapers(places, read), [places, read])
  return useSyncExternalStore(held.subscribe, held.get)
}
