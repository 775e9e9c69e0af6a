/**
 * Lists in a paper's own document, beside its words: whoever can read the paper can read them, and nobody else.
 *
 * Entries are only ever added, and each is known by its own place in its author's writing: nobody can replace another's, or write one
 * in another's name; two people who add some apart have both; and what a program takes out of a list is read all the same.
 */
import * as Y from 'yjs'
import type { MemberId } from '../../../../shared/base/ids.ts'
import type { Attribution, Live } from '../../../../shared/model/contexts.ts'

/** Beyond it, dates cannot be shown. */
const LATEST = 8.64e15

export type ListName = 'versions' | 'talk'

export type Entry = Readonly<Record<string, unknown>>

export interface PlacedEntry {
  /** Client and clock of the entry: 'client-clock'. */
  readonly id: string
  readonly client: number
  readonly clock: number
  /** Undefined where no signed entry says. */
  readonly by: MemberId | undefined
  readonly value: unknown
}

export const entriesOf = (doc: Y.Doc, list: ListName): Y.Array<Entry> => doc.getArray(list)

/** Where it does not matter who wrote an entry. */
export const NOBODY: Pick<Attribution, 'insertedBy'> = { insertedBy: () => undefined }

/** Every entry there ever was, each with who wrote it; in an order in which none comes before one that its author had. */
export function readEntries(
  doc: Y.Doc,
  list: ListName,
  attribution: Pick<Attribution, 'insertedBy'>,
): readonly PlacedEntry[] {
  const found: PlacedEntry[] = []
  for (let item = entriesOf(doc, list)._start; item !== null; item = item.right) {
    const { client, clock: first } = item.id
    if (!(item.content instanceof Y.ContentAny)) continue
    const by = attribution.insertedBy(client)
    for (const [index, value] of item.content.arr.entries()) {
      const clock = first + index
      found.push({ id: `${client}-${clock}`, client, clock, by, value })
    }
  }
  return found
}

/** Its id. */
export function addEntry(doc: Y.Doc, list: ListName, entry: Entry): string {
  return doc.transact(() => {
    const clock = Y.getState(doc.store, doc.clientID)
    entriesOf(doc, list).push([entry])
    return `${doc.clientID}-${clock}`
  })
}

export const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

export const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= LATEST

export const shortText = (value: unknown, longest: number): string =>
  typeof value === 'string' ? value.slice(0, longest) : ''

/** What `read` finds among the entries, changing with them. */
export function liveEntries<Read>(doc: Y.Doc, list: ListName, read: () => Read): Live<Read> {
  let value = read()
  return {
    get: () => value,
    subscribe(onChange) {
      const readAgain = (): void => {
        value = read()
        onChange()
      }
      const entries = entriesOf(doc, list)
      entries.observe(readAgain)
      return () => entries.unobserve(readAgain)
    },
  }
}

export function grouped<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
