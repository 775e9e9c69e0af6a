/** What counts as a word and when two are the same: without regard to capitals, accents and apostrophes. Pure. */

/** More of a word than this is not compared: nobody types it, and what is that long is no word. */
const LONGEST_WORD = 64

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’]*/gu

export interface Word {
  readonly at: number
  readonly end: number
  /** As it is compared. */
  readonly folded: string
}

const PLAIN = /^[a-z0-9]*$/

export function fold(word: string): string {
  const lower = word.slice(0, LONGEST_WORD).toLowerCase()
  return PLAIN.test(lower) ? lower : lower.normalize('NFKD').replaceAll(/[\p{M}'’]/gu, '')
}

export function* wordsOf(text: string): Generator<Word> {
  for (const { 0: word, index } of text.matchAll(WORD))
    yield { at: index, end: index + Math.min(word.length, LONGEST_WORD), folded: fold(word) }
}

export const splitWords = (text: string): string[] => text.match(WORD) ?? []
