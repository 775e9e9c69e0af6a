/** Characters. What is chosen must have that many at least; what was chosen once opens however short it is. */
export const LEAST_PASSPHRASE = 10

/** In words, because a coloured bar tells nobody what to do. */
export type PassphraseStrength = 'empty' | 'short' | 'weak' | 'fair' | 'strong'

const words = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** Repeats add nothing: 'tea tea tea tea' is one word, 'aaaa' is one letter. */
const differentWords = (text: string): number => new Set(words(text).filter((word) => word.length > 2)).size
const differentCharacters = (text: string): number => new Set(text).size

/** As password managers make them: long, in one piece, letters and digits mixed. */
const looksGenerated = (text: string): boolean =>
  text.length >= 20 && differentCharacters(text) >= 12 && !/\s/.test(text) && /\p{L}/u.test(text) && /\p{N}/u.test(text)

/**
 * An estimate from length and number of different words alone. It knows no dictionary and no names, so it stays below
 * 'strong' until four different words or twenty mixed characters, and the hint asks for words picked at random.
 */
export function passphraseStrength(passphrase: string): PassphraseStrength {
  const text = passphrase.trim()
  if (text === '') return 'empty'
  if (text.length < 10) return 'short'
  const count = differentWords(text)
  if (differentCharacters(text) < 6) return 'weak'
  if ((count >= 4 && text.length >= 18) || looksGenerated(text)) return 'strong'
  if (count >= 3 || text.length >= 14) return 'fair'
  return 'weak'
}
