import type { CodeProblem } from '../../../shared/model/contexts.ts'

/** As shared/words/typed.ts parts words: whatever is no letter stands between them. */
const WORD = /[\p{L}\p{M}]+/gu

const isLastWord = (found: { readonly position: number }, text: string): boolean =>
  found.position === (text.match(WORD) ?? []).length

/** While somebody is still typing, only a finished wrong word is worth saying; the rest may come right by itself. */
export const worthSayingWhileTyping = (found: CodeProblem, text: string): boolean =>
  found.problem === 'checksum' || (found.problem === 'word-unknown' && (/\s$/.test(text) || !isLastWord(found, text)))

/** The text with the word at `position` (from 1) replaced; the rest as it was typed. */
export function replaceWord(text: string, position: number, word: string): string {
  let place = 0
  return text.replace(WORD, (typed) => (++place === position ? word : typed))
}
