/** Which things have these words. In memory only: where it is let go of, nothing of it is left. */
import MiniSearch, { type SearchOptions, type SearchResult } from 'minisearch'
import { fold, splitWords } from './words.ts'

export interface Indexed {
  readonly key: string
  readonly title: string
  readonly labels?: string
  readonly words: string
}

export interface Hit {
  readonly key: string
  /** The words that were found there, as they are compared; how well each fits what was typed. */
  readonly fits: ReadonlyMap<string, number>
}

export interface Hits {
  /** The best first. */
  readonly hits: readonly Hit[]
  /** Nothing has all of the words: these have some. */
  readonly isPartial: boolean
}

export interface WordIndex {
  /** In place of what was known under this key. */
  put(thing: Indexed): void
  remove(key: string): void
  search(typed: string): Hits
  clear(): void
}

/** More than anybody types; each word more costs time. */
const MOST_WORDS = 12
const SHORTEST_WITH_SLIPS = 5
const SLIPS = { fuzzy: 0.2, most: 2 }
const EXACT = 4
const BEGINNING = 2
const SLIP = 1

const OPTIONS: SearchOptions = {
  boost: { title: 3, labels: 2 },
  weights: { prefix: 0.5, fuzzy: 0.2 },
  prefix: (term) => term.length > 1,
  fuzzy: (term) => term.length >= SHORTEST_WITH_SLIPS && SLIPS.fuzzy,
  maxFuzzy: SLIPS.most,
}

function fitsOf({ terms, queryTerms }: SearchResult): ReadonlyMap<string, number> {
  const fitOf = (term: string): number =>
    queryTerms.includes(term) ? EXACT : queryTerms.some((typed) => term.startsWith(typed)) ? BEGINNING : SLIP
  return new Map(terms.map((term) => [term, fitOf(term)]))
}

export function createWordIndex(): WordIndex {
  const engine = new MiniSearch<Indexed>({
    idField: 'key',
    fields: ['title', 'labels', 'words'],
    tokenize: splitWords,
    processTerm: fold,
  })
  return {
    put(thing) {
      if (engine.has(thing.key)) engine.discard(thing.key)
      engine.add(thing)
    },
    remove(key) {
      if (engine.has(key)) engine.discard(key)
    },
    search(typed) {
      const words = splitWords(typed).slice(0, MOST_WORDS)
      const query = words.join(' ')
      const all = engine.search(query, { ...OPTIONS, combineWith: 'AND' })
      const isPartial = all.length === 0 && words.length > 1
      const found = isPartial
        ? engine
            .search(query, { ...OPTIONS, combineWith: 'OR' })
            .toSorted((a, b) => b.queryTerms.length - a.queryTerms.length || b.score - a.score)
        : all
      return {
        hits: found.map((result) => ({ key: String(result.id), fits: fitsOf(result) })),
        isPartial: isPartial && found.length > 0,
      }
    },
    clear: () => engine.removeAll(),
  }
}
