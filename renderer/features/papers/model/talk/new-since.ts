/** How much others have said since a moment. */
import type * as Y from 'yjs'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { Said, Talk } from './talk.ts'

function isNew({ sv }: Y.Snapshot, { id }: Said): boolean {
  const [client = '', clock = ''] = id.split('-')
  return Number(clock) >= (sv.get(Number(client)) ?? 0)
}

/** By person; whoever said nothing is not in it. */
export function saidSince(
  { comments }: Talk,
  since: Y.Snapshot,
  me: MemberId,
): readonly { readonly by: MemberId | undefined; readonly count: number }[] {
  const counts = new Map<MemberId | undefined, number>()
  for (const said of comments.flatMap((comment): readonly Said[] => [comment, ...comment.replies]))
    if (said.by !== me && !said.isTakenBack && isNew(since, said)) counts.set(said.by, (counts.get(said.by) ?? 0) + 1)
  return [...counts].map(([by, count]) => ({ by, count }))
}
