/** What is shown for what was typed. */
import type { Landmark } from '../../../../shared/model/feature.ts'
import type { Passage } from '../../../ui/index.ts'
import { CUT, type Excerpt, excerptOf, markedPieces } from './excerpt.ts'
import { type Finder, labelsIn } from './finder.ts'
import type { SearchedGroup, Whose } from './sources.ts'
import { createWordIndex } from './word-index.ts'

/** A page of the app itself. */
export interface AppPage {
  readonly kind: 'page'
  readonly name: string
  readonly path: string
}

export type Destination = AppPage | Landmark

export interface FoundDestination {
  readonly destination: Destination
  readonly name: Excerpt
}

export interface FoundText {
  readonly key: string
  readonly path: string
  /** Empty: it has none. */
  readonly title: Excerpt
  readonly whose: Whose
  /** Another group than the one on the screen. */
  readonly elsewhere: SearchedGroup | undefined
  /** Empty where none of them has the words. */
  readonly labels: Excerpt
  /** Empty where only the title has the words, or is the sentence. */
  readonly sentence: Excerpt
  /** The words to be taken to; undefined where only the title has them. */
  readonly passage: Passage | undefined
}

export interface Results {
  readonly destinations: readonly FoundDestination[]
  readonly texts: readonly FoundText[]
  /** Of all texts that were found; no more than `most` are in `texts`. */
  readonly count: number
  readonly isPartial: boolean
}

/** Pages, people and circles by name. Where only some of the words fit, they are not meant. */
function findDestinations(destinations: readonly Destination[], typed: string): readonly FoundDestination[] {
  const index = createWordIndex()
  for (const [at, { name }] of destinations.entries()) index.put({ key: String(at), title: name, words: '' })
  const { hits, isPartial } = index.search(typed)
  if (isPartial) return []
  return hits.flatMap(({ key, fits }) => {
    const destination = destinations[Number(key)]
    return destination === undefined ? [] : [{ destination, name: markedPieces(destination.name, fits) }]
  })
}

function passageOf(path: string, sentence: Excerpt): Passage | undefined {
  const found = sentence.find(({ isFound }) => isFound)
  return found && { path, sentence: plain(sentence.filter(({ text }) => text !== CUT)), word: found.text }
}

const plain = (pieces: Excerpt): string => pieces.map(({ text }) => text).join('')

export interface ResultsRequest {
  readonly finder: Finder<Whose>
  readonly destinations: readonly Destination[]
  readonly typed: string
  readonly most: number
  readonly elsewhere?: (whose: Whose) => SearchedGroup | undefined
}

export function resultsOf(request: ResultsRequest): Results {
  const { finder, destinations, typed, most, elsewhere = () => undefined } = request
  const { hits: found, isPartial } = finder.search(typed)
  const groupOf = (key: string): SearchedGroup | undefined => {
    const known = finder.known(key)
    return known === undefined ? undefined : elsewhere(known.place)
  }
  // What is in the group on the screen comes first.
  const hits = [
    ...found.filter(({ key }) => groupOf(key) === undefined),
    ...found.filter(({ key }) => groupOf(key) !== undefined),
  ]
  return {
    destinations: findDestinations(destinations, typed),
    texts: hits.slice(0, most).flatMap(({ key, fits }) => {
      const known = finder.known(key)
      if (known === undefined) return []
      const { text, place, words } = known
      const labels = markedPieces(labelsIn(text), fits)
      const sentence = excerptOf(words, fits)
      return {
        key,
        path: text.path,
        title: markedPieces(text.title, fits),
        whose: place,
        elsewhere: elsewhere(place),
        labels: labels.some(({ isFound }) => isFound) ? labels : [],
        sentence: plain(sentence) === text.title ? [] : sentence,
        passage: passageOf(text.path, sentence),
      }
    }),
    count: hits.length,
    isPartial,
  }
}
