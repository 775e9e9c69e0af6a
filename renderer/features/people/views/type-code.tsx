import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import { Button, ButtonLink, ErrorSummary, type FieldProblem, Page, Row, TypedWordsField } from '../../../ui/index.ts'
import { codeProblemSentence } from '../model/code-problem.ts'
import { JoinWithFiles } from './by-files/join-by-files.tsx'
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
        <TypedWordsField
          id="code"
          label={t('joining.code.label')}
          hint={t('joining.code.hint')}
          text={text}
          onText={change}
          lines={2}
          check={session.checkCode}
          sentence={(wrong) => codeProblemSentence(i18n, wrong)}
          good={t('joining.code.good')}
          problem={problems[0]?.message}
        />
        <Row>
          <Button type="submit" look="primary">
            {t('joining.code.go')}
          </Button>
          <ButtonLink href={back}>{t('back')}</ButtonLink>
        </Row>
      </form>
      <JoinWithFiles />
    </Page>
  )
}
