import type { CircleContext } from '../../../../shared/model/contexts.ts'
import type { ReadingScope } from '../../../ui/index.ts'
import { useLive } from '../../../ui/index.ts'

export { baseOf, homeOf } from '../model/paths.ts'

export function useCircle(circle: CircleContext) {
  const name = useLive(circle.name)
  const people = useLive(circle.people)
  const standing = useLive(circle.standing)
  const mayManage = useLive(circle.manage.mayManage)
  const withoutMe = standing.state === 'left' || standing.state === 'removed'
  const readers = people.filter((one) => !withoutMe || !one.isMe).length
  const scope: ReadingScope = { kind: circle.scope, name, people: readers, withoutMe }
  return { name, people, standing, mayManage, scope, isMember: standing.state === 'member' }
}
