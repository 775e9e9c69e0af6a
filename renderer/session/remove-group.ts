/** Takes a group off this computer, with all its circles; for whoever is out of it. What others have stays with them. */
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import type { AppSession } from '../../shared/model/contexts.ts'
import type { Store } from '../store/store.ts'
import { isIn } from './join-group.ts'
import type { OpenGroups } from './open-groups.ts'
import { sortGroups } from './stored-circles.ts'

type Problem = Extract<Awaited<ReturnType<AppSession['removeGroup']>>, { readonly ok: false }>['error']

/** Closed first, so that nothing is writing; then one transaction. Where that is refused the group is opened again, as it was. */
export async function removeGroup(
  open: { readonly groups: OpenGroups; readonly store: Store },
  group: CircleId,
  log: (line: string) => void,
): Promise<Result<void, Problem>> {
  const { groups, store } = open
  const held = groups.of(group)
  if (held === undefined) return ok(undefined)
  if (isIn(held.group.context.circle.standing)) return fail('still-in-it')
  const { notUnderstood, unreadable } = held.stored
  // Rows that nobody can read would be all that is left, and the next start would take them for a group that was lost.
  const isLast = groups.all().length === 1
  if (isLast && notUnderstood.length + unreadable > 0) return fail('not-all-opens')
  await groups.close(group)
  try {
    // Asked again: circles may have come while the group was open.
    const stored = sortGroups(await store.listCircles(), unreadable).find((one) => one.group === group)
    await store.removeCircles([group, ...(stored?.circles ?? [])])
    return ok(undefined)
  } catch (thrown) {
    log(`removing a group: ${describeThrown(thrown)}`)
    await groups.open(held.stored).catch((again: unknown) => log(describeThrown(again)))
    return fail('storage-failed', describeThrown(thrown))
  }
}
