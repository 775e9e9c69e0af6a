/** Others' places in the text, with their names. Only while the reader asks for it; the reader's own view never moves for it. */
import type { Editor } from '@tiptap/core'
import { yCursorPlugin, yCursorPluginKey } from '@tiptap/y-tiptap'
import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'

/** Told apart by six line patterns and by name; see editor.css. */
const LOOKS = 6

interface Shown {
  readonly user?: { readonly name?: unknown }
  readonly cursor?: { readonly anchor?: unknown; readonly head?: unknown } | null
}

/** What others announce is not ours: a malformed place must not reach the plug-in, which would throw inside an edit. */
function isWellFormed(state: unknown): boolean {
  const { cursor } = (state ?? {}) as Shown
  if (cursor === null || cursor === undefined) return false
  try {
    Y.createRelativePositionFromJSON(cursor.anchor)
    Y.createRelativePositionFromJSON(cursor.head)
    return typeof cursor.anchor === 'object' && typeof cursor.head === 'object'
  } catch {
    return false
  }
}

function caretElement(name: string, clientId: number): HTMLElement {
  const caret = document.createElement('span')
  caret.className = 't-other-caret'
  caret.dataset['look'] = String(clientId % LOOKS)
  const label = document.createElement('span')
  label.className = 't-other-name'
  label.textContent = name
  // Keeps the text before and after in one line box.
  caret.append('\u2060', label, '\u2060')
  return caret
}

/**
 * `nameOf` decides whose name is shown for a Yjs client id; what the other side claims is used only where it does not know.
 * Returns the way to stop.
 */
export function showOthers(
  editor: Editor,
  awareness: Awareness,
  myName: string,
  nameOf: (clientId: number) => string | undefined,
): () => void {
  awareness.setLocalStateField('user', { name: myName, color: '#0e544a' })
  const plugin = yCursorPlugin(awareness, {
    awarenessStateFilter: (me: number, them: number, state: unknown) => me !== them && isWellFormed(state),
    cursorBuilder: (user: { name?: unknown }, clientId: number) =>
      caretElement(nameOf(clientId) ?? (typeof user.name === 'string' ? user.name.slice(0, 60) : '?'), clientId),
    selectionBuilder: (_user: unknown, clientId: number) => ({
      class: 't-other-selection',
      'data-look': String(clientId % LOOKS),
    }),
  })
  editor.registerPlugin(plugin)
  return () => {
    if (!editor.isDestroyed) editor.unregisterPlugin(yCursorPluginKey)
    awareness.setLocalState(null)
  }
}
