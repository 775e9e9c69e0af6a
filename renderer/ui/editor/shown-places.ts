/** Decorations that somebody outside the editor says: asked for again when others' edits arrive, and moved along with one's own. */
import type { Node } from '@tiptap/pm/model'
import { Plugin, type PluginKey } from '@tiptap/pm/state'
import { DecorationSet } from '@tiptap/pm/view'
import { ySyncPluginKey } from '@tiptap/y-tiptap'

/** Undefined: nothing is to be shown. */
export type PlaceSource<Place> = (() => readonly Place[]) | undefined

export interface ShownPlaces<Place> {
  readonly source: PlaceSource<Place>
  readonly decorations: DecorationSet
}

/** A transaction whose meta under the key is `{ source }` changes who is asked. */
export function placesPlugin<Place>(
  key: PluginKey<ShownPlaces<Place>>,
  decorate: (doc: Node, places: readonly Place[]) => DecorationSet,
): Plugin<ShownPlaces<Place>> {
  const shown = (doc: Node, source: PlaceSource<Place>): ShownPlaces<Place> => ({
    source,
    decorations: source === undefined ? DecorationSet.empty : decorate(doc, source()),
  })
  return new Plugin<ShownPlaces<Place>>({
    key,
    state: {
      init: (_, { doc }) => shown(doc, undefined),
      apply(transaction, before, _, { doc }) {
        const change: { readonly source: PlaceSource<Place> } | undefined = transaction.getMeta(key)
        if (change !== undefined) return shown(doc, change.source)
        if (!transaction.docChanged) return before
        // Others' edits arrive as one replacement of the whole text, through which no position can be followed.
        const fromOthers = transaction.getMeta(ySyncPluginKey) !== undefined
        return fromOthers
          ? shown(doc, before.source)
          : { ...before, decorations: before.decorations.map(transaction.mapping, doc) }
      },
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
  })
}
