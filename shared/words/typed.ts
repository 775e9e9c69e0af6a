/** Words of the list as somebody types them: an invitation's code, a recovery sheet. */
import { bitsOf, placeOf, suggestionsFor } from './words.ts'

/** The same as shared/model/contexts.ts has it, as CodeProblem. */
export type WordsProblem =
  | { readonly problem: 'empty' }
  | {
      readonly problem: 'word-unknown'
      readonly word: string
      /** Counted from 1. */
      readonly position: number
      readonly suggestions: readonly string[]
    }
  | { readonly problem: 'word-count'; readonly expected: number; readonly found: number }
  | { readonly problem: 'checksum' }

/** `value`: as asked for. `error`: what is wrong, to be said while it is typed. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: WordsProblem }

/** Whatever stands between letters parts words: spaces, commas, hyphens, line ends, "1." before each. Accents are dropped. */
const typedWords = (text: string): readonly string[] =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .match(/\p{L}+/gu) ?? []

const refuse = (error: WordsProblem): Reading<never> => ({ ok: false, error })

/** The words' bits, 0 and 1 as text, where there are `expected` words and all are of the list. Never says 'checksum'. */
export function readTypedWords(text: string, expected: number): Reading<string> {
  const typed = typedWords(text)
  if (typed.length === 0) return refuse({ problem: 'empty' })
  const places = typed.map(placeOf)
  const unknown = places.indexOf(undefined)
  const word = typed[unknown]
  if (word !== undefined) {
    return refuse({ problem: 'word-unknown', word, position: unknown + 1, suggestions: suggestionsFor(word) })
  }
  if (typed.length !== expected) return refuse({ problem: 'word-count', expected, found: typed.length })
  return { ok: true, value: bitsOf(places.filter((place) => place !== undefined)) }
}
