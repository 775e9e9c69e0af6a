/** The English list of BIP 39: 2,048 words, 11 bits each, every one told apart by its first four letters. */
import { wordlist } from '@scure/bip39/wordlists/english.js'
import type { Bytes } from '../base/bytes.ts'

export const WORDS: readonly string[] = wordlist
export const BITS_PER_WORD = 11

const SHORTEST_PREFIX = 4
const places = new Map(WORDS.map((word, place) => [word, place]))
const prefixes = new Map(WORDS.map((word) => [word.slice(0, SHORTEST_PREFIX), word]))

/** The word itself, or one of which the first four letters or more were typed. */
export function placeOf(typed: string): number | undefined {
  const exact = places.get(typed)
  if (exact !== undefined || typed.length < SHORTEST_PREFIX) return exact
  const word = prefixes.get(typed.slice(0, SHORTEST_PREFIX))
  return word?.startsWith(typed) === true ? places.get(word) : undefined
}

/** 0 and 1 as text. */
export const toBits = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')

/** Whole bytes only; what is left over is dropped. */
export const fromBits = (bits: string): Bytes =>
  Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))

/** `count` words from the first bits of `bytes`. */
export function wordsOf(bytes: Uint8Array, count: number): readonly string[] {
  const bits = toBits(bytes)
  return Array.from({ length: count }, (_, index) => {
    const start = index * BITS_PER_WORD
    return WORDS[Number.parseInt(bits.slice(start, start + BITS_PER_WORD), 2)] ?? ''
  })
}

/** The words’ bits, 0 and 1 as text. */
export const bitsOf = (wordPlaces: readonly number[]): string =>
  wordPlaces.map((place) => place.toString(2).padStart(BITS_PER_WORD, '0')).join('')

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let column = 1; column <= b.length; column++) {
      const isEqual = a[row - 1] === b[column - 1]
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      line.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (line[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + (isEqual ? 0 : 1),
          isSwap ? (before[column - 2] ?? 0) + 1 : Number.MAX_SAFE_INTEGER,
        ),
      )
    }
    before = above
    above = line
  }
  return above[b.length] ?? 0
}

const MOST_SUGGESTIONS = 3
const LONGEST_WORD = 8

function slipsBetween(typed: string, word: string): number {
  if (word.startsWith(typed)) return 0
  // As far as anybody can tell the words of the list apart, this is the word.
  if (typed.length > SHORTEST_PREFIX && word.slice(0, SHORTEST_PREFIX) === typed.slice(0, SHORTEST_PREFIX)) return 1
  return typed.length > LONGEST_WORD + 2 ? Number.MAX_SAFE_INTEGER : distance(typed, word)
}

/** Words that may have been meant: those that begin so, then those one or two slips away. At most three. */
export function suggestionsFor(typed: string): readonly string[] {
  return WORDS.map((word) => ({ word, slips: slipsBetween(typed, word) }))
    .filter(({ word, slips }) => slips <= (word.length > 3 && typed.length > 3 ? 2 : 1))
    .toSorted((a, b) => a.slips - b.slips || a.word.length - b.word.length || (a.word < b.word ? -1 : 1))
    .slice(0, MOST_SUGGESTIONS)
    .map(({ word }) => word)
}
