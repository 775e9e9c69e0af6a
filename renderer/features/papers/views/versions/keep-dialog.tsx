import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { systemClock } from '../../../../../shared/base/clock.ts'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { announce, Button, Dialog, Field } from '../../../../ui/index.ts'
import { keepVersion, tidyName } from '../../model/versions/keep.ts'
import { LONGEST_NAME, LONGEST_NOTE } from '../../model/versions/version.ts'

export interface KeepDialogProps {
  readonly document: OpenDocument
  readonly onClose: () => void
}

/** Asks what the paper as it is now is to be called, and keeps it. */
export function KeepDialog({ document, onClose }: KeepDialogProps) {
  const { t } = useTranslation('versions')
  const form = useId()
  const [name, setName] = useState('')
  const [note, setNote] = useState('')
  const [problem, setProblem] = useState<'empty' | 'full'>()
  const keep = (event: FormEvent): void => {
    event.preventDefault()
    if (tidyName(name) === '') return setProblem('empty')
    const kept = keepVersion(document.doc, { why: 'kept', at: systemClock.now(), name, note })
    if (!kept.ok) return setProblem(kept.error)
    announce(t('keep.done', { name: tidyName(name) }))
    onClose()
  }
  return (
    <Dialog
      open
      title={t('keep.title')}
      onClose={onClose}
      actions={
        <>
          <button type="submit" form={form} className="t-button" data-look="primary">
            {t('keep.save')}
          </button>
          <Button onPress={onClose}>{t('keep.cancel')}</Button>
        </>
      }
    >
      <form id={form} onSubmit={keep} noValidate className="t-stack">
        <p>{t('keep.why')}</p>
        <Field
          id={`${form}-name`}
          label={t('keep.name')}
          hint={t('keep.name-hint')}
          problem={problem === undefined ? undefined : t(`keep.problem.${problem}`)}
          value={name}
          onChange={setName}
          maxLength={LONGEST_NAME}
        />
        <Field
          id={`${form}-note`}
          label={t('keep.note')}
          lines={3}
          value={note}
          onChange={setNote}
          maxLength={LONGEST_NOTE}
        />
      </form>
    </Dialog>
  )
}
