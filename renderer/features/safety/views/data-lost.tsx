import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupFileProblem, LostData, ReadableBackup } from '../../../../shared/model/backups.ts'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import { announce, Button, Notice, Page, Row, useNow, when } from '../../../ui/index.ts'
import { backupSize } from '../model/backup-size.ts'
import { Refused, RestoreBackup } from './restore-backup.tsx'

interface DataLostProps {
  readonly session: AppSession
  readonly lost: LostData
  readonly onAnew: () => void
}

/** In place of a welcome, where there was a Teatray before: what is gone, what is safe, and what can be brought back. */
export function DataLost({ session, lost, onAnew }: DataLostProps) {
  const { t } = useTranslation('backup')
  const [choosing, setChoosing] = useState(false)
  const [backup, setBackup] = useState<ReadableBackup>()
  const [problem, setProblem] = useState<BackupFileProblem>()
  const [busy, setBusy] = useState(false)

  const bring = async () => {
    setBusy(true)
    setProblem(undefined)
    announce(t('bring-back.file.busy'))
    const read = await session.readLatestBackup()
    setBusy(false)
    if (read.ok) setBackup(read.value)
    else setProblem(read.error)
  }
  const back = () => {
    setChoosing(false)
    setBackup(undefined)
  }

  if (choosing || backup !== undefined) return <RestoreBackup session={session} found={backup} onBack={back} />
  return (
    <Page title={t('lost.title')} scope={{ kind: 'computer' }}>
      <Notice tone="care" title={t('lost.what')} safe={t('lost.safe')}>
        {t('lost.notes')}
      </Notice>
      {problem === undefined ? null : <Refused problem={problem} />}
      <Kept lost={lost} />
      <Row>
        {lost.latest === undefined ? null : (
          <Button look="primary" busy={busy} onPress={() => void bring()}>
            {t('lost.bring')}
          </Button>
        )}
        {lost.folder !== undefined && lost.latest === undefined ? (
          <Button look="primary" onPress={() => location.reload()}>
            {t('lost.look')}
          </Button>
        ) : null}
        <Button onPress={() => setChoosing(true)}>
          {lost.latest === undefined ? t('bring-back.link') : t('lost.other')}
        </Button>
        <Button onPress={onAnew}>{t('lost.anew')}</Button>
      </Row>
      {busy ? <p className="t-quiet">{t('bring-back.file.busy')}</p> : null}
      <p className="t-quiet">{t('lost.anew-note')}</p>
    </Page>
  )
}

function Kept({ lost: { folder, latest } }: Pick<DataLostProps, 'lost'>) {
  const { t, i18n } = useTranslation('backup')
  const now = useNow()
  if (folder === undefined) return <p>{t('lost.none')}</p>
  if (latest === undefined) return <p>{t('lost.away', { folder })}</p>
  const { at, bytes } = latest
  return <p>{t('lost.latest', { folder, when: when(i18n, at, now), size: backupSize(i18n, bytes) })}</p>
}
