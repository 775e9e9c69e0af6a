/** Where the texts come from: what the features have in the group, in each of its circles, and on this computer. */
import type * as Y from 'yjs'
import type { CircleContext, GroupContext, VaultContext } from '../../../../shared/model/contexts.ts'
import type { Feature, Landmark } from '../../../../shared/model/feature.ts'
import type { Source } from './finder.ts'

export interface Searched {
  readonly features: readonly Feature<unknown>[]
  /** Undefined: there is no group yet. */
  readonly group: Pick<GroupContext, 'circle' | 'circles'> | undefined
  readonly vault: VaultContext
}

/** Whose texts they are; 'computer': nobody else's. */
export type Whose = CircleContext | 'computer'

const circlesOf = ({ group }: Searched): readonly CircleContext[] =>
  group === undefined ? [] : [group.circle, ...group.circles.get()]

export function sourcesOf(searched: Searched): readonly Source<Whose>[] {
  const { features, group, vault } = searched
  const ofCircles = circlesOf(searched).map((circle): Source<Whose> => ({
    id: circle.id,
    place: circle,
    list: () =>
      features.flatMap((feature) =>
        feature.scope === 'circle' && group !== undefined ? (feature.texts?.(group, circle) ?? []) : [],
      ),
  }))
  const ofComputer: Source<Whose> = {
    id: 'computer',
    place: 'computer',
    list: () => features.flatMap((feature) => (feature.scope === 'device' ? (feature.texts?.(vault) ?? []) : [])),
  }
  return [...ofCircles, ofComputer]
}

export const landmarksOf = ({ features, group }: Searched): readonly Landmark[] =>
  group === undefined
    ? []
    : features.flatMap((feature) => (feature.scope === 'circle' ? (feature.landmarks?.(group) ?? []) : []))

/** Calls back after any change of what is listed. Words that are typed are not listed. */
export function onListed(searched: Searched, onChange: () => void): () => void {
  const { group, vault } = searched
  let stops: readonly (() => void)[] = []
  const listen = (): void => {
    for (const stop of stops) stop()
    const documents: readonly Y.Doc[] = [vault.records, ...circlesOf(searched).map(({ records }) => records)]
    stops = documents.map((records) => {
      records.on('update', onChange)
      return () => records.off('update', onChange)
    })
  }
  const stopCircles = group?.circles.subscribe(() => {
    listen()
    onChange()
  })
  listen()
  return () => {
    stopCircles?.()
    for (const stop of stops) stop()
  }
}
