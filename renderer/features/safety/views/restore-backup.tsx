import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { BackupFileProblem, ReadableBackup, RestoringProblem } from '../../../../shared/model/backups.ts'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import {
  announce,
  Button,
  ButtonLink,
  ChoiceList,
  ErrorSummary,
  type FieldProblem,
  Notice,
  Page,
  PassphraseField,
  Row,
  Section,
  SheetWordsField,
  sheetWordsProblem,
  useNow,
  when,
} from '../../../ui/index.ts'

const WORDS_FIELD = 'sheet-words'
/** Where the end of it is shown. */
const DONE = '/safety/restored'

interface RestoreBackupProps {
  readonly session: AppSession
  readonly onBack: () => void
  /** Checked already: its file need not be picked. */
  readonly found?: ReadableBackup | undefined
}

/** At the first run: the file, checked whole; what opens it; everything is back. Nothing is written before the last step. */
export function RestoreBackup({ session, onBack, found }: RestoreBackupProps) {
  const [backup, setBackup] = useState(found)
  if (backup === undefined) return <PickFile session={session} onChecked={setBackup} onBack={onBack} />
  return <OpenIt session={session} backup={backup} onBack={() => setBackup(undefined)} />
}

interface PickFileProps extends RestoreBackupProps {
  readonly onChecked: (backup: ReadableBackup) => void
}

function PickFile({ session, onChecked, onBack }: PickFileProps) {
  const { t } = useTranslation('backup')
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<BackupFileProblem>()
  const check = async (file: File) => {
    setBusy(true)
    setProblem(undefined)
    announce(t('bring-back.file.busy'))
    const checked = await session.readBackup(file)
    setBusy(false)
    if (checked.ok) onChecked(checked.value)
    else setProblem(checked.error)
  }
  const choose = () => {
    const { current } = input
    const file = current?.files?.[0]
    // The same file may be chosen again, once it has been copied anew.
    if (current !== null && file !== undefined) void check(file).then(() => (current.value = ''))
  }
  return (
    <Page
      title={t('bring-back.file.title')}
      lead={<p>{t('bring-back.file.lead')}</p>}
      step="file"
      scope={{ kind: 'computer' }}
    >
      {problem === undefined ? null : <Refused problem={problem} />}
      <p>{t('bring-back.file.what')}</p>
      {/* Some systems grey out what they do not know by its ending, so all files may be chosen. */}
      <input ref={input} type="file" accept=".teatray-backup,*/*" hidden onChange={choose} />
      <Row>
        <Button look="primary" busy={busy} onPress={() => input.current?.click()}>
          {t('bring-back.file.choose')}
        </Button>
        {busy ? (
          <p className="t-quiet">{t('bring-back.file.busy')}</p>
        ) : (
          <Button onPress={onBack}>{t('bring-back.file.back')}</Button>
        )}
      </Row>
    </Page>
  )
}

type Refusal = Exclude<RestoringProblem, 'wrong-passphrase' | 'words-mistyped' | 'wrong-words'>

export function Refused({ problem }: { readonly problem: Refusal }) {
  const { t } = useTranslation('backup')
  return (
    <Notice
      tone="problem"
      announce="now"
      title={t(`bring-back.refused.${problem}`)}
      safe={t('bring-back.refused.safe')}
    />
  )
}

interface OpenItProps extends RestoreBackupProps {
  readonly backup: ReadableBackup
}

const isOfSecret = (problem: RestoringProblem): problem is Exclude<RestoringProblem, Refusal> =>
  problem === 'wrong-passphrase' || problem === 'words-mistyped' || problem === 'wrong-words'

function OpenIt({ session, backup, onBack }: OpenItProps) {
  const { t, i18n } = useTranslation('backup')
  const now = useNow()
  const [, navigate] = useLocation()
  const [how, setHow] = useState<'passphrase' | 'words'>('passphrase')
  const [passphrase, setPassphrase] = useState('')
  const [words, setWords] = useState('')
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [refusal, setRefusal] = useState<Refusal>()
  const [busy, setBusy] = useState(false)
  const field = how === 'passphrase' ? 'passphrase' : WORDS_FIELD

  const slip = (): string | undefined => {
    if (how === 'passphrase') return passphrase === '' ? t('bring-back.secret.passphrase-missing') : undefined
    if (words.trim() === '') return t('bring-back.secret.words-missing')
    const found = session.recovery.checkWords(words)
    return found === undefined ? undefined : sheetWordsProblem(i18n, found)
  }

  const restore = async () => {
    setBusy(true)
    setRefusal(undefined)
    announce(t('bring-back.secret.busy'))
    // Before the papers open: they open where one is, and this is the clear end of it.
    navigate(DONE, { replace: true })
    const restored = await backup.restore(how === 'passphrase' ? { passphrase: passphrase.trim() } : { words })
    if (restored.ok) return
    navigate('/', { replace: true })
    setBusy(false)
    if (isOfSecret(restored.error)) setProblems([{ field, message: t(`bring-back.secret.${restored.error}`) }])
    else setRefusal(restored.error)
  }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const message = slip()
    setProblems(message === undefined ? [] : [{ field, message }])
    if (message === undefined) void restore()
  }

  return (
    <Page
      title={t('bring-back.secret.title')}
      lead={<p>{t('bring-back.secret.made', { when: when(i18n, backup.createdAt, now) })}</p>}
      step="secret"
      scope={{ kind: 'computer' }}
    >
      <ErrorSummary problems={problems} />
      {refusal === undefined ? null : <Refused problem={refusal} />}
      <form className="t-stack" onSubmit={submit} noValidate>
        {backup.hasSheets ? (
          <ChoiceList
            id="how"
            label={t('bring-back.secret.how')}
            value={how}
            onChange={(chosen) => {
              setHow(chosen)
              setProblems([])
            }}
            options={[
              { value: 'passphrase', label: t('bring-back.secret.passphrase') },
              { value: 'words', label: t('bring-back.secret.words') },
            ]}
          />
        ) : null}
        {how === 'passphrase' ? (
          <PassphraseField
            id="passphrase"
            label={t('bring-back.secret.passphrase-label')}
            hint={t('bring-back.secret.passphrase-hint')}
            value={passphrase}
            onChange={(typed) => {
              setPassphrase(typed)
              setProblems([])
            }}
            problem={problems[0]?.message}
          />
        ) : (
          <SheetWordsField
            id={WORDS_FIELD}
            check={(typed) => session.recovery.checkWords(typed)}
            text={words}
            onText={(typed) => {
              setWords(typed)
              setProblems([])
            }}
            problem={problems[0]?.message}
          />
        )}
        <Notice tone="care" title={t('bring-back.secret.one-only')}>
          {t('bring-back.secret.one-only-todo')}
        </Notice>
        <Row>
          <Button type="submit" look="primary" busy={busy}>
            {t('bring-back.secret.go')}
          </Button>
          {busy ? (
            <p className="t-quiet">{t('bring-back.secret.busy')}</p>
          ) : (
            <Button onPress={onBack}>{t('bring-back.secret.back')}</Button>
          )}
        </Row>
      </form>
    </Page>
  )
}

/** The clear end of it, with papers and notes open behind it. */
export function Restored() {
  const { t } = useTranslation('backup')
  return (
    <Page title={t('bring-back.done.title')} scope={{ kind: 'computer' }} over>
      <Notice tone="good" title={t('bring-back.done.what')}>
        {t('bring-back.done.since')}
      </Notice>
      <Section title={t('bring-back.done.next')}>
        <ul className="t-plain-list">
          <li>{t('bring-back.done.next-backups')}</li>
          <li>{t('bring-back.done.next-passphrase')}</li>
          <li>{t('bring-back.done.next-old')}</li>
        </ul>
        <Row>
          <ButtonLink href="/safety/backups" look="primary">
            {t('bring-back.done.backups')}
          </ButtonLink>
          <ButtonLink href="/safety/stolen">{t('bring-back.done.stolen')}</ButtonLink>
          <ButtonLink href="/today">{t('bring-back.done.today')}</ButtonLink>
        </Row>
      </Section>
    </Page>
  )
}
