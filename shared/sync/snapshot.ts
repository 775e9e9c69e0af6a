/** A document as of some heads, for a fast opening. Kept by this computer alone; the log stays the truth. */
import type { Result } from '../base/errors.ts'
import type { Bytes } from '../base/bytes.ts'
import { createWriter, decodeAll, refuse, type DecodeProblem } from '../wire/codec.ts'
import { readPlace, writePlace, type Place } from '../wire/entry.ts'
import { readDeletions, type Deletions } from './deletions.ts'

const SNAPSHOT_VERSION = 1
const MAX_LOGS = 100_000
const MAX_STATE = 1024 * 1024 * 1024

export interface Snapshot {
  /** Every entry of the document up to these is in `state`. */
  readonly covered: readonly Place[]
  readonly deletions: Deletions
  /** Yjs update, format V2; what waits for missing parts is in it. */
  readonly state: Bytes
}

export interface SnapshotSource {
  readonly covered: readonly Place[]
  readonly deletions: Deletions
  readonly state: Uint8Array
}

export function encodeSnapshot({ covered, deletions, state }: SnapshotSource): Bytes {
  const writer = createWriter().byte(SNAPSHOT_VERSION).list(covered, writePlace)
  deletions.write(writer)
  return writer.bytes(state).done()
}

export const decodeSnapshot = (bytes: Uint8Array): Result<Snapshot, DecodeProblem> =>
  decodeAll(bytes, (reader) => {
    if (reader.byte() !== SNAPSHOT_VERSION) refuse('other-version', 'snapshot version')
    return {
      covered: reader.list(MAX_LOGS, readPlace),
      deletions: readDeletions(reader),
      state: reader.bytes(MAX_STATE),
    }
  })
