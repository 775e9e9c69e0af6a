import type { CircleContext } from '../../../../shared/model/contexts.ts'
import { useLive, WhoCanRead } from '../../../ui/index.ts'
import type { Whose } from '../model/sources.ts'

/** Who can read it: a result may be read aloud, or shown to somebody who looks on. */
export const WhoseText = ({ whose }: { readonly whose: Whose }) =>
  whose === 'computer' ? <WhoCanRead scope={{ kind: 'computer' }} /> : <CircleText circle={whose} />

function CircleText({ circle }: { readonly circle: CircleContext }) {
  const name = useLive(circle.name)
  const people = useLive(circle.people)
  const { state } = useLive(circle.standing)
  const withoutMe = state === 'left' || state === 'removed'
  const readers = people.filter(({ isMe }) => !withoutMe || !isMe).length
  return <WhoCanRead scope={{ kind: circle.scope, name, people: readers, withoutMe }} />
}
