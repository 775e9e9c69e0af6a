/** Which of the circles stored here is the group, and which are its circles. */
import type { CircleId } from '../../shared/base/ids.ts'
import type { StoredCircle } from '../store/store.ts'
import { decodeCircleNote } from './circle-note.ts'

export interface StoredCircles {
  readonly group: CircleId
  readonly circles: readonly CircleId[]
  /** What is said of them was written by a newer version, or is damaged. */
  readonly notUnderstood: readonly CircleId[]
  /** Rows that do not open at all. */
  readonly unreadable: number
}

/** Undefined where no row is a group's. */
export function sortCircles(rows: readonly StoredCircle[], unreadable: number): StoredCircles | undefined {
  const notes = rows.map(({ circle, bytes }) => ({ circle, note: decodeCircleNote(bytes) }))
  const idsOf = (wanted: (one: (typeof notes)[number]) => boolean): readonly CircleId[] =>
    notes.filter(wanted).map(({ circle }) => circle)
  const [group] = idsOf(({ note }) => note.ok && note.value.kind === 'group')
  if (group === undefined) return undefined
  return {
    group,
    circles: idsOf(({ note }) => note.ok && note.value.kind === 'circle' && note.value.group === group),
    notUnderstood: idsOf(({ note }) => !note.ok),
    unreadable,
  }
}
