/**
 * Versions of a paper: moments of it that somebody, or Teatray before a big change, has marked. They lie in the paper's own
 * document, so whoever can read the paper can read them, and nobody else.
 *
 * A version holds no words. It says which of the paper's letters were there (a Yjs snapshot); the letters themselves stay in the
 * document for good, each with who wrote it. Copied words would be new words of whoever keeps the version, and would reach
 * people who came in "from today on" and must not read what was written before.
 */
import type * as Y from 'yjs'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { Attribution } from '../../../../../shared/model/contexts.ts'
import { isEntry, isTime, type PlacedEntry, readEntries, shortText } from '../entries.ts'

export const ENTRIES = 'versions'
export const FORMAT = 1
/** The kind of the entries of agreement.ts. */
export const AGREED = 'agreed'
export const LONGEST_NAME = 100
export const LONGEST_NOTE = 1000

/** What it was kept for; all but the first by Teatray. 'other': by a later version of it. */
export type Why = 'kept' | 'restoring' | 'deleting' | 'other'

const WHY: readonly Why[] = ['kept', 'restoring', 'deleting']

export interface Version {
  /** Client and clock of the entry: 'client-clock'. */
  readonly id: string
  /** Undefined where no signed entry says. */
  readonly by: MemberId | undefined
  /** Milliseconds by the author's clock; for display only. */
  readonly at: number
  readonly why: Why
  /** Empty where Teatray kept it. */
  readonly name: string
  readonly note: string
  /** Of the whole document, as Y.encodeSnapshotV2 writes it; read by open.ts. */
  readonly snapshot: Uint8Array
}

export interface Versions {
  /** Newest first. */
  readonly list: readonly Version[]
  /** How many there are that this version of Teatray does not know how to read. */
  readonly unknown: number
  /** What all snapshots together take. */
  readonly bytes: number
}

function parseVersion({ id, by, value }: PlacedEntry): Version | undefined {
  if (!isEntry(value)) return undefined
  const { format, kind, at, why, name, note, snapshot } = value
  if (format !== FORMAT || kind !== 'version' || !isTime(at) || !(snapshot instanceof Uint8Array)) return undefined
  return {
    id,
    by,
    at,
    why: WHY.find((known) => known === why) ?? 'other',
    name: shortText(name, LONGEST_NAME),
    note: shortText(note, LONGEST_NOTE),
    snapshot,
  }
}

export function versionsOf(doc: Y.Doc, attribution: Pick<Attribution, 'insertedBy'>): Versions {
  const entries = readEntries(doc, ENTRIES, attribution)
  const list = entries.map(parseVersion).filter((version) => version !== undefined)
  const others = entries.filter(({ value }) => isEntry(value) && value['format'] === FORMAT && value['kind'] === AGREED)
  return {
    list: list.toSorted((a, b) => b.at - a.at || b.id.localeCompare(a.id)),
    unknown: entries.length - list.length - others.length,
    bytes: list.reduce((sum, { snapshot }) => sum + snapshot.length, 0),
  }
}
