import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field, FormDialog } from '../../../../ui/index.ts'
import type { AddProblem } from '../../model/talk/add.ts'
import { LONGEST_SAID } from '../../model/talk/talk.ts'
import type { Drafts } from './drafts.ts'
import { excerpt } from './words.ts'

export interface CommentDialogProps {
  /** Empty: about the whole paper. */
  readonly words: string
  readonly drafts: Drafts
  /** What is wrong; undefined: it was added. */
  readonly onAdd: (text: string) => AddProblem | undefined
  readonly onClose: () => void
}

const DRAFT = 'comment'

/** Asks what somebody wants to say. What is typed is there again when it is opened the next time. */
export function CommentDialog({ words, drafts, onAdd, onClose }: CommentDialogProps) {
  const { t } = useTranslation('talk')
  const id = useId()
  const [text, setText] = useState(drafts.get(DRAFT) ?? '')
  const [problem, setProblem] = useState<AddProblem>()
  const add = (): void => {
    const found = onAdd(text)
    if (found !== undefined) return setProblem(found)
    drafts.delete(DRAFT)
    onClose()
  }
  return (
    <FormDialog
      title={t('comment.title')}
      save={t('comment.save')}
      cancel={t('comment.cancel')}
      onSave={add}
      onClose={onClose}
    >
      <p className="t-talk-words">
        {words === '' ? t('comment.about-paper') : t('comment.about', { words: excerpt(words, 300) })}
      </p>
      <Field
        id={`${id}-text`}
        label={t('comment.label')}
        hint={`${t('comment.hint')} ${t('kept')}`}
        problem={problem === undefined ? undefined : t(`problem.${problem}`)}
        lines={4}
        spellCheck
        value={text}
        onChange={(typed) => {
          setText(typed)
          drafts.set(DRAFT, typed)
        }}
        maxLength={LONGEST_SAID}
      />
    </FormDialog>
  )
}
