/** Which of the circles stored here are groups, and which are whose circles. */
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

/** One for each group. What cannot be understood or read may belong to any of them, so each is told of it. */
export function sortGroups(rows: readonly StoredCircle[], unreadable: number): readonly StoredCircles[] {
  const notes = rows.map(({ circle, bytes }) => ({ circle, note: decodeCircleNote(bytes) }))
  const idsOf = (wanted: (one: (typeof notes)[number]) => boolean): readonly CircleId[] =>
    notes.filter(wanted).map(({ circle }) => circle)
  const notUnderstood = idsOf(({ note }) => !note.ok)
  return idsOf(({ note }) => note.ok && note.value.kind === 'group').map((group) => ({
    group,
    circles: idsOf(({ note }) => note.ok && note.value.kind === 'circle' && note.value.group === group),
    notUnderstood,
    unreadable,
  }))
}
