import { useTranslation } from 'react-i18next'
import type { CodeProblem } from '../../shared/model/contexts.ts'
import { Button } from './button.tsx'
import { Field } from './field.tsx'
import { Row } from './small-parts.tsx'
import { replaceWord, worthSayingWhileTyping } from './words/typed-words.ts'

export interface TypedWordsFieldProps {
  /** Also where the error summary's link leads. */
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly text: string
  readonly onText: (text: string) => void
  readonly lines: number
  /** Run at every keystroke. */
  readonly check: (text: string) => CodeProblem | undefined
  readonly sentence: (found: CodeProblem) => string
  /** Said when nothing is wrong with the words. */
  readonly good: string
  /** What was found when the words were sent. */
  readonly problem: string | undefined
}

/** Words of the list, checked while they are typed: a slip is named, and put right with one press. */
export function TypedWordsField(props: TypedWordsFieldProps) {
  const { id, label, hint, text, onText, lines, check, sentence, good, problem } = props
  const { t } = useTranslation('common')
  const found = check(text)
  const saidNow = found !== undefined && worthSayingWhileTyping(found, text) ? found : undefined
  return (
    <>
      <Field
        id={id}
        label={label}
        hint={hint}
        value={text}
        onChange={onText}
        problem={problem ?? (saidNow === undefined ? undefined : sentence(saidNow))}
        lines={lines}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
      />
      <output className="t-quiet" htmlFor={id}>
        {found === undefined ? good : null}
      </output>
      {saidNow?.problem === 'word-unknown' && saidNow.suggestions.length > 0 ? (
        <Row>
          {saidNow.suggestions.slice(0, 3).map((word) => (
            <Button key={word} onPress={() => onText(replaceWord(text, saidNow.position, word))}>
              {t('use-word', { word })}
            </Button>
          ))}
        </Row>
      ) : null}
    </>
  )
}
