import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecoveryContext, RecoverySheet } from '../../../../shared/model/recovery.ts'
import { announce, type FieldProblem, sheetWordsProblem } from '../../../ui/index.ts'

export const WORDS_FIELD = 'sheet-words'

/** Words being typed, and what came of trying them. Trying changes nothing. */
export function useWords(recovery: RecoveryContext) {
  const { t, i18n } = useTranslation('recovery')
  const [text, setText] = useState('')
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [busy, setBusy] = useState(false)

  return {
    text,
    problems,
    busy,
    change(typed: string) {
      setText(typed)
      setProblems([])
    },
    /** The sheet that the words are of; undefined where they are of none, and then it is said. */
    async send(): Promise<RecoverySheet | undefined> {
      if (busy) return undefined
      const say = (message: string) => setProblems([{ field: WORDS_FIELD, message }])
      const found = recovery.checkWords(text)
      if (found !== undefined) {
        say(sheetWordsProblem(i18n, found))
        return undefined
      }
      setBusy(true)
      setProblems([])
      announce(t('words.busy'))
      const tried = await recovery.tryWords(text)
      setBusy(false)
      if (tried.ok) return tried.value
      say(t(`words.${tried.error}`))
      return undefined
    },
  }
}
