/** What the store's row of a circle says beside its id: whether it is the group itself, or a circle of which group. */
import type { Bytes } from '../../shared/base/bytes.ts'
import { ok, type Result } from '../../shared/base/errors.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import { createWriter, decodeAll, refuse, type DecodeProblem } from '../../shared/wire/codec.ts'

const VERSION = 1
const GROUP = 0
const CIRCLE = 1

export type CircleNote = { readonly kind: 'group' } | { readonly kind: 'circle'; readonly group: CircleId }

export function encodeCircleNote(note: CircleNote): Bytes {
  const writer = createWriter().byte(VERSION)
  return note.kind === 'group' ? writer.byte(GROUP).done() : writer.byte(CIRCLE).id(note.group).done()
}

/** Rows from before there were circles hold nothing: they are the group's. */
export const decodeCircleNote = (bytes: Uint8Array): Result<CircleNote, DecodeProblem> =>
  bytes.length === 0
    ? ok({ kind: 'group' })
    : decodeAll(bytes, (reader): CircleNote => {
        if (reader.byte() !== VERSION) refuse('other-version', 'circle note')
        const kind = reader.byte()
        if (kind === GROUP) return { kind: 'group' }
        return kind === CIRCLE ? { kind: 'circle', group: reader.id<CircleId>() } : refuse('malformed', 'circle kind')
      })
