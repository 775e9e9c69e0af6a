/**
 * The product's editor, its real commands, keys and binding, without a page: a stand-in for the part of ProseMirror's view
 * that plug-ins and commands talk to.
 */
import { Editor } from '@tiptap/core'
import type { EditorState, PluginView, Transaction } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { ySyncPluginKey, yUndoPluginKey } from '@tiptap/y-tiptap'
import type * as Y from 'yjs'
import { carefulBindingKey } from '../../../renderer/ui/editor/careful-binding.ts'
import { boundExtensions } from '../../../renderer/ui/editor/bound-extensions.ts'

export interface HeadlessEditor {
  readonly editor: Editor
  /** As pressed by a person: true where a plug-in answered it. 'Mod-Shift-8', 'Enter'. */
  press(key: string): boolean
  /** Letter by letter, so that what a Markdown beginning makes of itself happens. */
  type(text: string): void
  /** As create-editor.ts does when something comes that this program does not know. */
  letGo(): void
  destroy(): void
}

const KEY_CODES: Readonly<Record<string, number>> = { Enter: 13, Backspace: 8, Delete: 46 }

function keyEvent(shortcut: string): KeyboardEvent {
  const parts = shortcut.split('-')
  const key = parts.at(-1) ?? ''
  const held = new Set(parts.slice(0, -1))
  const event = {
    key,
    keyCode: KEY_CODES[key] ?? key.toUpperCase().charCodeAt(0),
    shiftKey: held.has('Shift'),
    altKey: held.has('Alt'),
    ctrlKey: held.has('Mod'),
    metaKey: false,
    preventDefault: () => undefined,
  }
  return event as unknown as KeyboardEvent
}

class View {
  state: EditorState
  readonly #editor: Editor
  #views: PluginView[] = []
  readonly composing = false
  readonly editable = true
  readonly dragging = null
  readonly dom = { classList: { add: () => undefined }, focus: () => undefined }
  isDestroyed = false

  constructor(editor: Editor) {
    this.#editor = editor
    this.state = editor.state
  }

  // As if it had the focus already: commands then ask nothing of the page.
  readonly hasFocus = (): boolean => true
  readonly focus = (): void => undefined
  readonly setProps = (): void => undefined
  readonly dispatch = (transaction: Transaction): void =>
    (this.#editor as unknown as { dispatchTransaction(one: Transaction): void }).dispatchTransaction(transaction)

  get real(): EditorView {
    return this as unknown as EditorView
  }

  /** In a text of one line a caret's edge is the paragraph's. */
  endOfTextblock(direction: string): boolean {
    const { $head } = this.state.selection
    return ['backward', 'left', 'up'].includes(direction)
      ? $head.parentOffset === 0
      : $head.parentOffset === $head.parent.content.size
  }

  updateState(state: EditorState): void {
    const before = this.state
    this.state = state
    if (before.plugins === state.plugins) for (const view of this.#views) view.update?.(this.real, before)
    else this.#begin()
  }

  #begin(): void {
    this.destroyViews()
    // All others only watch the page.
    for (const key of [carefulBindingKey, ySyncPluginKey, yUndoPluginKey]) {
      const view = key.get(this.state)?.spec.view?.(this.real)
      if (view !== undefined) this.#views.push(view)
    }
  }

  destroyViews(): void {
    for (const view of this.#views) view.destroy?.()
    this.#views = []
  }

  destroy(): void {
    this.isDestroyed = true
    this.destroyViews()
  }
}

/** Node 20 has none, and the editor asks it for the kind of computer. */
function standInForNavigator(): void {
  if (typeof navigator === 'undefined')
    Object.defineProperty(globalThis, 'navigator', {
      value: { platform: 'Linux', userAgent: 'Linux' },
      configurable: true,
    })
}

export function headlessEditor(fragment: Y.XmlFragment): HeadlessEditor {
  standInForNavigator()
  const editor = new Editor({
    element: null,
    injectCSS: false,
    content: { type: 'doc', content: [{ type: 'paragraph' }] },
    extensions: boundExtensions(fragment),
  })
  const view = new View(editor)
  ;(editor as unknown as { editorView: EditorView }).editorView = view.real
  view.updateState(view.state.reconfigure({ plugins: editor.extensionManager.plugins }))
  const typeLetter = (letter: string): void => {
    const { from, to } = view.state.selection
    const insert = (): Transaction => view.state.tr.insertText(letter, from, to)
    const handled = view.state.plugins.some((plugin) =>
      plugin.props.handleTextInput?.call(plugin, view.real, from, to, letter, insert),
    )
    if (!handled) view.dispatch(view.state.tr.insertText(letter))
  }
  return {
    editor,
    press(key) {
      const event = keyEvent(key)
      return view.state.plugins.some((plugin) => plugin.props.handleKeyDown?.call(plugin, view.real, event) === true)
    },
    type(text) {
      for (const letter of text) typeLetter(letter)
    },
    letGo() {
      const state: { binding?: { destroy(): void } } | undefined = ySyncPluginKey.getState(view.state)
      state?.binding?.destroy()
    },
    destroy() {
      if (view.isDestroyed) return
      view.destroy()
      ;(editor as unknown as { destroyed: boolean }).destroyed = true
    },
  }
}
