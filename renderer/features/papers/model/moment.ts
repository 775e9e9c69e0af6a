/** A moment of a paper, as a Yjs snapshot says it: which of its letters were there. */
import * as Y from 'yjs'

/** Undefined where the bytes are no moment of this document, or not all of it is here. */
export function readMoment(doc: Y.Doc, bytes: Uint8Array): Y.Snapshot | undefined {
  try {
    const then = Y.decodeSnapshotV2(bytes)
    return [...then.sv].every(([client, clock]) => clock <= Y.getState(doc.store, client)) ? then : undefined
  } catch {
    // lib0 throws on truncated or garbled bytes; the answer to all of them is the same.
    return undefined
  }
}

export const wasThere = ({ sv, ds }: Y.Snapshot, client: number, clock: number): boolean =>
  clock < (sv.get(client) ?? 0) && !Y.isDeleted(ds, Y.createID(client, clock))
