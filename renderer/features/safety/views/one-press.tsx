import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect } from 'wouter'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import type { KeychainView } from '../../../../shared/model/keychain.ts'
import {
  announce,
  Button,
  ButtonLink,
  ConfirmDialog,
  ErrorSummary,
  type FieldProblem,
  Notice,
  Page,
  PassphraseField,
  Row,
  Section,
  useLive,
} from '../../../ui/index.ts'

interface OnePressProps {
  readonly session: AppSession
}

/** In Sync and safety; nothing where this computer has no store of its own, as in an installed browser. */
export function OnePressSection({ session }: OnePressProps) {
  const { t } = useTranslation('safety')
  const view = useLive(session.keychain.view)
  if (view === undefined) return null
  return (
    <Section title={t('one-press.title')}>
      {view.on ? <SwitchedOn session={session} state={view.state} /> : <SwitchedOff state={view.state} />}
    </Section>
  )
}

function SwitchedOff({ state }: { readonly state: Extract<KeychainView, { on: false }>['state'] }) {
  const { t } = useTranslation('safety')
  if (state !== 'strong') return <p>{t(`one-press.off-${state}`)}</p>
  return (
    <>
      <p>{t('one-press.off')}</p>
      <ButtonLink href="/safety/one-press">{t('one-press.about')}</ButtonLink>
    </>
  )
}

interface SwitchedOnProps extends OnePressProps {
  readonly state: Extract<KeychainView, { on: true }>['state']
}

function SwitchedOn({ session, state }: SwitchedOnProps) {
  const { t } = useTranslation('safety')
  const [asking, setAsking] = useState(false)
  const isWell = state === 'opens' || state === 'checking'
  return (
    <>
      {isWell ? (
        <p>{t('one-press.on')}</p>
      ) : (
        <Notice tone="care" title={t(`one-press.trouble.${state}`)} safe={t('one-press.trouble.safe')}>
          {t('one-press.trouble.todo')}
        </Notice>
      )}
      <Row>
        {state === 'changed' ? <ButtonLink href="/safety/one-press">{t('one-press.again')}</ButtonLink> : null}
        <Button onPress={() => setAsking(true)}>{t('one-press.off-go')}</Button>
      </Row>
      {asking ? <TurnOff session={session} onEnd={() => setAsking(false)} /> : null}
    </>
  )
}

/** Asks, because somebody who has not typed the passphrase for a year may not have it any more. */
function TurnOff({ session, onEnd }: OnePressProps & { readonly onEnd: () => void }) {
  const { t } = useTranslation('safety')
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const turnOff = async () => {
    setBusy(true)
    const turned = await session.keychain.turnOff()
    setBusy(false)
    setFailed(!turned.ok)
    if (!turned.ok) return
    announce(t('one-press.turn-off.done'))
    onEnd()
  }
  return (
    <ConfirmDialog
      open
      title={t('one-press.turn-off.title')}
      confirm={t('one-press.turn-off.yes')}
      keep={t('one-press.turn-off.keep')}
      busy={busy}
      onConfirm={() => void turnOff()}
      onKeep={onEnd}
    >
      <p>{t('one-press.turn-off.what')}</p>
      <p>{t('one-press.turn-off.have-it')}</p>
      {failed ? <Notice tone="problem" announce="now" title={t('not-saved')} /> : null}
    </ConfirmDialog>
  )
}

const MEANS = ['means-account', 'means-lock', 'means-thief'] as const
const STAYS = ['stays-passphrase', 'stays-paper', 'stays-here'] as const

/** What it means comes first; then it is switched on, with the passphrase. */
export function OnePress({ session }: OnePressProps) {
  const { t } = useTranslation('safety')
  const [done, setDone] = useState(false)
  // As it was on arrival: what is learnt by trying is said here, and does not send anybody away.
  const [isOffered] = useState(() => {
    const view = session.keychain.view.get()
    return view?.on === true || view?.state === 'strong'
  })
  if (done) return <Done />
  if (!isOffered) return <Redirect to="/safety" replace />
  return (
    <Page
      title={t('one-press.page.title')}
      lead={<p>{t('one-press.page.lead')}</p>}
      step="about"
      scope={{ kind: 'computer' }}
    >
      <Section title={t('one-press.page.means')}>
        <ul className="t-plain-list">
          {MEANS.map((name) => (
            <li key={name}>{t(`one-press.page.${name}`)}</li>
          ))}
        </ul>
      </Section>
      <Section title={t('one-press.page.stays')}>
        <ul className="t-plain-list">
          {STAYS.map((name) => (
            <li key={name}>{t(`one-press.page.${name}`)}</li>
          ))}
        </ul>
      </Section>
      <TurnOn session={session} onDone={() => setDone(true)} />
    </Page>
  )
}

function TurnOn({ session, onDone }: OnePressProps & { readonly onDone: () => void }) {
  const { t } = useTranslation('safety')
  const [passphrase, setPassphrase] = useState('')
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [trouble, setTrouble] = useState<'weak' | 'unavailable' | 'changed' | 'storage-failed'>()
  const [busy, setBusy] = useState(false)

  const turnOn = async () => {
    setBusy(true)
    setProblems([])
    setTrouble(undefined)
    announce(t('one-press.page.busy'))
    const turned = await session.keychain.turnOn({ passphrase: passphrase.trim() })
    setBusy(false)
    if (turned.ok) return onDone()
    if (turned.error !== 'wrong-passphrase') return setTrouble(turned.error)
    setProblems([{ field: 'passphrase', message: t('one-press.page.wrong-passphrase') }])
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (passphrase.trim() === '') setProblems([{ field: 'passphrase', message: t('one-press.page.missing') }])
    else void turnOn()
  }

  return (
    <form className="t-stack" onSubmit={submit} noValidate>
      <ErrorSummary problems={problems} />
      {trouble === undefined ? null : (
        <Notice
          tone="care"
          announce="now"
          title={t(`one-press.page.trouble.${trouble}`)}
          safe={t('one-press.page.trouble.safe')}
        />
      )}
      <PassphraseField
        id="passphrase"
        label={t('one-press.page.label')}
        hint={t('one-press.page.why')}
        value={passphrase}
        onChange={(typed) => {
          setPassphrase(typed)
          setProblems([])
        }}
        problem={problems[0]?.message}
      />
      <Row>
        <ButtonLink href="/safety">{t('one-press.page.keep')}</ButtonLink>
        <Button type="submit" look="primary" busy={busy}>
          {t('one-press.page.go')}
        </Button>
        {busy ? <p className="t-quiet">{t('one-press.page.busy')}</p> : null}
      </Row>
    </form>
  )
}

function Done() {
  const { t } = useTranslation('safety')
  return (
    <Page
      title={t('one-press.done.title')}
      lead={<p>{t('one-press.done.lead')}</p>}
      step="done"
      over
      scope={{ kind: 'computer' }}
    >
      <p>{t('one-press.done.paper')}</p>
      <Row>
        <ButtonLink href="/safety" look="primary">
          {t('one-press.done.back')}
        </ButtonLink>
      </Row>
    </Page>
  )
}
