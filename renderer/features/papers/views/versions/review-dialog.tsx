import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CircleContext } from '../../../../../shared/model/contexts.ts'
import { Button, Field, FormDialog } from '../../../../ui/index.ts'
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
  const id = useId()
  const [day, setDay] = useState<string>(paper.reviewOn ?? '')
  const [problem, setProblem] = useState<string>()
  const put = (chosen: Day | null): void => {
    if (setReview(circle, paper.id, chosen).ok) onClose()
    else setProblem(t('papers:newer-version'))
  }
  const save = (): void => {
    if (isDay(day)) put(day)
    else setProblem(t('review.problem'))
  }
  return (
    <FormDialog
      title={t('review.title', { title: paper.title })}
      save={t('review.save')}
      cancel={t('review.cancel')}
      other={paper.reviewOn === null ? null : <Button onPress={() => put(null)}>{t('review.none')}</Button>}
      onSave={save}
      onClose={onClose}
    >
      <Field
        id={`${id}-day`}
        type="date"
        label={t('review.day')}
        hint={t('review.hint')}
        problem={problem}
        value={day}
        onChange={setDay}
      />
    </FormDialog>
  )
}
