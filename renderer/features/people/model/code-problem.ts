import type { i18n } from 'i18next'
import type { CodeProblem } from '../../../../shared/model/contexts.ts'

export function codeProblemSentence(i18n: i18n, found: CodeProblem): string {
  const t = i18n.getFixedT(i18n.language, 'people')
  switch (found.problem) {
    case 'word-unknown':
      return t('joining.code.problem.word-unknown', { position: found.position, word: found.word })
    case 'word-count':
      return t('joining.code.problem.word-count', { expected: found.expected, count: found.found })
    default:
      return t(`joining.code.problem.${found.problem}`)
  }
}

/** While somebody is still typing, only a finished wrong word is worth saying; the rest may come right by itself. */
export const worthSayingWhileTyping = (found: CodeProblem, text: string): boolean =>
  found.problem === 'checksum' || (found.problem === 'word-unknown' && (/\s$/.test(text) || !isLastWord(found, text)))

const splitWords = (text: string): readonly string[] => text.trim().split(/[\s,.-]+/)

const isLastWord = (found: { readonly position: number }, text: string): boolean =>
  found.position === splitWords(text).length

/** The text with the word at `position` (from 1) replaced; the rest as it was typed. */
export function replaceWord(text: string, position: number, word: string): string {
  let place = 0
  return text.replace(/[^\s,.-]+/g, (typed) => (++place === position ? word : typed))
}
