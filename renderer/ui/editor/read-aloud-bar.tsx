import type { Editor } from '@tiptap/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../button.tsx'
import { announce } from '../live-region.tsx'
import { readAloud, type Reader, type Speaking } from './speech.ts'
import { useKeysIn } from './use-keys-in.ts'

export interface ReadAloudBarProps {
  readonly editor: Editor
  readonly language: string
  readonly onClose: () => void
}

/** Begins to read as soon as it is there, and is silent when it goes. */
export function ReadAloudBar({ editor, language, onClose }: ReadAloudBarProps) {
  const { t } = useTranslation('editor')
  const bar = useRef<HTMLElement>(null)
  const [state, setState] = useState<Speaking>('starting')
  const reader = useRef<Reader>(undefined)
  useEffect(() => {
    // oxlint-disable-next-line typescript/no-unnecessary-condition -- a browser may be built without it
    const created = readAloud(editor, language, window.speechSynthesis ?? undefined, setState)
    reader.current = created
    return () => created.stop()
  }, [editor, language])
  useEffect(() => bar.current?.querySelector('button')?.focus(), [])
  useEffect(() => {
    // Not while it reads: one voice at a time.
    if (state !== 'no-voice' && state !== 'stopped-by-system' && state !== 'done') return
    announce(t(`read.${state}`))
    // The button to pause went away, perhaps with the focus.
    if (document.activeElement === document.body) bar.current?.querySelector('button')?.focus()
  }, [state, t])
  useKeysIn(bar, (event) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    onClose()
  })
  const isUnderWay = state === 'reading' || state === 'paused' || state === 'starting'
  return (
    <section className="t-editor-bar" aria-label={t('read.title')} ref={bar}>
      <Button onPress={onClose}>{t(isUnderWay ? 'read.stop' : 'bar.close')}</Button>
      {state === 'reading' || state === 'paused' ? (
        <Button onPress={() => (state === 'reading' ? reader.current?.pause() : reader.current?.goOn())}>
          {t(state === 'reading' ? 'read.pause' : 'read.go-on')}
        </Button>
      ) : null}
      <p>{t(`read.${state}`)}</p>
    </section>
  )
}
