import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { systemClock } from '../../../../../shared/base/clock.ts'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { announce, Button } from '../../../../ui/index.ts'
import { type HeldPaper, isWritable, type Named } from '../../model/places.ts'
import { movedTo } from '../../model/selectors.ts'
import { agree } from '../../model/versions/agreement.ts'
import type { Version } from '../../model/versions/version.ts'
import { AgreeDialog } from './agree-dialog.tsx'
import { useAgreements } from './use-versions.ts'
import { agreementLines } from './words.ts'

export interface AgreementSectionProps {
  readonly held: HeldPaper
  readonly document: OpenDocument
  readonly version: Version
  readonly people: readonly Named[]
}

/** Whether a version was agreed on, by whom, and one's own part in it. */
export function AgreementSection({ held, document, version, people }: AgreementSectionProps) {
  const { t, i18n } = useTranslation('versions')
  const { place, paper } = held
  const [writing, setWriting] = useState(false)
  const agreement = useAgreements(document).find((one) => one.version === version.id)
  const mayWrite = isWritable(place) && movedTo(paper).length === 0
  const join = (): void => {
    if (agreement === undefined) return
    const { day } = agreement
    agree(document.doc, { version: version.id, at: systemClock.now(), day, agrees: true, others: [] })
    announce(t('agree.done'))
    // The button that was pressed is there no more.
    window.document.querySelector<HTMLElement>('#main h1')?.focus()
  }
  return (
    <div className="t-stack">
      {agreement === undefined ? null : agreementLines(i18n, people, agreement).map((line) => <p key={line}>{line}</p>)}
      {!mayWrite ? null : agreement === undefined ? (
        <div>
          <Button onPress={() => setWriting(true)}>{t('agree.action')}</Button>
        </div>
      ) : agreement.members.includes(place.circle.me) ? null : (
        <div>
          <Button onPress={join}>{t('agree.join')}</Button>
        </div>
      )}
      {writing ? <AgreeDialog document={document} version={version} onClose={() => setWriting(false)} /> : null}
    </div>
  )
}
