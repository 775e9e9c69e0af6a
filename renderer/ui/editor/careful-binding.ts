/** What the binding between editor and paper needs beside it, so that nothing is lost. */
import { Extension } from '@tiptap/core'
import { Plugin, PluginKey, TextSelection } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import type * as Y from 'yjs'
import { keepRoomForWords } from './room-for-words.ts'

export const carefulBindingKey = new PluginKey('carefulBinding')

interface Binding {
  readonly doc: Y.Doc
  _observeFunction: (events: readonly Y.YEvent<never>[], transaction: Y.Transaction) => void
  _forceRerender(): void
}

/**
 * Danger: others' edits can put the caret at a place that is not there any more, at which the binding throws before it has shown what came. The
 * editor would go on with the old text, and the next letter would write it over the new one, for everybody.
 */
function showInAnyCase(binding: Binding, view: EditorView): void {
  const show = binding._observeFunction
  binding._observeFunction = (events, transaction) => {
    try {
      show(events, transaction)
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown
      binding._forceRerender()
      const { tr, doc, selection } = view.state
      view.dispatch(tr.setSelection(TextSelection.near(doc.resolve(selection.from))).setMeta('addToHistory', false))
    }
  }
}

export const CarefulBinding = Extension.create({
  name: 'carefulBinding',
  // Before the binding begins to listen.
  priority: 1001,
  addProseMirrorPlugins: () => [
    new Plugin({
      key: carefulBindingKey,
      view(view) {
        const state: { binding: Binding } | undefined = ySyncPluginKey.getState(view.state)
        if (state === undefined) throw new TypeError('the binding comes with the editor')
        showInAnyCase(state.binding, view)
        return { destroy: keepRoomForWords(state.binding.doc) }
      },
    }),
  ],
})
