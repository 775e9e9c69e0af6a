import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Button, ButtonLink, ErrorSummary, Field, type FieldProblem, Page, Row } from '../../ui/index.ts'
import { useSession } from '../session-context.ts'

export function CreateGroup() {
  const { t } = useTranslation('common')
  const session = useSession()
  const [, navigate] = useLocation()
  const [groupName, setGroupName] = useState('')
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [busy, setBusy] = useState(false)

  const create = async () => {
    setBusy(true)
    setProblems([])
    const result = await session.createGroup({ groupName: groupName.trim() })
    setBusy(false)
    if (result.ok) navigate('/welcome', { replace: true })
    else setProblems([{ field: 'group-name', message: t('create.failed') }])
  }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (groupName.trim() === '') setProblems([{ field: 'group-name', message: t('create.missing') }])
    else void create()
  }

  return (
    <Page title={t('create.title')} lead={<p>{t('create.lead')}</p>} scope={{ kind: 'computer' }}>
      <ErrorSummary problems={problems} />
      <form className="t-stack" onSubmit={submit} noValidate>
        <Field
          id="group-name"
          label={t('create.label')}
          hint={t('create.hint')}
          value={groupName}
          onChange={setGroupName}
          problem={problems[0]?.message}
          maxLength={80}
        />
        <Row>
          <Button type="submit" look="primary" busy={busy}>
            {t('create.go')}
          </Button>
          <ButtonLink href="/start">{t('back')}</ButtonLink>
          {busy ? <output className="t-quiet">{t('create.busy')}</output> : null}
        </Row>
      </form>
    </Page>
  )
}
