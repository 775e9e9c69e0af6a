import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import type { RecoverySheet } from '../../../../shared/model/recovery.ts'
import { Button, ButtonLink, ErrorSummary, Notice, Page, Row, SheetWordsField } from '../../../ui/index.ts'
import { sheetName } from '../model/sheet-name.ts'
import { useWords, WORDS_FIELD } from './use-words.ts'

/** A rehearsal: the words are typed and tried. Only the day of it is kept. */
export function TrySheet({ session }: { readonly session: AppSession }) {
  const { t } = useTranslation('recovery')
  const words = useWords(session.recovery)
  const [result, setResult] = useState<{ readonly sheet: RecoverySheet; readonly kept: boolean }>()

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const sheet = await words.send()
    if (sheet === undefined) return
    const { recovery } = session.settings.get()
    const kept = await session.changeSettings({ recovery: { ...recovery, triedAt: Date.now() } })
    setResult({ sheet, kept: kept.ok })
  }

  if (result !== undefined) return <Works {...result} />
  return (
    <Page title={t('try.title')} lead={<p>{t('try.lead')}</p>} step="words" scope={{ kind: 'computer' }}>
      <ErrorSummary problems={words.problems} />
      <form className="t-stack" onSubmit={(event) => void submit(event)} noValidate>
        <SheetWordsField
          id={WORDS_FIELD}
          check={session.recovery.checkWords}
          text={words.text}
          onText={words.change}
          problem={words.problems[0]?.message}
        />
        <Row>
          <Button type="submit" look="primary" busy={words.busy}>
            {t('try.go')}
          </Button>
          {words.busy ? (
            <p className="t-quiet">{t('words.busy')}</p>
          ) : (
            <ButtonLink href="/safety/recovery">{t('back', { ns: 'common' })}</ButtonLink>
          )}
        </Row>
        <p className="t-quiet">{t('try.lost')}</p>
      </form>
    </Page>
  )
}

function Works({ sheet, kept }: { readonly sheet: RecoverySheet; readonly kept: boolean }) {
  const { t, i18n } = useTranslation('recovery')
  return (
    <Page
      title={t('try.done')}
      lead={<p>{t('try.done-lead', { name: sheetName(i18n, sheet) })}</p>}
      step="done"
      over
      scope={{ kind: 'computer' }}
    >
      <p>{t('try.done-what')}</p>
      {kept ? null : <Notice tone="care" title={t('try.date-not-saved')} />}
      <Row>
        <ButtonLink href="/safety/recovery" look="primary">
          {t('back')}
        </ButtonLink>
      </Row>
    </Page>
  )
}
