import type { GroupContext } from '../../../../shared/model/contexts.ts'
import type { Landmark } from '../../../../shared/model/feature.ts'
import { baseOf, homeOf } from './paths.ts'

/** Everybody in the group, and its circles. */
export const landmarksOf = ({ circle, circles }: Pick<GroupContext, 'circle' | 'circles'>): readonly Landmark[] => [
  ...circle.people
    .get()
    .map(({ id, name }): Landmark => ({ kind: 'person', name, path: `${baseOf(circle)}/person/${id}` })),
  ...circles.get().map((one): Landmark => ({ kind: 'circle', name: one.name.get(), path: homeOf(one) })),
]
