import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, ErrorSummary, Field, type FieldProblem, Page, Row } from '../../../ui/index.ts'
import { isSameWord, pickPlaces } from '../model/ask-words.ts'
import { MakeSteps } from './make-steps.tsx'

const ASKED = 3

interface CheckSheetProps {
  readonly words: readonly string[]
  readonly onRight: () => void
  readonly onBack: () => void
}

/** Three words from the paper, while the screen does not show them: whoever printed nothing finds out now. */
export function CheckSheet({ words, onRight, onBack }: CheckSheetProps) {
  const { t } = useTranslation('recovery')
  const [places] = useState(() => pickPlaces(words.length, ASKED))
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({})
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])

  const problemAt = (place: number): readonly FieldProblem[] => {
    const field = `word-${place + 1}`
    const number = place + 1
    const answer = typed[place] ?? ''
    if (answer.trim() === '') return [{ field, message: t('make.check.missing', { number }) }]
    return isSameWord(answer, words[place] ?? '') ? [] : [{ field, message: t('make.check.wrong', { number }) }]
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = places.flatMap(problemAt)
    setProblems(found)
    if (found.length === 0) onRight()
  }

  return (
    <Page title={t('make.check.title')} lead={<p>{t('make.check.lead')}</p>} step="check" scope={{ kind: 'computer' }}>
      <MakeSteps current={2} />
      <ErrorSummary problems={problems} />
      <form className="t-stack" onSubmit={submit} noValidate>
        {places.map((place) => (
          <Field
            key={place}
            id={`word-${place + 1}`}
            label={t('make.check.word', { number: place + 1 })}
            value={typed[place] ?? ''}
            onChange={(text) => {
              setTyped({ ...typed, [place]: text })
              setProblems([])
            }}
            problem={problems.find(({ field }) => field === `word-${place + 1}`)?.message}
            spellCheck={false}
            autoCapitalize="off"
          />
        ))}
        <Row>
          <Button type="submit" look="primary">
            {t('make.check.go')}
          </Button>
          <Button onPress={onBack}>{t('make.check.again')}</Button>
        </Row>
      </form>
    </Page>
  )
}
