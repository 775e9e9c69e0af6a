import type { i18n } from 'i18next'
import type { CodeProblem } from '../../../../shared/model/contexts.ts'

/** What is wrong with the words of a sheet as typed, and how to put it right. */
export function wordsProblemSentence(i18n: i18n, found: CodeProblem): string {
  const t = i18n.getFixedT(i18n.language, 'recovery')
  switch (found.problem) {
    case 'word-unknown':
      return t('words.problem.word-unknown', { position: found.position, word: found.word })
    case 'word-count':
      return t('words.problem.word-count', { expected: found.expected, count: found.found })
    default:
      return t(`words.problem.${found.problem}`)
  }
}
