import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { CircleContext, ManageProblem } from '../../../../shared/model/contexts.ts'
import {
  announce,
  Button,
  ButtonLink,
  ErrorSummary,
  Field,
  type FieldProblem,
  Notice,
  Page,
  Row,
} from '../../../ui/index.ts'
import { Gone } from './decision.tsx'
import { homeOf, useCircle } from './place.ts'

export function RenameCircle({ circle }: { readonly circle: CircleContext }) {
  const { t } = useTranslation('people')
  const { name, scope, mayManage } = useCircle(circle)
  const [, navigate] = useLocation()
  const [text, setText] = useState(name)
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [refusal, setRefusal] = useState<ManageProblem>()
  const [busy, setBusy] = useState(false)
  if (!mayManage) return <Gone />

  const save = async () => {
    setBusy(true)
    setRefusal(undefined)
    const result = await circle.manage.rename(text.trim())
    setBusy(false)
    if (!result.ok) return setRefusal(result.error)
    announce(t('rename.done'))
    navigate(homeOf(circle))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (text.trim() === '') return setProblems([{ field: 'circle-name', message: t('rename.missing') }])
    setProblems([])
    void save()
  }
  return (
    <Page title={t('rename.title')} scope={scope}>
      {refusal === undefined ? null : <Notice tone="problem" announce="now" title={t(`refused.${refusal}`)} />}
      <ErrorSummary problems={problems} />
      <form className="t-stack" onSubmit={submit} noValidate>
        <Field
          id="circle-name"
          label={t('rename.label')}
          hint={t('rename.hint')}
          value={text}
          onChange={setText}
          problem={problems[0]?.message}
          maxLength={80}
        />
        <Row>
          <Button type="submit" look="primary" busy={busy}>
            {t('rename.go')}
          </Button>
          <ButtonLink href={homeOf(circle)}>{t('back')}</ButtonLink>
        </Row>
      </form>
    </Page>
  )
}
