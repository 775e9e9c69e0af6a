import type { Editor } from '@tiptap/core'
import { useEffect, useState } from 'react'
import { factsOf, type TextFacts } from './outline.ts'

/** A long text is looked through when writing pauses, not at every letter. */
const PAUSE = 400

/** What is said of the whole text, a moment after it changed. */
export function useFacts(editor: Editor | undefined): TextFacts {
  const [facts, setFacts] = useState<TextFacts>({ words: 0, outline: [], hasSummary: false })
  useEffect(() => {
    if (editor === undefined) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = (): void => {
      if (!editor.isDestroyed) setFacts(factsOf(editor.state.doc))
    }
    const changed = (): void => {
      clearTimeout(timer)
      timer = setTimeout(read, PAUSE)
    }
    // A document's words come right after the editor was made.
    changed()
    editor.on('update', changed)
    return () => {
      clearTimeout(timer)
      editor.off('update', changed)
    }
  }, [editor])
  return facts
}
