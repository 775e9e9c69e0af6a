/** Adds a version to a paper: the moment as it is now, or one that is just over. */
import * as Y from 'yjs'
import { fail, ok, type Result } from '../../../../../shared/base/errors.ts'
import { addEntry, type Entry, NOBODY } from '../entries.ts'
import { ENTRIES, FORMAT, LONGEST_NAME, LONGEST_NOTE, versionsOf, type Why } from './version.ts'

/** More are not kept, and whoever wants to is told. Those that come from others on top of it are shown like any. */
export const MOST_VERSIONS = 200
/** Of Teatray's own doing before a big deletion, so that they leave room for those that people keep. */
export const MOST_BY_ITSELF = 100
export const MOST_BYTES = 5 * 1024 * 1024

export interface Kept {
  readonly why: Exclude<Why, 'other'>
  readonly at: number
  readonly name?: string
  readonly note?: string
  /** Undefined: the paper as it is now. */
  readonly snapshot?: Y.Snapshot
}

export const tidyName = (typed: string): string => typed.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_NAME)

/** Whether there is room for one more. Nothing is ever taken out to make some. */
export function roomFor(doc: Y.Doc, why: Why, size = 0): boolean {
  const { list, bytes } = versionsOf(doc, NOBODY)
  const byItself = list.filter((version) => version.why !== 'kept').length
  return list.length < MOST_VERSIONS && bytes + size <= MOST_BYTES && (why !== 'deleting' || byItself < MOST_BY_ITSELF)
}

/** The id of the version. 'full': nothing was written. */
export function keepVersion(doc: Y.Doc, kept: Kept): Result<string, 'full'> {
  const snapshot = Y.encodeSnapshotV2(kept.snapshot ?? Y.snapshot(doc))
  if (!roomFor(doc, kept.why, snapshot.length)) return fail('full')
  const { why, at, name = '', note = '' } = kept
  const entry: Entry = {
    format: FORMAT,
    kind: 'version',
    why,
    at,
    name: tidyName(name),
    note: note.trim().slice(0, LONGEST_NOTE),
    snapshot,
  }
  return ok(addEntry(doc, ENTRIES, entry))
}
