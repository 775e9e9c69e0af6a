/**
 * Passages that people talk about: a soft line under them, and which of them the caret is in. Nothing of it is stored in the text, and
 * the words that are read aloud, found or copied are the same with and without.
 */
import type { Editor } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import { ySyncPluginKey } from '@tiptap/y-tiptap'

export interface MarkedPassage {
  readonly id: string
  readonly from: number
  readonly to: number
}

export type PassageSource = () => readonly MarkedPassage[]

interface PassagesState {
  readonly source: PassageSource
  readonly decorations: DecorationSet
}

const key = new PluginKey<PassagesState>('passages')

const NONE: PassageSource = () => []

function decorate(doc: Node, source: PassageSource): DecorationSet {
  const passages = source().filter(({ from, to }) => from >= 0 && from < to && to <= doc.content.size)
  return DecorationSet.create(
    doc,
    // A screen reader says that the words are marked; the button above the text leads to what was said.
    passages.map(({ id, from, to }) => Decoration.inline(from, to, { class: 't-passage', role: 'mark' }, { id })),
  )
}

export const passagesPlugin = (): Plugin<PassagesState> =>
  new Plugin<PassagesState>({
    key,
    state: {
      init: () => ({ source: NONE, decorations: DecorationSet.empty }),
      apply(transaction, before, _, { doc }) {
        const source: PassageSource | undefined = transaction.getMeta(key)
        if (source !== undefined) return { source, decorations: decorate(doc, source) }
        if (!transaction.docChanged) return before
        // Others' edits arrive as one replacement of the whole text, through which no position can be followed.
        const fromOthers = transaction.getMeta(ySyncPluginKey) !== undefined
        return fromOthers
          ? { ...before, decorations: decorate(doc, before.source) }
          : { ...before, decorations: before.decorations.map(transaction.mapping, doc) }
      },
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
  })

export function setPassages(editor: Editor, source: PassageSource | undefined): void {
  if (!editor.isDestroyed)
    editor.view.dispatch(editor.state.tr.setMeta(key, source ?? NONE).setMeta('addToHistory', false))
}

/** Whether there are any, and the shortest that the caret is in; empty: it is in none. */
export function passageHere(editor: Editor): { readonly some: boolean; readonly id: string } {
  const decorations = key.getState(editor.state)?.decorations ?? DecorationSet.empty
  const { from, to } = editor.state.selection
  const here = decorations.find(from, to).toSorted((a, b) => a.to - a.from - (b.to - b.from))
  const spec: { id?: unknown } = here[0]?.spec ?? {}
  return { some: decorations !== DecorationSet.empty, id: typeof spec.id === 'string' ? spec.id : '' }
}
