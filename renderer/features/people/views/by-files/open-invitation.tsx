import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession } from '../../../../../shared/model/contexts.ts'
import type { InvitationFileProblem } from '../../../../../shared/model/joining-by-files.ts'
import { Button, ErrorSummary, type FieldProblem, Notice, Page, Row, TypedWordsField } from '../../../../ui/index.ts'
import { codeProblemSentence } from '../../model/code-problem.ts'
import { JoinSteps } from './asked-to-join.tsx'
import type { HeldInvitation } from './join-by-files.tsx'

interface OpenInvitationProps {
  readonly session: AppSession
  readonly held: HeldInvitation
  readonly onOther: () => void
  readonly onDone: () => void
}

/** The file is here; it says nothing without the code. */
export function OpenInvitation({ session, held, onOther, onDone }: OpenInvitationProps) {
  const { t, i18n } = useTranslation(['by-files', 'people'])
  const [text, setText] = useState('')
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [refused, setRefused] = useState<InvitationFileProblem>()
  const [busy, setBusy] = useState(false)

  const open = async () => {
    setBusy(true)
    setRefused(undefined)
    const asked = await session.joiningByFiles.ask({ file: held.bytes, code: text })
    setBusy(false)
    if (asked.ok) onDone()
    else setRefused(asked.error)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = session.checkCode(text)
    if (found !== undefined) setProblems([{ field: 'code', message: codeProblemSentence(i18n, found) }])
    else if (!busy) void open()
  }
  const change = (typed: string) => {
    setText(typed)
    setProblems([])
  }

  return (
    <Page
      title={t('join.choose-title')}
      lead={<p>{t('join.file', { file: held.name })}</p>}
      step="code"
      scope={{ kind: 'computer' }}
    >
      <JoinSteps step="invitation" />
      <ErrorSummary problems={problems} />
      {refused === undefined ? null : (
        <Notice tone="care" announce="now" title={t(`join.problem.${refused}`)} safe={t('join.safe')}>
          {t(`join.todo.${refused}`)}
        </Notice>
      )}
      <form className="t-stack" onSubmit={submit} noValidate>
        <TypedWordsField
          id="code"
          label={t('join.code')}
          hint={t('people:joining.code.hint')}
          text={text}
          onText={change}
          lines={2}
          check={session.checkCode}
          sentence={(wrong) => codeProblemSentence(i18n, wrong)}
          good={t('people:joining.code.good')}
          problem={problems[0]?.message}
        />
        <Row>
          <Button type="submit" look="primary" busy={busy}>
            {t('join.code-go')}
          </Button>
          <Button onPress={onOther}>{t('join.other-file')}</Button>
          {busy ? <output className="t-quiet">{t('join.code-busy')}</output> : null}
        </Row>
      </form>
    </Page>
  )
}
