import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Field, Row } from '../../../../ui/index.ts'
import type { AddProblem } from '../../model/talk/add.ts'
import { LONGEST_SAID } from '../../model/talk/talk.ts'
import type { Drafts } from './drafts.ts'

export interface SayFormProps {
  readonly label: string
  readonly save: string
  /** What the field begins with where nothing was typed yet. */
  readonly begin?: string
  readonly drafts: Drafts
  readonly draft: string
  /** What is wrong; undefined: it was added. */
  readonly onSave: (text: string) => AddProblem | undefined
  readonly onClose: () => void
}

/** A field among the comments; has the focus when it opens. */
export function SayForm({ label, save, begin = '', drafts, draft, onSave, onClose }: SayFormProps) {
  const { t } = useTranslation('talk')
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const [text, setText] = useState(drafts.get(draft) ?? begin)
  const [problem, setProblem] = useState<AddProblem>()
  useEffect(() => form.current?.querySelector('textarea')?.focus(), [])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = onSave(text)
    if (found !== undefined) return setProblem(found)
    drafts.delete(draft)
    onClose()
  }
  return (
    <form ref={form} onSubmit={submit} noValidate className="t-stack">
      <Field
        id={`${id}-text`}
        label={label}
        hint={t('kept')}
        problem={problem === undefined ? undefined : t(`problem.${problem}`)}
        lines={3}
        spellCheck
        value={text}
        onChange={(typed) => {
          setText(typed)
          drafts.set(draft, typed)
        }}
        maxLength={LONGEST_SAID}
      />
      <Row>
        <Button type="submit" look="primary">
          {save}
        </Button>
        <Button onPress={onClose}>{t('close')}</Button>
      </Row>
    </form>
  )
}
