import { useTranslation } from 'react-i18next'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import { Button, ButtonLink, Notice, useLive } from '../../../ui/index.ts'

/** What was found when this computer's data was opened, and is not as it was left. */
export function FoundNotes({ session }: { readonly session: AppSession }) {
  return (
    <>
      <OldCopy session={session} />
      <Unopened session={session} />
    </>
  )
}

function OldCopy({ session }: { readonly session: AppSession }) {
  const { t } = useTranslation('backup')
  const found = useLive(session.oldCopy)
  if (found === undefined) return null
  return (
    <div className="t-above-page">
      <Notice
        tone="care"
        title={t(`old-copy.${found}.title`)}
        safe={t(`old-copy.${found}.safe`)}
        actions={<Button onPress={() => void session.acknowledgeOldCopy()}>{t('old-copy.read')}</Button>}
      >
        {t(`old-copy.${found}.todo`)}
      </Notice>
    </div>
  )
}

function Unopened({ session }: { readonly session: AppSession }) {
  const { t } = useTranslation('backup')
  const count = useLive(session.unopened)
  if (count === 0) return null
  return (
    <div className="t-above-page">
      <Notice
        tone="care"
        title={t('unopened.title', { count })}
        safe={t('unopened.safe')}
        actions={<ButtonLink href="/safety/broken">{t('unopened.how')}</ButtonLink>}
      >
        {t('unopened.todo')}
      </Notice>
    </div>
  )
}
