import type { Editor } from '@tiptap/core'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../button.tsx'
import { Field } from '../field.tsx'
import { announce } from '../live-region.tsx'
import { lookFor, readFound, replaceAll, replaceShown, step, stopLooking } from './found.ts'
import { useEditorState } from './use-editor-state.ts'
import { useKeysIn } from './use-keys-in.ts'

export interface FindBarProps {
  readonly editor: Editor
  readonly readOnly: boolean
  readonly onClose: () => void
}

const LONGEST_FIRST = 60

/** What is selected, where it is a few words of one line. */
function selected(editor: Editor): string {
  const { from, to, $from, $to } = editor.state.selection
  if (!$from.sameParent($to) || to - from > LONGEST_FIRST) return ''
  return editor.state.doc.textBetween(from, to, ' ', ' ').trim()
}

export function FindBar({ editor, readOnly, onClose }: FindBarProps) {
  const { t } = useTranslation('editor')
  const id = useId()
  const bar = useRef<HTMLElement>(null)
  const [wanted, setWanted] = useState(() => selected(editor))
  const [words, setWords] = useState('')
  const { count, shown } = useEditorState(editor, readFound)
  const [done, setDone] = useState('')
  const places = wanted.trim() === '' ? '' : count === 0 ? t('find.none') : t('find.count', { count, shown })
  const line = `${done} ${places}`.trim()

  useEffect(() => lookFor(editor, wanted), [editor, wanted])
  useEffect(() => () => (editor.isDestroyed ? undefined : stopLooking(editor)), [editor])
  useEffect(() => {
    const field = bar.current?.querySelector('input')
    field?.focus()
    field?.select()
  }, [])
  useEffect(() => {
    if (line !== '') announce(line)
  }, [line])

  const look = (typed: string): void => {
    setDone('')
    setWanted(typed)
  }
  const go = (to: 'next' | 'previous'): void => {
    setDone('')
    step(editor, to)
  }
  const replaced = (number: number): void => setDone(t('find.replaced', { count: number }))
  const keys = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' && event.key !== 'Enter') return
    if (event.key === 'Enter' && !(event.target instanceof HTMLInputElement)) return
    event.preventDefault()
    if (event.key === 'Escape') onClose()
    else go(event.shiftKey ? 'previous' : 'next')
  }
  useKeysIn(bar, keys)
  return (
    <search className="t-editor-bar t-find" aria-label={t('find.title')} ref={bar}>
      <div className="t-find-line">
        <Field id={`${id}-wanted`} label={t('find.wanted')} value={wanted} onChange={look} spellCheck={false} />
        <div className="t-row">
          <Button onPress={() => go('previous')}>{t('find.previous')}</Button>
          <Button onPress={() => go('next')}>{t('find.next')}</Button>
        </div>
      </div>
      {readOnly ? null : (
        <div className="t-find-line">
          <Field id={`${id}-words`} label={t('find.words')} value={words} onChange={setWords} />
          <div className="t-row">
            <Button onPress={() => replaced(replaceShown(editor, words))}>{t('find.replace')}</Button>
            <Button onPress={() => replaced(replaceAll(editor, words))}>{t('find.replace-all')}</Button>
          </div>
        </div>
      )}
      <p>{line}</p>
      <Button onPress={onClose}>{t('bar.close')}</Button>
    </search>
  )
}
