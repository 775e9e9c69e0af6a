import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import type { MadeRecoverySheet } from '../../../../shared/model/recovery.ts'
import {
  announce,
  Button,
  ButtonLink,
  ErrorSummary,
  type FieldProblem,
  Notice,
  Page,
  PassphraseField,
  Row,
} from '../../../ui/index.ts'
import { CheckSheet } from './check-sheet.tsx'
import { MakeSteps } from './make-steps.tsx'
import { Paper } from './paper.tsx'

/** The words are in this component's state and nowhere else: leaving the page forgets them. */
export function MakeSheet({ session }: { readonly session: AppSession }) {
  const [sheet, setSheet] = useState<MadeRecoverySheet>()
  const [step, setStep] = useState<'sheet' | 'check' | 'done'>('sheet')
  if (sheet === undefined) return <AskPassphrase session={session} onMade={setSheet} />
  if (step === 'sheet') return <ShowSheet session={session} sheet={sheet} onDone={() => setStep('check')} />
  if (step === 'check')
    return <CheckSheet words={sheet.words} onRight={() => setStep('done')} onBack={() => setStep('sheet')} />
  return <Ready />
}

interface AskProps {
  readonly session: AppSession
  readonly onMade: (sheet: MadeRecoverySheet) => void
}

function AskPassphrase({ session, onMade }: AskProps) {
  const { t } = useTranslation('recovery')
  const [passphrase, setPassphrase] = useState('')
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [busy, setBusy] = useState(false)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const say = (message: string) => setProblems([{ field: 'passphrase', message }])
    if (passphrase.trim() === '') return say(t('make.passphrase.missing'))
    setBusy(true)
    setProblems([])
    announce(t('make.passphrase.busy'))
    const made = await session.recovery.make({ passphrase: passphrase.trim() })
    setBusy(false)
    if (made.ok) onMade(made.value)
    else say(t(`make.passphrase.${made.error}`))
  }

  return (
    <Page
      title={t('make.passphrase.title')}
      lead={<p>{t('make.passphrase.lead')}</p>}
      step="passphrase"
      scope={{ kind: 'computer' }}
    >
      <MakeSteps current={0} />
      <ErrorSummary problems={problems} />
      <form className="t-stack" onSubmit={(event) => void submit(event)} noValidate>
        <PassphraseField
          id="passphrase"
          label={t('make.passphrase.label')}
          hint={t('make.passphrase.why')}
          value={passphrase}
          onChange={(typed) => {
            setPassphrase(typed)
            setProblems([])
          }}
          problem={problems[0]?.message}
        />
        <Row>
          <Button type="submit" look="primary" busy={busy}>
            {t('make.passphrase.go')}
          </Button>
          {busy ? (
            <p className="t-quiet">{t('make.passphrase.busy')}</p>
          ) : (
            <ButtonLink href="/safety/recovery">{t('back', { ns: 'common' })}</ButtonLink>
          )}
        </Row>
      </form>
    </Page>
  )
}

interface ShowProps {
  readonly session: AppSession
  readonly sheet: MadeRecoverySheet
  readonly onDone: () => void
}

function ShowSheet({ session, sheet, onDone }: ShowProps) {
  const { t } = useTranslation('recovery')
  const [, navigate] = useLocation()
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const drop = async () => {
    setBusy(true)
    announce(t('make.sheet.drop-busy'))
    const revoked = await session.recovery.revoke(sheet.id)
    setBusy(false)
    setFailed(!revoked.ok)
    if (!revoked.ok) return
    announce(t('revoke.done'))
    navigate('/safety/recovery')
  }
  return (
    <Page
      title={t('make.sheet.title')}
      lead={<p>{t('make.sheet.lead')}</p>}
      step="sheet"
      width="wide"
      scope={{ kind: 'computer' }}
    >
      <MakeSteps current={1} />
      {failed ? <Notice tone="problem" announce="now" title={t('revoke.storage-failed')} /> : null}
      <div className="t-stack">
        <Row>
          <Button look="primary" onPress={() => window.print()}>
            {t('make.sheet.print')}
          </Button>
        </Row>
        <p>{t('make.sheet.by-hand')}</p>
        <p>{t('make.sheet.no-file')}</p>
      </div>
      <Paper sheet={sheet} />
      <Row>
        <Button look="primary" onPress={onDone}>
          {t('make.sheet.done')}
        </Button>
        <Button busy={busy} onPress={() => void drop()}>
          {t('make.sheet.drop')}
        </Button>
      </Row>
    </Page>
  )
}

function Ready() {
  const { t } = useTranslation('recovery')
  return (
    <Page
      title={t('make.done.title')}
      lead={<p>{t('make.done.lead')}</p>}
      step="done"
      over
      scope={{ kind: 'computer' }}
    >
      <p>{t('make.done.where')}</p>
      <p>{t('make.done.later')}</p>
      <Row>
        <ButtonLink href="/safety/recovery" look="primary">
          {t('back')}
        </ButtonLink>
      </Row>
    </Page>
  )
}
