/** Where the texts come from: what the features have in the group, in each of its circles, and on this computer. */
import type * as Y from 'yjs'
import type { CircleContext, GroupContext, VaultContext } from '../../../../shared/model/contexts.ts'
import type { Feature, Landmark } from '../../../../shared/model/feature.ts'
import type { Source } from './finder.ts'

export type SearchedGroup = Pick<GroupContext, 'circle' | 'circles'>

export interface Searched {
  readonly features: readonly Feature<unknown>[]
  /** Undefined: there is no group yet. */
  readonly group: SearchedGroup | undefined
  /** This person's other groups on this computer, as they are now. */
  readonly others?: (() => readonly SearchedGroup[]) | undefined
  readonly vault: VaultContext
}

/** Whose texts they are; 'computer': nobody else's. */
export type Whose = CircleContext | 'computer'

const groupsOf = ({ group, others = () => [] }: Searched): readonly SearchedGroup[] =>
  group === undefined ? [] : [group, ...others()]

const circlesOf = ({ circle, circles }: SearchedGroup): readonly CircleContext[] => [circle, ...circles.get()]

/** Which of the other groups it is in; undefined: in the one on the screen, or in none. */
export const groupElsewhere = ({ others = () => [] }: Searched, whose: Whose): SearchedGroup | undefined =>
  others().find((group) => circlesOf(group).some((circle) => circle === whose))

export function sourcesOf(searched: Searched): readonly Source<Whose>[] {
  const { features, vault } = searched
  const ofCircles = groupsOf(searched).flatMap((group) =>
    circlesOf(group).map((circle): Source<Whose> => ({
      id: circle.id,
      place: circle,
      list: () =>
        features.flatMap((feature) => (feature.scope === 'circle' ? (feature.texts?.(group, circle) ?? []) : [])),
    })),
  )
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
  const { vault } = searched
  const groups = groupsOf(searched)
  let stops: readonly (() => void)[] = []
  const listen = (): void => {
    for (const stop of stops) stop()
    const documents: readonly Y.Doc[] = [vault.records, ...groups.flatMap(circlesOf).map(({ records }) => records)]
    stops = documents.map((records) => {
      records.on('update', onChange)
      return () => records.off('update', onChange)
    })
  }
  const stopCircles = groups.map(({ circles }) =>
    circles.subscribe(() => {
      listen()
      onChange()
    }),
  )
  listen()
  return () => {
    for (const stop of stopCircles) stop()
    for (const stop of stops) stop()
  }
}
