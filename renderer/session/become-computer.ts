/**
 * This computer becomes another one of a person who is in a group already. The identity made at set-up has never been anywhere, and
 * is replaced: first the circles' records, which nothing refers to yet, then in one transaction the identity and the circles'
 * rows. Cut off before that, this computer is as it was; after it, it is the new one.
 */
import type { CircleId } from '../../shared/base/ids.ts'
import type { DeviceSecrets } from '../../shared/membership/state.ts'
import type { StoredRecord } from '../../shared/sync/store.ts'
import type { Store } from '../store/store.ts'
import { encodeCircleNote } from './circle-note.ts'
import { encodeMe } from './me.ts'
import type { StoredCircles } from './stored-circles.ts'

export interface BecomeComputer {
  readonly name: string
  readonly secrets: DeviceSecrets
  /** The group first. */
  readonly circles: readonly { readonly circle: CircleId; readonly records: readonly StoredRecord[] }[]
}

/** Throws where nothing could be stored, or where this computer is somebody's in a group already. */
export async function becomeComputer(store: Store, received: BecomeComputer): Promise<StoredCircles> {
  const [group, ...circles] = received.circles.map(({ circle }) => circle)
  if (group === undefined) throw new Error('nothing was received')
  if ((await store.listCircles()).length > 0) throw new Error('there is a group here already')
  for (const { circle, records } of received.circles) await store.circle(circle).putRecords(records)
  await store.putIdentity(encodeMe(received), [
    { circle: group, bytes: encodeCircleNote({ kind: 'group' }) },
    ...circles.map((circle) => ({ circle, bytes: encodeCircleNote({ kind: 'circle', group }) })),
  ])
  return { group, circles, notUnderstood: [], unreadable: 0 }
}
