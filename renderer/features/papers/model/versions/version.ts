/**
 * Versions of a paper: moments of it that somebody, or Teatray before a big change, has marked. They lie in the paper's own
 * document, so whoever can read the paper can read them, and nobody else.
 *
 * A version holds no words. It says which of the paper's letters were there (a Yjs snapshot); the letters themselves stay in the
 * document for good, each with who wrote it. Copied words would be new words of whoever keeps the version, and would reach
 * people who came in "from today on" and must not read what was written before.
 *
 * Entries are only ever added to one list, and each is known by its own place in its author's writing: nobody can replace
 * another's, or write one in another's name; two people who keep versions apart have both; and what a program takes out of the list
 * is read all the same.
 */
import * as Y from 'yjs'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { Attribution, Live } from '../../../../../shared/model/contexts.ts'

const ENTRIES = 'versions'
export const FORMAT = 1
/** The kind of the entries of agreement.ts. */
export const AGREED = 'agreed'
export const LONGEST_NAME = 100
export const LONGEST_NOTE = 1000
/** Beyond it, dates cannot be shown. */
const LATEST = 8.64e15

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

export type Entry = Readonly<Record<string, unknown>>

export interface PlacedEntry {
  readonly id: string
  readonly by: MemberId | undefined
  readonly value: unknown
}

export const entriesOf = (doc: Y.Doc): Y.Array<Entry> => doc.getArray(ENTRIES)

/** Every entry there ever was, each with who wrote it. */
export function readEntries(doc: Y.Doc, attribution: Pick<Attribution, 'insertedBy'>): readonly PlacedEntry[] {
  const found: PlacedEntry[] = []
  for (let item = entriesOf(doc)._start; item !== null; item = item.right) {
    const { client, clock } = item.id
    if (!(item.content instanceof Y.ContentAny)) continue
    const by = attribution.insertedBy(client)
    for (const [index, value] of item.content.arr.entries()) found.push({ id: `${client}-${clock + index}`, by, value })
  }
  return found
}

export const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= LATEST

export const shortText = (value: unknown, longest: number): string =>
  typeof value === 'string' ? value.slice(0, longest) : ''

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
  const entries = readEntries(doc, attribution)
  const list = entries.map(parseVersion).filter((version) => version !== undefined)
  const others = entries.filter(({ value }) => isEntry(value) && value['format'] === FORMAT && value['kind'] === AGREED)
  return {
    list: list.toSorted((a, b) => b.at - a.at || b.id.localeCompare(a.id)),
    unknown: entries.length - list.length - others.length,
    bytes: list.reduce((sum, { snapshot }) => sum + snapshot.length, 0),
  }
}

/** What `read` finds among the entries, changing with them. */
export function liveEntries<Read>(doc: Y.Doc, read: () => Read): Live<Read> {
  let value = read()
  return {
    get: () => value,
    subscribe(onChange) {
      const readAgain = (): void => {
        value = read()
        onChange()
      }
      const entries = entriesOf(doc)
      entries.observe(readAgain)
      return () => entries.unobserve(readAgain)
    },
  }
}
