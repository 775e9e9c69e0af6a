import type { i18n } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { CodeProblem } from '../../shared/model/contexts.ts'
import { TypedWordsField } from './typed-words-field.tsx'

/** What is wrong with the words of a recovery sheet as typed, and how to put it right. */
export function sheetWordsProblem(i18n: i18n, found: CodeProblem): string {
  const t = i18n.getFixedT(i18n.language, 'common')
  switch (found.problem) {
    case 'word-unknown':
      return t('sheet-words.problem.word-unknown', { position: found.position, word: found.word })
    case 'word-count':
      return t('sheet-words.problem.word-count', { expected: found.expected, count: found.found })
    default:
      return t(`sheet-words.problem.${found.problem}`)
  }
}

export interface SheetWordsFieldProps {
  readonly id: string
  readonly text: string
  readonly onText: (text: string) => void
  /** As RecoveryContext has it. */
  readonly check: (text: string) => CodeProblem | undefined
  /** What was found when the words were sent. */
  readonly problem: string | undefined
}

/** The twelve words of a recovery sheet. */
export function SheetWordsField(props: SheetWordsFieldProps) {
  const { t, i18n } = useTranslation('common')
  return (
    <TypedWordsField
      {...props}
      label={t('sheet-words.label')}
      hint={t('sheet-words.hint')}
      good={t('sheet-words.good')}
      lines={4}
      sentence={(found) => sheetWordsProblem(i18n, found)}
    />
  )
}
