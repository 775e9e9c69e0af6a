import type { Editor } from '@tiptap/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../button.tsx'
import { Dialog } from '../dialog.tsx'
import { Field } from '../field.tsx'
import { linkFromText, type LinkProblem } from './links.ts'

export interface LinkDialogProps {
  readonly editor: Editor
  readonly onClose: () => void
}

function addressAt(editor: Editor): string {
  const { href } = editor.getAttributes('link')
  return typeof href === 'string' ? href : ''
}

function setLink(editor: Editor, address: string, typed: string): void {
  const chain = editor.chain().extendMarkRange('link')
  const { empty } = editor.state.selection
  if (empty && !editor.isActive('link')) {
    const text = { type: 'text', text: typed, marks: [{ type: 'link', attrs: { href: address } }] }
    chain.insertContent([text, { type: 'text', text: ' ' }]).run()
  } else chain.setLink({ href: address }).run()
}

export function LinkDialog({ editor, onClose }: LinkDialogProps) {
  const { t } = useTranslation('editor')
  const [before] = useState(() => addressAt(editor))
  const [typed, setTyped] = useState(before)
  const [problem, setProblem] = useState<LinkProblem>()
  const save = (event: FormEvent): void => {
    event.preventDefault()
    const address = linkFromText(typed)
    if (!address.ok) return setProblem(address.error)
    setLink(editor, address.value, typed.trim())
    onClose()
  }
  const remove = (): void => {
    editor.chain().extendMarkRange('link').unsetLink().run()
    onClose()
  }
  return (
    <Dialog
      open
      title={t(before === '' ? 'link.add' : 'link.change')}
      onClose={onClose}
      actions={
        <>
          <Button look="primary" onPress={() => document.querySelector<HTMLFormElement>('#link-form')?.requestSubmit()}>
            {t('link.save')}
          </Button>
          {before === '' ? null : <Button onPress={remove}>{t('link.remove')}</Button>}
          <Button onPress={onClose}>{t('link.cancel')}</Button>
        </>
      }
    >
      <form id="link-form" onSubmit={save} noValidate>
        <Field
          id="link-address"
          label={t('link.address')}
          hint={t('link.hint')}
          problem={problem === undefined ? undefined : t(`link.problem.${problem}`)}
          value={typed}
          onChange={setTyped}
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="off"
        />
      </form>
      {before === '' ? null : (
        <p>
          <a className="t-link" href={before} target="_blank" rel="noopener noreferrer nofollow">
            {t('link.open', { address: before })}
          </a>
        </p>
      )}
    </Dialog>
  )
}
