import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { systemClock } from '../../../../../shared/base/clock.ts'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { announce, Field, FormDialog, Tick } from '../../../../ui/index.ts'
import { agree, namesFrom } from '../../model/versions/agreement.ts'
import { dayOf, isDay } from '../../model/versions/day.ts'
import type { Version } from '../../model/versions/version.ts'
import { versionName } from './words.ts'

export interface AgreeDialogProps {
  readonly document: OpenDocument
  readonly version: Version
  readonly onClose: () => void
}

/** When it was agreed on, and who was there: oneself by a tick, others by name. */
export function AgreeDialog({ document, version, onClose }: AgreeDialogProps) {
  const { t } = useTranslation('versions')
  const id = useId()
  const [day, setDay] = useState<string>(() => dayOf(systemClock.now()))
  const [agrees, setAgrees] = useState(false)
  const [others, setOthers] = useState('')
  const [problem, setProblem] = useState<'day' | 'nobody'>()
  const save = (): void => {
    if (!isDay(day)) return setProblem('day')
    const names = namesFrom(others)
    if (!agrees && names.length === 0) return setProblem('nobody')
    agree(document.doc, { version: version.id, at: systemClock.now(), day, agrees, others: names })
    announce(t('agree.done'))
    onClose()
    // The button that opened this is there no more.
    setTimeout(() => window.document.querySelector<HTMLElement>('#main h1')?.focus())
  }
  return (
    <FormDialog
      title={t('agree.title')}
      save={t('agree.save')}
      cancel={t('agree.cancel')}
      onSave={save}
      onClose={onClose}
    >
      <p>{t('agree.what', { name: versionName(t, version) })}</p>
      <Field
        id={`${id}-day`}
        type="date"
        label={t('agree.day')}
        problem={problem === 'day' ? t('agree.problem.day') : undefined}
        value={day}
        onChange={setDay}
      />
      <Tick
        id={`${id}-me`}
        label={t('agree.me')}
        hint={t('agree.me-hint')}
        problem={problem === 'nobody' ? t('agree.problem.nobody') : undefined}
        checked={agrees}
        onChange={setAgrees}
      />
      <Field
        id={`${id}-others`}
        label={t('agree.others')}
        hint={t('agree.others-hint')}
        lines={3}
        value={others}
        onChange={setOthers}
      />
    </FormDialog>
  )
}
