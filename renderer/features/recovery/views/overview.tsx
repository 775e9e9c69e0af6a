import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import type { RecoverySheet } from '../../../../shared/model/recovery.ts'
import {
  announce,
  Button,
  ButtonLink,
  ConfirmDialog,
  Notice,
  Page,
  Row,
  Section,
  TextLink,
  useLive,
  useNow,
  when,
} from '../../../ui/index.ts'
import { isRehearsalDue } from '../model/rehearsal.ts'
import { sheetName } from '../model/sheet-name.ts'

const KNOW = ['know-computer', 'know-needs', 'know-both', 'know-group'] as const

export function Overview({ session }: { readonly session: AppSession }) {
  const { t } = useTranslation('recovery')
  const sheets = useLive(session.recovery.sheets)
  const [asking, setAsking] = useState<RecoverySheet>()
  return (
    <Page title={t('overview.title')} lead={<p>{t('overview.lead')}</p>} scope={{ kind: 'computer' }}>
      {sheets.length === 0 ? (
        <>
          <p>{t('overview.none')}</p>
          <ButtonLink href="/safety/recovery/new" look="primary">
            {t('overview.make')}
          </ButtonLink>
        </>
      ) : (
        <Sheets session={session} sheets={sheets} onRevoke={setAsking} />
      )}
      <Section title={t('overview.know')}>
        <ul className="t-plain-list">
          {KNOW.map((name) => (
            <li key={name}>{t(`overview.${name}`)}</li>
          ))}
        </ul>
      </Section>
      <Row>
        <TextLink href="/safety/broken">{t('overview.broken')}</TextLink>
        <TextLink href="/safety/stolen">{t('overview.stolen')}</TextLink>
        <TextLink href="/safety">{t('back-safety')}</TextLink>
      </Row>
      {asking === undefined ? null : <Revoke session={session} sheet={asking} onEnd={() => setAsking(undefined)} />}
    </Page>
  )
}

interface SheetsProps {
  readonly session: AppSession
  readonly sheets: readonly RecoverySheet[]
  readonly onRevoke: (sheet: RecoverySheet) => void
}

function Sheets({ session, sheets, onRevoke }: SheetsProps) {
  const { t, i18n } = useTranslation('recovery')
  const now = useNow()
  const { recovery } = useLive(session.settings)
  return (
    <Section title={t('overview.yours')}>
      <ul className="t-list">
        {sheets.map((sheet) => {
          const name = sheetName(i18n, sheet)
          return (
            <li key={sheet.id}>
              <div>{name}</div>
              <Button onPress={() => onRevoke(sheet)} label={t('overview.revoke-label', { name })}>
                {t('overview.revoke')}
              </Button>
            </li>
          )
        })}
      </ul>
      <p>
        {recovery.triedAt === 0
          ? t('overview.never-tried')
          : t('overview.tried', { when: when(i18n, recovery.triedAt, now) })}
      </p>
      {isRehearsalDue(sheets, recovery, now) ? <p>{t('overview.due')}</p> : null}
      <p>{t('overview.try-what')}</p>
      <Row>
        <ButtonLink href="/safety/recovery/try" look="primary">
          {t('overview.try')}
        </ButtonLink>
        <ButtonLink href="/safety/recovery/new">{t('overview.make-another')}</ButtonLink>
      </Row>
    </Section>
  )
}

interface RevokeProps {
  readonly session: AppSession
  readonly sheet: RecoverySheet
  readonly onEnd: () => void
}

function Revoke({ session, sheet, onEnd }: RevokeProps) {
  const { t, i18n } = useTranslation('recovery')
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const revoke = async () => {
    setBusy(true)
    const revoked = await session.recovery.revoke(sheet.id)
    setBusy(false)
    setFailed(!revoked.ok)
    if (!revoked.ok) return
    announce(t('revoke.done'))
    onEnd()
  }
  return (
    <ConfirmDialog
      open
      title={t('revoke.title')}
      confirm={t('revoke.yes')}
      keep={t('revoke.keep')}
      danger
      busy={busy}
      onConfirm={() => void revoke()}
      onKeep={onEnd}
    >
      <p>{sheetName(i18n, sheet)}</p>
      <p>{t('revoke.what')}</p>
      <p>{t('revoke.backups')}</p>
      {failed ? <Notice tone="problem" announce="now" title={t('revoke.storage-failed')} /> : null}
    </ConfirmDialog>
  )
}
