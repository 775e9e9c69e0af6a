/**
 * This computer becomes another one of a person who is in a group already. The identity made at set-up has never been anywhere, and
 * is replaced: first the circles' records, which nothing refers to yet, then in one transaction the identity and the circles'
 * rows. Cut off before that, this computer is as it was; after it, it is the new one. Where it is that person's already, in other
 * groups, the identity stays and one group more is stored in the same way.
 */
import type { CircleId, DeviceId } from '../../shared/base/ids.ts'
import type { DeviceSecrets } from '../../shared/membership/state.ts'
import type { StoredRecord } from '../../shared/sync/store.ts'
import type { Store } from '../store/store.ts'
import { encodeCircleNote } from './circle-note.ts'
import { decodeMe, encodeMe } from './me.ts'
import { sortGroups, type StoredCircles } from './stored-circles.ts'

export interface BecomeComputer {
  readonly name: string
  readonly secrets: DeviceSecrets
  /** The group first. */
  readonly circles: readonly { readonly circle: CircleId; readonly records: readonly StoredRecord[] }[]
}

async function deviceIn(store: Store): Promise<DeviceId | undefined> {
  const stored = await store.identity()
  const me = stored.ok && stored.value !== undefined ? decodeMe(stored.value) : undefined
  return me?.ok === true ? me.value.secrets.device : undefined
}

/** Throws where nothing could be stored, or where this computer is somebody's in a group already. */
export async function becomeComputer(store: Store, received: BecomeComputer): Promise<StoredCircles> {
  const [group, ...circles] = received.circles.map(({ circle }) => circle)
  if (group === undefined) throw new Error('nothing was received')
  const rows = await store.listCircles()
  // Of one that does not open nothing is known but that it is another identity's.
  if ((await store.countCircles()) > 0 && (await deviceIn(store)) !== received.secrets.device)
    throw new Error('there is a group here already')
  const ids = new Set(rows.map(({ circle }) => circle))
  // Whether or not it opens, nothing that arrives takes its place.
  if (received.circles.some(({ circle }) => ids.has(circle))) throw new Error('this group is here already')
  for (const { circle, records } of received.circles) await store.circle(circle).putRecords(records)
  await store.putIdentity(encodeMe(received), [
    { circle: group, bytes: encodeCircleNote({ kind: 'group' }) },
    ...circles.map((circle) => ({ circle, bytes: encodeCircleNote({ kind: 'circle', group }) })),
  ])
  return { group, circles, notUnderstood: sortGroups(rows, 0)[0]?.notUnderstood ?? [], unreadable: 0 }
}
