import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import { Button, ButtonLink, Notice, useLive, useNow } from '../../../ui/index.ts'
import { isRehearsalDue } from '../model/rehearsal.ts'

/** Asked once a month at most, and gone with "Not now". */
export function RehearsalNote({ session }: { readonly session: AppSession }) {
  const { t } = useTranslation('recovery')
  const now = useNow()
  const sheets = useLive(session.recovery.sheets)
  const { recovery } = useLive(session.settings)
  const [putOff, setPutOff] = useState(false)
  if (putOff || !isRehearsalDue(sheets, recovery, now)) return null
  const notNow = () => {
    setPutOff(true)
    // Where it cannot be saved, the question comes again at the next start: nothing is lost by it.
    void session.changeSettings({ recovery: { ...recovery, putOffAt: now } })
  }
  return (
    <Notice
      title={t('note.title')}
      actions={
        <>
          <ButtonLink href="/safety/recovery/try">{t('overview.try')}</ButtonLink>
          <Button onPress={notNow}>{t('note.not-now')}</Button>
        </>
      }
    >
      {t('note.what')}
    </Notice>
  )
}
