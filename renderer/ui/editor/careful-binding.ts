/** What the binding between editor and paper needs beside it, so that nothing is lost. */
import { Extension } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { Plugin, PluginKey, TextSelection } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { ySyncPluginKey, yUndoPluginKey } from '@tiptap/y-tiptap'
import type * as Y from 'yjs'
import { keepWhatCannotComeBack } from './careful-undo.ts'
import { keepRoomForWords } from './room-for-words.ts'

export const carefulBindingKey = new PluginKey('carefulBinding')

interface Binding {
  readonly doc: Y.Doc
  readonly type: Y.XmlFragment
  /** What it has made of each element, the very same that the editor holds. */
  readonly mapping: ReadonlyMap<unknown, unknown>
  /** Null once it has let go. */
  readonly prosemirrorView: EditorView | null
  _observeFunction: (events: readonly Y.YEvent<never>[], transaction: Y.Transaction) => void
  _forceRerender(): void
}

/** With no element there is still a line to begin in. */
function isShown({ type, mapping }: Binding, doc: Node): boolean {
  const blocks = type.toArray()
  if (blocks.length === 0) return true
  return blocks.length === doc.childCount && blocks.every((block, at) => mapping.get(block) === doc.child(at))
}

/** Where a place is after a change of which only the two texts are known. */
function placeAfter(before: Node, after: Node, place: number): number {
  const start = before.content.findDiffStart(after.content)
  const end = before.content.findDiffEnd(after.content)
  if (start === null || end === null || place <= start) return place
  return place < end.a ? start : place + end.b - end.a
}

/**
 * Danger: the editor writes all that it shows over the paper, for everybody, with the next letter. So nothing else may ever stand in it
 * than what is in the paper, and where that could not be helped it is shown anew before anybody can press a key.
 */
function showWhatIsThere() {
  let isShowing = false
  const showing = (show: () => void): void => {
    isShowing = true
    try {
      show()
    } finally {
      isShowing = false
    }
  }

  const showAnew = (binding: Binding, view: EditorView): void => {
    const { doc: before, selection } = view.state
    showing(() => binding._forceRerender())
    const { tr, doc } = view.state
    const caret = TextSelection.near(doc.resolve(placeAfter(before, doc, selection.from)))
    view.dispatch(tr.setSelection(caret).setMeta('addToHistory', false))
  }

  return {
    /** Some plug-ins answer whatever changes the text, such as Tiptap's that clears a text of which all was chosen and is gone. */
    isAllowed: (changesText: boolean, isFromBinding: boolean): boolean => !isShowing || !changesText || isFromBinding,

    watch(binding: Binding, view: EditorView): void {
      const show = binding._observeFunction
      binding._observeFunction = (events, transaction) => {
        const before = view.state
        try {
          showing(() => show(events, transaction))
        } catch (thrown) {
          // Others' edits can put the caret at a place that is not there any more, at which the binding throws before it has shown what came.
          if (!(thrown instanceof RangeError)) throw thrown
          showAnew(binding, view)
        }
        // What is written while the binding itself is writing does not reach it.
        const isMissed = transaction.origin !== ySyncPluginKey && view.state === before
        const isRight = (): boolean => !isMissed && isShown(binding, view.state.doc)
        if (isRight()) return
        queueMicrotask(() => {
          if (binding.prosemirrorView !== null && !isRight()) showAnew(binding, view)
        })
      }
    },
  }
}

export const CarefulBinding = Extension.create({
  name: 'carefulBinding',
  // Before the binding begins to listen.
  priority: 1001,
  addProseMirrorPlugins() {
    const { isAllowed, watch } = showWhatIsThere()
    return [
      new Plugin({
        key: carefulBindingKey,
        filterTransaction: (transaction) =>
          isAllowed(transaction.docChanged, transaction.getMeta(ySyncPluginKey) !== undefined),
        view(view) {
          const state: { binding: Binding } | undefined = ySyncPluginKey.getState(view.state)
          const undo: { undoManager: Y.UndoManager } | undefined = yUndoPluginKey.getState(view.state)
          if (state === undefined || undo === undefined) throw new TypeError('the binding comes with the editor')
          watch(state.binding, view)
          const stops = [keepRoomForWords(state.binding.doc), keepWhatCannotComeBack(undo.undoManager)]
          return { destroy: () => stops.forEach((stop) => stop()) }
        },
      }),
    ]
  },
})
