import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { systemClock } from '../../../../../shared/base/clock.ts'
import { describeThrown } from '../../../../../shared/base/errors.ts'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { announce, ConfirmDialog, Notice } from '../../../../ui/index.ts'
import { noteChange } from '../../model/commands.ts'
import type { HeldPaper } from '../../model/places.ts'
import { type Restored, type RestoreProblem, restoreVersion } from '../../model/versions/restore.ts'
import type { Version } from '../../model/versions/version.ts'
import { namesWithin } from '../words.ts'
import { versionName } from './words.ts'

export interface RestoreDialogProps {
  readonly held: HeldPaper
  readonly document: OpenDocument
  readonly version: Version
  readonly onRestored: (restored: Restored) => void
  readonly onClose: () => void
}

/** Says what bringing a version back does, to whom, and how it can be taken back; then it is done. */
export function RestoreDialog({ held, document, version, onRestored, onClose }: RestoreDialogProps) {
  const { t, i18n } = useTranslation('versions')
  const { place, paper } = held
  const [problem, setProblem] = useState<RestoreProblem>()
  const restore = (): void => {
    const at = systemClock.now()
    const restored = restoreVersion(document.doc, version, at)
    if (!restored.ok) return setProblem(restored.error)
    noteChange(place.circle, paper.id, at)
    document.flush().catch((thrown: unknown) => {
      console.warn('restore', describeThrown(thrown))
      announce(t('restore.problem.storage-failed'))
    })
    onRestored(restored.value)
  }
  return (
    <ConfirmDialog
      open
      title={t('restore.title', { name: versionName(t, version) })}
      confirm={t('restore.confirm')}
      keep={t('restore.leave')}
      onConfirm={restore}
      onKeep={onClose}
    >
      {problem === undefined ? null : (
        <Notice
          tone="problem"
          announce="now"
          title={t(`restore.problem.${problem}`)}
          safe={t('restore.problem.safe')}
        />
      )}
      <p>{t('restore.what', { title: paper.title })}</p>
      <p>{t('restore.kept')}</p>
      {place.cannot === undefined ? null : (
        <p>
          {t('restore.cannot', {
            names: namesWithin(i18n.getFixedT(i18n.language, 'papers'), i18n, place.cannot),
          })}
        </p>
      )}
    </ConfirmDialog>
  )
}
