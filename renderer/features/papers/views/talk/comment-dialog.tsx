import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Dialog, Field } from '../../../../ui/index.ts'
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
  const form = useId()
  const [text, setText] = useState(drafts.get(DRAFT) ?? '')
  const [problem, setProblem] = useState<AddProblem>()
  const add = (event: FormEvent): void => {
    event.preventDefault()
    const found = onAdd(text)
    if (found !== undefined) return setProblem(found)
    drafts.delete(DRAFT)
    onClose()
  }
  return (
    <Dialog
      open
      title={t('comment.title')}
      onClose={onClose}
      actions={
        <>
          <button type="submit" form={form} className="t-button" data-look="primary">
            {t('comment.save')}
          </button>
          <Button onPress={onClose}>{t('comment.cancel')}</Button>
        </>
      }
    >
      <form id={form} onSubmit={add} noValidate className="t-stack">
        <p className="t-talk-words">
          {words === '' ? t('comment.about-paper') : t('comment.about', { words: excerpt(words, 300) })}
        </p>
        <Field
          id={`${form}-text`}
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
      </form>
    </Dialog>
  )
}
