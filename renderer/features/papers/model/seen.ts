/**
 * Marks of what a person has seen of a paper: kept on this computer only, as one small value per paper. The last few marks are
 * kept, so that pressing "I have seen this" too soon, or leaving without reading, hides nothing for good.
 */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import type { Bytes } from '../../../../shared/base/bytes.ts'
import type { DocumentId, MemberId } from '../../../../shared/base/ids.ts'

export interface Mark {
  readonly at: number
  readonly snapshot: Y.Snapshot
}

export interface SeenPaper {
  /** Newest first; at least one. */
  readonly marks: readonly Mark[]
  /** Each member's last change (the record's own value) that was known at the newest mark. */
  readonly changed: ReadonlyMap<MemberId, number>
}

const FORMAT = 1
const MARKS_KEPT = 5
const LIMIT = 1000

export const seenKey = (id: DocumentId): string => `paper-seen/${id}`

export function encodeSeen(seen: SeenPaper): Bytes {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, FORMAT)
  encoding.writeVarUint(encoder, seen.marks.length)
  for (const { at, snapshot } of seen.marks) {
    encoding.writeVarUint(encoder, at)
    encoding.writeVarUint8Array(encoder, Y.encodeSnapshotV2(snapshot))
  }
  encoding.writeVarUint(encoder, seen.changed.size)
  for (const [member, at] of seen.changed) {
    encoding.writeVarString(encoder, member)
    encoding.writeFloat64(encoder, at)
  }
  return encoding.toUint8Array(encoder)
}

/** Undefined where the bytes are not a mark this version knows: then everything counts as new, and nothing is hidden. */
export function decodeSeen(bytes: Uint8Array): SeenPaper | undefined {
  try {
    const decoder = decoding.createDecoder(bytes)
    if (decoding.readVarUint(decoder) !== FORMAT) return undefined
    const count = Math.min(decoding.readVarUint(decoder), LIMIT)
    const marks: Mark[] = []
    for (let index = 0; index < count; index++) {
      const at = decoding.readVarUint(decoder)
      marks.push({ at, snapshot: Y.decodeSnapshotV2(decoding.readVarUint8Array(decoder)) })
    }
    const changed = new Map<MemberId, number>()
    const members = Math.min(decoding.readVarUint(decoder), LIMIT)
    for (let index = 0; index < members; index++) {
      const member = decoding.readVarString(decoder) as MemberId
      changed.set(member, decoding.readFloat64(decoder))
    }
    return marks.length === 0 ? undefined : { marks, changed }
  } catch {
    // lib0 throws on truncated or garbled bytes; the answer to all of them is the same.
    return undefined
  }
}

/** The new mark goes in front; one that says the same as the last only moves its time. */
export function addMark(seen: SeenPaper | undefined, mark: Mark, changed: ReadonlyMap<MemberId, number>): SeenPaper {
  const [last, ...earlier] = seen?.marks ?? []
  const kept = last === undefined ? [] : Y.equalSnapshots(last.snapshot, mark.snapshot) ? earlier : [last, ...earlier]
  return { marks: [mark, ...kept].slice(0, MARKS_KEPT), changed }
}
