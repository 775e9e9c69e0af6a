import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CircleContext } from '../../../../shared/model/contexts.ts'
import { Field, FormDialog } from '../../../ui/index.ts'
import { LONGEST_TITLE, renamePaper } from '../model/commands.ts'
import type { Paper } from '../model/paper.ts'

export interface RenameDialogProps {
  readonly circle: CircleContext
  readonly paper: Paper
  readonly onClose: () => void
}

export function RenameDialog({ circle, paper, onClose }: RenameDialogProps) {
  const { t } = useTranslation('papers')
  const [title, setTitle] = useState(paper.title)
  const [problem, setProblem] = useState<'empty' | 'newer-version'>()
  const save = (): void => {
    const renamed = renamePaper(circle, paper.id, title)
    if (renamed.ok) onClose()
    else setProblem(renamed.error)
  }
  return (
    <FormDialog title={t('rename.title')} save={t('rename.save')} cancel={t('cancel')} onSave={save} onClose={onClose}>
      <Field
        id="paper-title"
        label={t('rename.label')}
        hint={t('rename.hint')}
        problem={problem === undefined ? undefined : t(`rename.problem.${problem}`)}
        value={title}
        onChange={setTitle}
        maxLength={LONGEST_TITLE}
      />
    </FormDialog>
  )
}
