import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CircleContext } from '../../../../../shared/model/contexts.ts'
import { Button, Dialog, Field } from '../../../../ui/index.ts'
import { setReview } from '../../model/commands.ts'
import type { Paper } from '../../model/paper.ts'
import { type Day, isDay } from '../../model/versions/day.ts'

export interface ReviewDialogProps {
  readonly circle: CircleContext
  readonly paper: Paper
  readonly onClose: () => void
}

export function ReviewDialog({ circle, paper, onClose }: ReviewDialogProps) {
  const { t } = useTranslation(['versions', 'papers'])
  const form = useId()
  const [day, setDay] = useState<string>(paper.reviewOn ?? '')
  const [problem, setProblem] = useState<string>()
  const put = (chosen: Day | null): void => {
    if (setReview(circle, paper.id, chosen).ok) onClose()
    else setProblem(t('papers:newer-version'))
  }
  const save = (event: FormEvent): void => {
    event.preventDefault()
    if (isDay(day)) put(day)
    else setProblem(t('review.problem'))
  }
  return (
    <Dialog
      open
      title={t('review.title', { title: paper.title })}
      onClose={onClose}
      actions={
        <>
          <button type="submit" form={form} className="t-button" data-look="primary">
            {t('review.save')}
          </button>
          {paper.reviewOn === null ? null : <Button onPress={() => put(null)}>{t('review.none')}</Button>}
          <Button onPress={onClose}>{t('review.cancel')}</Button>
        </>
      }
    >
      <form id={form} onSubmit={save} noValidate>
        <Field
          id={`${form}-day`}
          type="date"
          label={t('review.day')}
          hint={t('review.hint')}
          problem={problem}
          value={day}
          onChange={setDay}
        />
      </form>
    </Dialog>
  )
}
