import type { CircleContext } from '../../../../shared/model/contexts.ts'

/** Where the screens of a circle, or of the group, begin. */
export const baseOf = ({ scope, id }: Pick<CircleContext, 'scope' | 'id'>): string =>
  scope === 'group' ? '/people/group' : `/people/circle/${id}`

/** Its own page: the group's is the start of People. */
export const homeOf = (circle: Pick<CircleContext, 'scope' | 'id'>): string =>
  circle.scope === 'group' ? '/people' : baseOf(circle)
