import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import {
  Button,
  ButtonLink,
  ErrorSummary,
  Field,
  type FieldProblem,
  Page,
  replaceWord,
  Row,
  worthSayingWhileTyping,
} from '../../../ui/index.ts'
import { codeProblemSentence } from '../model/code-problem.ts'
import { JoinSteps } from './join-group.tsx'

interface TypeCodeProps {
  readonly session: AppSession
  readonly text: string
  readonly onText: (text: string) => void
  /** Where the way back leads. */
  readonly back: string
}

/** Every keystroke is checked here, so that a slip is found before anything is looked for. */
export function TypeCode({ session, text, onText, back }: TypeCodeProps) {
  const { t, i18n } = useTranslation('people')
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const found = session.checkCode(text)
  const saidNow =
    found !== undefined && worthSayingWhileTyping(found, text) ? codeProblemSentence(i18n, found) : undefined
  const suggestions = saidNow !== undefined && found?.problem === 'word-unknown' ? found : undefined

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (found === undefined) session.join({ code: text })
    else setProblems([{ field: 'code', message: codeProblemSentence(i18n, found) }])
  }
  const change = (typed: string) => {
    onText(typed)
    setProblems([])
  }

  return (
    <Page
      title={t('joining.code.title')}
      lead={<p>{t('joining.code.lead')}</p>}
      step="code"
      scope={{ kind: 'computer' }}
    >
      <JoinSteps step="preparing" />
      <ErrorSummary problems={problems} />
      <form className="t-stack" onSubmit={submit} noValidate>
        <Field
          id="code"
          label={t('joining.code.label')}
          hint={t('joining.code.hint')}
          value={text}
          onChange={change}
          problem={problems[0]?.message ?? saidNow}
          lines={2}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
        />
        <output className="t-quiet" htmlFor="code">
          {found === undefined ? t('joining.code.good') : null}
        </output>
        {suggestions === undefined || suggestions.suggestions.length === 0 ? null : (
          <Row>
            {suggestions.suggestions.slice(0, 3).map((word) => (
              <Button key={word} onPress={() => change(replaceWord(text, suggestions.position, word))}>
                {t('joining.code.use', { word })}
              </Button>
            ))}
          </Row>
        )}
        <Row>
          <Button type="submit" look="primary">
            {t('joining.code.go')}
          </Button>
          <ButtonLink href={back}>{t('back')}</ButtonLink>
        </Row>
      </form>
    </Page>
  )
}
