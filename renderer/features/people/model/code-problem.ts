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
