import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import {
  announce,
  Button,
  ErrorSummary,
  type FieldProblem,
  LEAST_PASSPHRASE,
  Notice,
  Page,
  PassphraseField,
  Row,
  Section,
  SheetWordsField,
  suggestPassphrase,
  Tick,
  useLive,
} from '../../../ui/index.ts'
import { sheetName } from '../model/sheet-name.ts'
import { useWords, WORDS_FIELD } from './use-words.ts'

interface CannotGetInProps {
  readonly session: AppSession
  readonly onBack: () => void
}

/** While locked: the words of a sheet, then a new passphrase, then in. Nothing is changed before the last step. */
export function CannotGetIn({ session, onBack }: CannotGetInProps) {
  const [step, setStep] = useState<'ways' | 'words' | 'passphrase'>('ways')
  const words = useWords(session.recovery)
  if (step === 'ways') return <Ways session={session} onSheet={() => setStep('words')} onBack={onBack} />
  if (step === 'words')
    return (
      <TypeWords session={session} words={words} onRight={() => setStep('passphrase')} onBack={() => setStep('ways')} />
    )
  return <NewPassphrase session={session} words={words.text} onBack={() => setStep('words')} />
}

const AGAIN = ['again-caps', 'again-paper', 'again-time'] as const
const OTHER = ['other-computer', 'other-organiser', 'other-lost', 'other-nobody'] as const

function Ways({ session, onSheet, onBack }: CannotGetInProps & { readonly onSheet: () => void }) {
  const { t, i18n } = useTranslation('recovery')
  const sheets = useLive(session.recovery.sheets)
  return (
    <Page
      title={t('help.ways.title')}
      lead={<p>{t('help.ways.lead')}</p>}
      step="ways"
      scope={{ kind: 'computer' }}
      actions={<Button onPress={onBack}>{t('help.back')}</Button>}
    >
      <Section title={t('help.ways.sheet')}>
        {sheets.length === 0 ? (
          <p>{t('help.ways.no-sheet')}</p>
        ) : (
          <>
            <p>{t('help.ways.sheet-what')}</p>
            <ul className="t-plain-list">
              {sheets.map((sheet) => (
                <li key={sheet.id}>{sheetName(i18n, sheet)}</li>
              ))}
            </ul>
            <Button look="primary" onPress={onSheet}>
              {t('help.ways.sheet-go')}
            </Button>
          </>
        )}
      </Section>
      <Section title={t('help.ways.again')}>
        <ul className="t-plain-list">
          {AGAIN.map((name) => (
            <li key={name}>{t(`help.ways.${name}`)}</li>
          ))}
        </ul>
      </Section>
      <Section title={t('help.ways.other')}>
        <ul className="t-plain-list">
          {OTHER.map((name) => (
            <li key={name}>{t(`help.ways.${name}`)}</li>
          ))}
        </ul>
      </Section>
    </Page>
  )
}

interface TypeWordsProps extends CannotGetInProps {
  readonly words: ReturnType<typeof useWords>
  readonly onRight: () => void
}

function TypeWords({ session, words, onRight, onBack }: TypeWordsProps) {
  const { t } = useTranslation('recovery')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if ((await words.send()) !== undefined) onRight()
  }
  return (
    <Page
      title={t('help.words.title')}
      lead={<p>{t('help.words.lead')}</p>}
      step="words"
      focus="field"
      scope={{ kind: 'computer' }}
    >
      <ErrorSummary problems={words.problems} />
      <form className="t-stack" onSubmit={(event) => void submit(event)} noValidate>
        <SheetWordsField
          id={WORDS_FIELD}
          check={session.recovery.checkWords}
          text={words.text}
          onText={words.change}
          problem={words.problems[0]?.message}
        />
        <Row>
          <Button type="submit" look="primary" busy={words.busy}>
            {t('help.words.go')}
          </Button>
          {words.busy ? (
            <p className="t-quiet">{t('words.busy')}</p>
          ) : (
            <Button onPress={onBack}>{t('back', { ns: 'common' })}</Button>
          )}
        </Row>
      </form>
    </Page>
  )
}

interface NewPassphraseProps extends CannotGetInProps {
  readonly words: string
}

function NewPassphrase({ session, words, onBack }: NewPassphraseProps) {
  const { t } = useTranslation('recovery')
  const [passphrase, setPassphrase] = useState('')
  const [written, setWritten] = useState(false)
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<'wrong-words' | 'storage-failed' | 'not-opened'>()

  const check = (): FieldProblem | undefined => {
    const typed = passphrase.trim()
    if (typed === '') return { field: 'new-passphrase', message: t('help.passphrase.missing') }
    if (typed.length < LEAST_PASSPHRASE) return { field: 'new-passphrase', message: t('help.passphrase.too-short') }
    return written ? undefined : { field: 'written', message: t('help.passphrase.tick-missing') }
  }

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const problem = check()
    setProblems(problem === undefined ? [] : [problem])
    if (problem !== undefined) return
    setBusy(true)
    setFailure(undefined)
    announce(t('help.passphrase.busy'))
    const result = await session.recovery.replacePassphrase({ words, passphrase: passphrase.trim() })
    setBusy(false)
    if (!result.ok) setFailure(result.error)
  }

  const problemOf = (field: string) => problems.find((problem) => problem.field === field)?.message
  return (
    <Page
      title={t('help.passphrase.title')}
      lead={<p>{t('help.passphrase.lead')}</p>}
      step="passphrase"
      scope={{ kind: 'computer' }}
    >
      <ErrorSummary problems={problems} />
      {failure === undefined ? null : <Notice tone="problem" announce="now" title={t(`help.passphrase.${failure}`)} />}
      <form className="t-stack" onSubmit={(event) => void submit(event)} noValidate>
        <PassphraseField
          id="new-passphrase"
          label={t('help.passphrase.label')}
          hint={t('help.passphrase.hint')}
          value={passphrase}
          onChange={(typed) => {
            setPassphrase(typed)
            setProblems([])
          }}
          problem={problemOf('new-passphrase')}
          autoComplete="new-password"
          showStrength
          suggest={suggestPassphrase}
        />
        <Tick
          id="written"
          label={t('help.passphrase.tick')}
          checked={written}
          onChange={(ticked) => {
            setWritten(ticked)
            setProblems([])
          }}
          problem={problemOf('written')}
        />
        <p>{t('help.passphrase.sheet-stays')}</p>
        <Row>
          <Button type="submit" look="primary" busy={busy}>
            {t('help.passphrase.go')}
          </Button>
          {busy ? (
            <p className="t-quiet">{t('help.passphrase.busy')}</p>
          ) : (
            <Button onPress={onBack}>{t('back', { ns: 'common' })}</Button>
          )}
        </Row>
      </form>
    </Page>
  )
}
