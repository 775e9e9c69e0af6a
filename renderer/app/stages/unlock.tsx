import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CannotGetIn } from '../../features/index.ts'
import {
  announce,
  Button,
  ErrorSummary,
  type FieldProblem,
  Page,
  PassphraseField,
  Row,
  useLive,
} from '../../ui/index.ts'
import { useSession } from '../session-context.ts'
import { OnePressOpening } from './one-press-opening.tsx'

/**
 * Spaces at the ends are dropped here and in first-run.tsx: nobody sees them, and pasting brings them.
 * As many attempts as it takes, without waiting: the passphrase's own strength is what guards the disk.
 */
export function Unlock({ name }: { readonly name: string }) {
  const { t } = useTranslation('common')
  const session = useSession()
  const keychain = useLive(session.keychain.view)
  const [passphrase, setPassphrase] = useState('')
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [busy, setBusy] = useState(false)
  const [helping, setHelping] = useState(false)

  const open = async () => {
    setBusy(true)
    setProblems([])
    announce(t('unlock.busy'))
    const result = await session.unlock(passphrase.trim())
    setBusy(false)
    if (!result.ok) setProblems([{ field: 'passphrase', message: t(`unlock.${result.error}`) }])
  }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (passphrase === '') setProblems([{ field: 'passphrase', message: t('unlock.missing') }])
    else void open()
  }

  if (helping) return <CannotGetIn session={session} onBack={() => setHelping(false)} />
  const onePress = keychain?.on === true && (keychain.state === 'opens' || keychain.state === 'checking')
  return (
    <Page
      title={name === '' ? t('unlock.title-plain') : t('unlock.title', { name })}
      lead={<p>{t(onePress ? 'unlock.lead-one-press' : 'unlock.lead')}</p>}
      focus={onePress ? 'heading' : 'field'}
      scope={{ kind: 'computer' }}
    >
      {keychain?.on === true ? <OnePressOpening keychain={session.keychain} state={keychain.state} /> : null}
      <ErrorSummary problems={problems} />
      <form className="t-stack" onSubmit={submit} noValidate>
        <PassphraseField
          id="passphrase"
          label={t('unlock.label')}
          value={passphrase}
          onChange={setPassphrase}
          problem={problems[0]?.message}
        />
        <Row>
          <Button type="submit" look={onePress ? 'secondary' : 'primary'} busy={busy}>
            {t(onePress ? 'unlock.open-with' : 'unlock.open')}
          </Button>
          {busy ? <p className="t-quiet">{t('unlock.busy')}</p> : null}
        </Row>
      </form>
      <Row>
        <Button look="quiet" onPress={() => setHelping(true)}>
          {t('unlock.cannot')}
        </Button>
      </Row>
    </Page>
  )
}
