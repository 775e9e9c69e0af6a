import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Dialog, Field } from '../../../../ui/index.ts'
import type { Paragraph, ProposeProblem } from '../../model/talk/propose.ts'
import { LONGEST_PROPOSED, LONGEST_SAID } from '../../model/talk/talk.ts'
import type { Drafts } from './drafts.ts'

export interface ProposeDialogProps {
  readonly paragraph: Paragraph
  /** What the field begins with where nothing was typed yet. */
  readonly begin: string
  /** What they are for: another draft for each. */
  readonly draft: string
  readonly drafts: Drafts
  /** What is wrong; undefined: it was added. */
  readonly onPropose: (text: string, reason: string) => ProposeProblem | undefined
  readonly onClose: () => void
}

/** Asks how a paragraph is to read. What is typed is there again when it is opened the next time. */
export function ProposeDialog({ paragraph, begin, draft, drafts, onPropose, onClose }: ProposeDialogProps) {
  const { t } = useTranslation('talk')
  const form = useId()
  const [text, setText] = useState(drafts.get(draft) ?? begin)
  const [reason, setReason] = useState(drafts.get(`why ${draft}`) ?? '')
  const [problem, setProblem] = useState<ProposeProblem>()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = onPropose(text, reason)
    if (found !== undefined) return setProblem(found)
    drafts.delete(draft)
    drafts.delete(`why ${draft}`)
    onClose()
  }
  return (
    <Dialog
      open
      title={t('propose.title')}
      onClose={onClose}
      actions={
        <>
          <button type="submit" form={form} className="t-button" data-look="primary">
            {t('propose.save')}
          </button>
          <Button onPress={onClose}>{t('close')}</Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="t-stack">
        <p className="t-talk-words">{t('propose.now', { words: paragraph.words })}</p>
        <Field
          id={`${form}-text`}
          label={t('propose.label')}
          hint={`${t('propose.hint')} ${t('kept')}`}
          problem={problem === undefined ? undefined : t(`propose.problem.${problem}`)}
          lines={5}
          spellCheck
          value={text}
          onChange={(typed) => {
            setText(typed)
            drafts.set(draft, typed)
          }}
          maxLength={LONGEST_PROPOSED}
        />
        <Field
          id={`${form}-reason`}
          label={t('propose.reason')}
          lines={2}
          spellCheck
          value={reason}
          onChange={(typed) => {
            setReason(typed)
            drafts.set(`why ${draft}`, typed)
          }}
          maxLength={LONGEST_SAID}
        />
      </form>
    </Dialog>
  )
}
