import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { AppSession } from '../../../../shared/model/contexts.ts'
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
  Section,
} from '../../../ui/index.ts'
import { Points } from './points.tsx'

export interface WipeComputerProps {
  readonly session: AppSession
}

/** How somebody types it matters as little as it can. */
const plain = (text: string): string => text.trim().toLowerCase().replaceAll(/\s+/g, ' ')

export function WipeComputer({ session }: WipeComputerProps) {
  const { t } = useTranslation('groups')
  const [, navigate] = useLocation()
  const [typed, setTyped] = useState('')
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState(false)

  const wipe = async () => {
    setBusy(true)
    setRefused(false)
    const wiped = await session.wipeComputer()
    setBusy(false)
    if (!wiped.ok) return setRefused(true)
    // Whoever sets Teatray up again must not arrive here.
    navigate('/', { replace: true })
    announce(t('wipe.done'))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (plain(typed) === plain(t('wipe.word'))) void wipe()
    else setProblems([{ field: 'wipe-words', message: t('wipe.missing') }])
  }

  return (
    <Page title={t('wipe.title')} lead={<p>{t('wipe.lead')}</p>} scope={{ kind: 'computer' }}>
      <ErrorSummary problems={problems} />
      {refused ? <Notice tone="problem" announce="now" title={t('not-saved')} /> : null}
      <Points
        title={t('does')}
        lines={[t('wipe.all'), t('wipe.only-copy'), t('wipe.passphrase'), t('wipe.settings'), t('wipe.traces')]}
      />
      <Points title={t('stays')} lines={[t('wipe.others'), t('wipe.member'), t('wipe.backups')]} />
      <Section title={t('before')}>
        <p>{t('wipe.before')}</p>
        <ButtonLink href="/safety/backups">{t('backup')}</ButtonLink>
      </Section>
      <form className="t-stack" onSubmit={submit} noValidate>
        <Field
          id="wipe-words"
          label={t('wipe.label')}
          value={typed}
          onChange={(text) => {
            setTyped(text)
            setProblems([])
          }}
          problem={problems[0]?.message}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
        />
        <Row>
          <ButtonLink href="/safety">{t('keep')}</ButtonLink>
          <Button type="submit" look="danger" busy={busy}>
            {t('wipe.go')}
          </Button>
          {busy ? <output className="t-quiet">{t('wipe.busy')}</output> : null}
        </Row>
      </form>
    </Page>
  )
}
