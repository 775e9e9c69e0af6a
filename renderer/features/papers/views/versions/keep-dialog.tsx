import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { systemClock } from '../../../../../shared/base/clock.ts'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { announce, Field, FormDialog } from '../../../../ui/index.ts'
import { keepVersion, tidyName } from '../../model/versions/keep.ts'
import { LONGEST_NAME, LONGEST_NOTE } from '../../model/versions/version.ts'

export interface KeepDialogProps {
  readonly document: OpenDocument
  readonly onClose: () => void
}

/** Asks what the paper as it is now is to be called, and keeps it. */
export function KeepDialog({ document, onClose }: KeepDialogProps) {
  const { t } = useTranslation('versions')
  const id = useId()
  const [name, setName] = useState('')
  const [note, setNote] = useState('')
  const [problem, setProblem] = useState<'empty' | 'full'>()
  const keep = (): void => {
    if (tidyName(name) === '') return setProblem('empty')
    const kept = keepVersion(document.doc, { why: 'kept', at: systemClock.now(), name, note })
    if (!kept.ok) return setProblem(kept.error)
    announce(t('keep.done', { name: tidyName(name) }))
    onClose()
  }
  return (
    <FormDialog title={t('keep.title')} save={t('keep.save')} cancel={t('keep.cancel')} onSave={keep} onClose={onClose}>
      <p>{t('keep.why')}</p>
      <Field
        id={`${id}-name`}
        label={t('keep.name')}
        hint={t('keep.name-hint')}
        problem={problem === undefined ? undefined : t(`keep.problem.${problem}`)}
        value={name}
        onChange={setName}
        maxLength={LONGEST_NAME}
      />
      <Field
        id={`${id}-note`}
        label={t('keep.note')}
        lines={3}
        value={note}
        onChange={setNote}
        maxLength={LONGEST_NOTE}
      />
    </FormDialog>
  )
}
