/** A circle's records, then the row that makes this computer open it: cut off between the two, the next start makes it from them. */
import type { CircleId } from '../../shared/base/ids.ts'
import type { StoredRecord } from '../../shared/sync/store.ts'
import type { Store } from '../store/store.ts'
import { encodeCircleNote, type CircleNote } from './circle-note.ts'

export async function storeCircle(
  store: Store,
  circle: CircleId,
  note: CircleNote,
  records: readonly StoredRecord[],
): Promise<void> {
  await store.circle(circle).putRecords(records)
  await store.putCircle({ circle, bytes: encodeCircleNote(note) })
}
