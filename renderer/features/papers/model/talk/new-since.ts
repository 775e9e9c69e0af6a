/** How much others have said since a moment. */
import type * as Y from 'yjs'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { Act, Talk } from './talk.ts'

function isNew({ sv }: Y.Snapshot, { id }: Act): boolean {
  const [client = '', clock = ''] = id.split('-')
  return Number(clock) >= (sv.get(Number(client)) ?? 0)
}

/** By person; whoever said nothing is not in it. */
export function saidSince(
  { comments, proposed }: Talk,
  since: Y.Snapshot,
  me: MemberId,
): readonly { readonly by: MemberId | undefined; readonly count: number }[] {
  const counts = new Map<MemberId | undefined, number>()
  const all = [...comments, ...proposed]
  for (const said of all.flatMap((one) => [one, ...one.replies]))
    if (said.by !== me && !said.isTakenBack && isNew(since, said)) counts.set(said.by, (counts.get(said.by) ?? 0) + 1)
  return [...counts].map(([by, count]) => ({ by, count }))
}
