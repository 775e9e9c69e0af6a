import { useTranslation } from 'react-i18next'
import type { AppState } from '../../../shared/model/contexts.ts'
import { Button, Notice, Page } from '../../ui/index.ts'

export function Blocked({ state }: { readonly state: Extract<AppState, { stage: 'blocked' }> }) {
  const { t } = useTranslation('common')
  const { reason, detail } = state
  return (
    <Page title={t('blocked.title')}>
      <Notice
        tone="care"
        title={t(`blocked.${reason}.what`)}
        {...(reason === 'wipe-unfinished' ? {} : { safe: t('blocked.safe') })}
        // Without its host the page cannot be loaded again: the browser's own error would take its place.
        {...(reason === 'host-gone' ? {} : { actions: <Again /> })}
      >
        {t(`blocked.${reason}.todo`)}
      </Notice>
      {detail === undefined ? null : <p className="t-quiet">{t('blocked.detail', { detail })}</p>}
    </Page>
  )
}

function Again() {
  const { t } = useTranslation('common')
  return (
    <Button look="primary" onPress={() => location.reload()}>
      {t('blocked.again')}
    </Button>
  )
}
