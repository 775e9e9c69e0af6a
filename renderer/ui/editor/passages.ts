/**
 * Passages that people talk about: a soft line under them, and which of them the caret is in. Nothing of it is stored in the text, and
 * the words that are read aloud, found or copied are the same with and without.
 */
import type { Editor } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { type Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import { placesPlugin, type ShownPlaces } from './shown-places.ts'

export interface MarkedPassage {
  readonly id: string
  readonly from: number
  readonly to: number
}

export type PassageSource = () => readonly MarkedPassage[]

const key = new PluginKey<ShownPlaces<MarkedPassage>>('passages')

function decorate(doc: Node, passages: readonly MarkedPassage[]): DecorationSet {
  return DecorationSet.create(
    doc,
    passages
      .filter(({ from, to }) => from >= 0 && from < to && to <= doc.content.size)
      // A screen reader says that the words are marked; the button above the text leads to what was said.
      .map(({ id, from, to }) => Decoration.inline(from, to, { class: 't-passage', role: 'mark' }, { id })),
  )
}

export const passagesPlugin = (): Plugin => placesPlugin(key, decorate)

export function setPassages(editor: Editor, source: PassageSource | undefined): void {
  if (!editor.isDestroyed) editor.view.dispatch(editor.state.tr.setMeta(key, { source }).setMeta('addToHistory', false))
}

/** Whether there are any, and the shortest that the caret is in; empty: it is in none. */
export function passageHere(editor: Editor): { readonly some: boolean; readonly id: string } {
  const decorations = key.getState(editor.state)?.decorations ?? DecorationSet.empty
  const { from, to } = editor.state.selection
  const here = decorations.find(from, to).toSorted((a, b) => a.to - a.from - (b.to - b.from))
  const spec: { id?: unknown } = here[0]?.spec ?? {}
  return { some: decorations !== DecorationSet.empty, id: typeof spec.id === 'string' ? spec.id : '' }
}
