import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  Button,
  ErrorSummary,
  Field,
  type FieldProblem,
  LEAST_PASSPHRASE,
  Notice,
  Page,
  PassphraseField,
  Row,
  Steps,
  suggestPassphrase,
  Tick,
  announce,
} from '../../ui/index.ts'
import type { LostData } from '../../../shared/model/backups.ts'
import { DataLost, RestoreBackup } from '../../features/index.ts'
import { useSession } from '../session-context.ts'

type Step = 'name' | 'passphrase' | 'write-down'
const order: readonly Step[] = ['name', 'passphrase', 'write-down']
const steps = ['name', 'passphrase', 'write-down'] as const

/** Name, passphrase, write it down. Nothing is stored until the last step, and Back loses nothing that was typed. */
export function FirstRun({ lost }: { readonly lost?: LostData | undefined }) {
  const { t } = useTranslation(['common', 'backup'])
  const session = useSession()
  const [step, setStep] = useState<Step>('name')
  const [name, setName] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [written, setWritten] = useState(false)
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<'storage-failed' | 'already-set-up'>()
  const [bringingBack, setBringingBack] = useState(false)
  const [anew, setAnew] = useState(false)

  const check: Record<Step, () => FieldProblem | undefined> = {
    name: () => (name.trim() === '' ? { field: 'name', message: t('first-run.name.missing') } : undefined),
    passphrase: () => {
      if (passphrase.trim() === '') return { field: 'passphrase', message: t('first-run.passphrase.missing') }
      if (passphrase.trim().length < LEAST_PASSPHRASE)
        return { field: 'passphrase', message: t('first-run.passphrase.too-short') }
      return undefined
    },
    'write-down': () => (written ? undefined : { field: 'written', message: t('first-run.write-down.missing') }),
  }

  const finish = async () => {
    setBusy(true)
    setFailure(undefined)
    announce(t('first-run.write-down.busy'))
    const result = await session.setUp({ name: name.trim(), passphrase: passphrase.trim() })
    setBusy(false)
    if (!result.ok) setFailure(result.error)
  }

  const go = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const problem = check[step]()
    setProblems(problem === undefined ? [] : [problem])
    if (problem !== undefined) return
    const next = order[order.indexOf(step) + 1]
    if (next === undefined) void finish()
    else setStep(next)
  }

  const back = () => {
    setProblems([])
    setStep(order[order.indexOf(step) - 1] ?? 'name')
  }

  /** What was complained of is being put right: the complaint goes. */
  const clearing =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      set(value)
      setProblems([])
    }

  if (lost !== undefined && !anew) return <DataLost session={session} lost={lost} onAnew={() => setAnew(true)} />
  if (bringingBack) return <RestoreBackup session={session} onBack={() => setBringingBack(false)} />
  const problemOf = (field: string) => problems.find((problem) => problem.field === field)?.message
  return (
    <Page
      title={t(`first-run.${step}.title`)}
      lead={<p>{t(`first-run.${step}.lead`)}</p>}
      step={step}
      scope={{ kind: 'computer' }}
    >
      <Steps steps={steps.map((one) => t(`first-run.steps.${one}`))} current={order.indexOf(step)} />
      <ErrorSummary problems={problems} />
      {failure === undefined ? null : <Notice tone="problem" announce="now" title={t(`first-run.failed.${failure}`)} />}
      <form className="t-stack" onSubmit={go} noValidate>
        {step === 'name' ? (
          <Field
            id="name"
            label={t('first-run.name.label')}
            hint={t('first-run.name.hint')}
            value={name}
            onChange={clearing(setName)}
            problem={problemOf('name')}
            autoComplete="name"
            maxLength={80}
          />
        ) : null}
        {step === 'passphrase' ? (
          <>
            <PassphraseField
              id="passphrase"
              label={t('first-run.passphrase.label')}
              hint={t('first-run.passphrase.hint')}
              value={passphrase}
              onChange={clearing(setPassphrase)}
              problem={problemOf('passphrase')}
              autoComplete="new-password"
              showStrength
              suggest={suggestPassphrase}
            />
            <Notice tone="care" title={t('first-run.passphrase.no-recovery')}>
              {t('first-run.passphrase.no-recovery-todo')}
            </Notice>
          </>
        ) : null}
        {step === 'write-down' ? (
          <>
            <section aria-label={t('first-run.write-down.box')} className="t-code">
              {passphrase}
            </section>
            <Notice tone="care" title={t('first-run.passphrase.no-recovery')}>
              {t('first-run.passphrase.no-recovery-todo')}
            </Notice>
            <Tick
              id="written"
              label={t('first-run.write-down.tick')}
              checked={written}
              onChange={clearing(setWritten)}
              problem={problemOf('written')}
            />
          </>
        ) : null}
        <Row>
          <Button type="submit" look="primary" busy={busy}>
            {step === 'write-down' ? t('first-run.write-down.finish') : t('continue')}
          </Button>
          {step === 'name' || busy ? null : <Button onPress={back}>{t('back')}</Button>}
          {busy ? <p className="t-quiet">{t('first-run.write-down.busy')}</p> : null}
          {step === 'name' ? (
            <Button onPress={() => setBringingBack(true)}>{t('bring-back.link', { ns: 'backup' })}</Button>
          ) : null}
        </Row>
      </form>
    </Page>
  )
}
