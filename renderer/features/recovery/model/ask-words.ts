/** Places of so many different words, counted from 0 and in order: which words of the sheet are asked for. */
export function pickPlaces(words: number, count: number, random: () => number = Math.random): readonly number[] {
  const places = new Set<number>()
  while (places.size < Math.min(count, words)) places.add(Math.floor(random() * words))
  return [...places].toSorted((a, b) => a - b)
}

/** Capitals, accents and spaces at the ends do not matter. */
export const isSameWord = (typed: string, word: string): boolean =>
  typed.normalize('NFKD').replaceAll(/\P{L}/gu, '').toLowerCase() === word
