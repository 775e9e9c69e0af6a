/** Takes a group off this computer, with all its circles; for whoever is out of it. What others have stays with them. */
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import type { AppSession } from '../../shared/model/contexts.ts'
import type { Store } from '../store/store.ts'
import { isIn } from './join-group.ts'
import type { HeldGroup, OpenGroups } from './open-groups.ts'
import { noteRemoved } from './restored.ts'
import { sortGroups } from './stored-circles.ts'

type Problem = Extract<Awaited<ReturnType<AppSession['removeGroup']>>, { readonly ok: false }>['error']

interface Open {
  readonly groups: OpenGroups
  readonly store: Store
}

/**
 * What cannot be read, and groups that do not open, would be all that is left without the last one: the next start would take it for a
 * loss, and open nothing.
 */
async function leavesRiddles({ groups, store }: Open, { stored }: HeldGroup): Promise<boolean> {
  if (stored.notUnderstood.length + stored.unreadable > 0) return true
  return sortGroups(await store.listCircles(), 0).some(({ group }) => groups.of(group) === undefined)
}

/** Closed first, so that nothing is writing; then one transaction. Where that is refused the group is opened again, as it was. */
export async function removeGroup(
  open: Open,
  group: CircleId,
  log: (line: string) => void,
): Promise<Result<void, Problem>> {
  const { groups, store } = open
  const held = groups.of(group)
  if (held === undefined) return ok(undefined)
  if (isIn(held.group.context.circle.standing)) return fail('still-in-it')
  if (groups.all().length === 1 && (await leavesRiddles(open, held))) return fail('not-all-opens')
  await groups.close(group)
  try {
    // Asked again: circles may have come while the group was open.
    const stored = sortGroups(await store.listCircles(), 0).find((one) => one.group === group)
    const circles = [group, ...(stored?.circles ?? [])]
    await noteRemoved(store, circles)
    await store.removeCircles(circles)
    return ok(undefined)
  } catch (thrown) {
    log(`removing a group: ${describeThrown(thrown)}`)
    await groups.open(held.stored).catch((again: unknown) => log(describeThrown(again)))
    return fail('storage-failed', describeThrown(thrown))
  }
}
