import { useTranslation } from 'react-i18next'
import type { RecoveryContext } from '../../../../shared/model/recovery.ts'
import { Button, Field, replaceWord, Row, worthSayingWhileTyping } from '../../../ui/index.ts'
import { wordsProblemSentence } from '../model/words-problem.ts'

export const WORDS_FIELD = 'sheet-words'

interface WordsFieldProps {
  readonly recovery: RecoveryContext
  readonly text: string
  readonly onText: (text: string) => void
  /** What was found when the words were sent. */
  readonly problem: string | undefined
}

/** The words of a sheet, checked at every keystroke: a slip is named, and put right with one press. */
export function WordsField({ recovery, text, onText, problem }: WordsFieldProps) {
  const { t, i18n } = useTranslation('recovery')
  const found = recovery.checkWords(text)
  const saidNow = found !== undefined && worthSayingWhileTyping(found, text)
  return (
    <>
      <Field
        id={WORDS_FIELD}
        label={t('words.label')}
        hint={t('words.hint')}
        value={text}
        onChange={onText}
        problem={problem ?? (saidNow ? wordsProblemSentence(i18n, found) : undefined)}
        lines={4}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
      />
      <output className="t-quiet" htmlFor={WORDS_FIELD}>
        {found === undefined ? t('words.good') : null}
      </output>
      {saidNow && found.problem === 'word-unknown' && found.suggestions.length > 0 ? (
        <Row>
          {found.suggestions.slice(0, 3).map((word) => (
            <Button key={word} onPress={() => onText(replaceWord(text, found.position, word))}>
              {t('words.use', { word })}
            </Button>
          ))}
        </Row>
      ) : null}
    </>
  )
}
