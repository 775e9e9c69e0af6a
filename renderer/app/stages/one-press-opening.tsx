import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KeychainContext, KeychainView } from '../../../shared/model/keychain.ts'
import { announce, Button, Notice, Row } from '../../ui/index.ts'

interface Props {
  readonly keychain: KeychainContext
  readonly state: Extract<KeychainView, { on: true }>['state']
}

/**
 * Always one press, never by itself: whoever locked meant it, and whoever starts Teatray sees what is about to open. The passphrase's
 * field stays beside it, so that nobody is held up where this computer gives nothing back.
 */
export function OnePressOpening({ keychain, state }: Props) {
  const { t } = useTranslation('common')
  const [busy, setBusy] = useState(false)
  const [pressed, setPressed] = useState(false)
  const [failed, setFailed] = useState<'storage-failed' | 'newer-version'>()

  const open = async () => {
    setBusy(true)
    setPressed(true)
    setFailed(undefined)
    announce(t('unlock.one-press.busy'))
    const opened = await keychain.open()
    setBusy(false)
    // All other trouble comes back as the state, and the focus goes to the passphrase's field.
    if (!opened.ok && (opened.error === 'storage-failed' || opened.error === 'newer-version')) setFailed(opened.error)
  }

  if (state !== 'opens' && state !== 'checking')
    return (
      <Notice
        tone="care"
        {...(pressed ? { announce: 'now' as const } : {})}
        title={t(`unlock.one-press.${state}`)}
        safe={t('unlock.one-press.safe')}
      >
        {t('unlock.one-press.todo')}
      </Notice>
    )
  return (
    <>
      {failed === undefined ? null : <Notice tone="problem" announce="now" title={t(`unlock.${failed}`)} />}
      <Row>
        <Button look="primary" busy={busy || state === 'checking'} onPress={() => void open()}>
          {t('unlock.open')}
        </Button>
        {busy || state === 'checking' ? <p className="t-quiet">{t('unlock.one-press.busy')}</p> : null}
      </Row>
    </>
  )
}
