import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field, FormDialog } from '../../../../ui/index.ts'
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
  const id = useId()
  const [text, setText] = useState(drafts.get(draft) ?? begin)
  const [reason, setReason] = useState(drafts.get(`why ${draft}`) ?? '')
  const [problem, setProblem] = useState<ProposeProblem>()
  const propose = (): void => {
    const found = onPropose(text, reason)
    if (found !== undefined) return setProblem(found)
    drafts.delete(draft)
    drafts.delete(`why ${draft}`)
    onClose()
  }
  return (
    <FormDialog
      title={t('propose.title')}
      save={t('propose.save')}
      cancel={t('close')}
      onSave={propose}
      onClose={onClose}
    >
      <p className="t-talk-words">{t('propose.now', { words: paragraph.words })}</p>
      <Field
        id={`${id}-text`}
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
        id={`${id}-reason`}
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
    </FormDialog>
  )
}
