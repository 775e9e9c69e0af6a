/**
 * "Agreed on ... by ...": entries beside the versions, each about one version, which cannot change any more. An entry has no field for
 * who agrees: it is whoever signed it, so nobody can agree in another's name. Who was there by telephone is a name that somebody wrote
 * down, and is shown as that.
 */
import type * as Y from 'yjs'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { Attribution } from '../../../../../shared/model/contexts.ts'
import { type Day, isDay } from './day.ts'
import { addEntry, isEntry, isTime, type PlacedEntry, readEntries, shortText } from '../entries.ts'
import { AGREED, ENTRIES, FORMAT, LONGEST_NAME } from './version.ts'

const MOST_NAMES = 50

interface Statement {
  readonly version: string
  readonly by: MemberId | undefined
  readonly at: number
  readonly day: Day
  /** They say of themselves that they were there and agree. */
  readonly agrees: boolean
  readonly others: readonly string[]
}

export interface Recorded {
  readonly name: string
  readonly by: MemberId
}

export interface Agreement {
  readonly version: string
  /** As the first to write it down said. */
  readonly day: Day
  /** Milliseconds; when it was first written down. */
  readonly at: number
  /** In the order in which they agreed. */
  readonly members: readonly MemberId[]
  readonly recorded: readonly Recorded[]
  /** Statements that nobody known has signed: they do not count. */
  readonly uncounted: number
}

function parseStatement({ by, value }: PlacedEntry): Statement | undefined {
  if (!isEntry(value) || value['format'] !== FORMAT || value['kind'] !== AGREED) return undefined
  const { version, at, day, agrees, others } = value
  if (typeof version !== 'string' || !isTime(at) || !isDay(day)) return undefined
  const names = (Array.isArray(others) ? others : []).map((name: unknown) => shortText(name, LONGEST_NAME))
  return {
    version,
    by,
    at,
    day,
    agrees: agrees === true,
    others: names.filter((name) => name !== '').slice(0, MOST_NAMES),
  }
}

function agreementOf(version: string, statements: readonly Statement[]): Agreement | undefined {
  const signed = statements.flatMap((one) => (one.by === undefined ? [] : [{ ...one, by: one.by }]))
  const [first] = signed
  if (first === undefined) return undefined
  const members = new Set(signed.filter(({ agrees }) => agrees).map(({ by }) => by))
  const recorded = new Map(
    signed.flatMap(({ by, others }) => others.map((name) => [`${by} ${name}`, { name, by }] as const)),
  )
  return {
    version,
    day: first.day,
    at: first.at,
    members: [...members],
    recorded: [...recorded.values()],
    uncounted: statements.length - signed.length,
  }
}

/** The last agreed on first. */
export function agreementsOf(doc: Y.Doc, attribution: Pick<Attribution, 'insertedBy'>): readonly Agreement[] {
  const statements = readEntries(doc, ENTRIES, attribution)
    .map(parseStatement)
    .filter((one) => one !== undefined)
    .toSorted((a, b) => a.at - b.at)
  return [...new Set(statements.map(({ version }) => version))]
    .map((version) =>
      agreementOf(
        version,
        statements.filter((one) => one.version === version),
      ),
    )
    .filter((one) => one !== undefined)
    .toSorted((a, b) => b.day.localeCompare(a.day) || b.at - a.at || b.version.localeCompare(a.version))
}

export interface Agreeing {
  readonly version: string
  readonly at: number
  readonly day: Day
  readonly agrees: boolean
  readonly others: readonly string[]
}

/** In the name of whoever writes in this document, and in no other. */
export function agree(doc: Y.Doc, { version, at, day, agrees, others }: Agreeing): void {
  addEntry(doc, ENTRIES, { format: FORMAT, kind: AGREED, version, at, day, agrees, others: [...others] })
}

/** One name a line, as people type it. */
export const namesFrom = (typed: string): readonly string[] =>
  typed
    .split('\n')
    .map((name) => name.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_NAME))
    .filter((name) => name !== '')
    .slice(0, MOST_NAMES)
