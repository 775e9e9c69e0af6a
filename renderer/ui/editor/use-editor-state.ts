import type { Editor } from '@tiptap/core'
import { useCallback, useRef, useSyncExternalStore } from 'react'

type Flat = Readonly<Record<string, string | number | boolean>>

const same = (a: Flat, b: Flat): boolean => Object.keys(a).every((name) => a[name] === b[name])

/** What `read` says of the editor; rendered again only when one of its values is another one. */
export function useEditorState<State extends Flat>(editor: Editor, read: (editor: Editor) => State): State {
  const last = useRef<State>(undefined)
  const subscribe = useCallback(
    (onChange: () => void) => {
      editor.on('transaction', onChange)
      return () => void editor.off('transaction', onChange)
    },
    [editor],
  )
  return useSyncExternalStore(subscribe, () => {
    const now = read(editor)
    if (last.current === undefined || !same(now, last.current)) last.current = now
    return last.current
  })
}
