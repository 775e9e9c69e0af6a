/** Marks passages in the text with a line under them and words beside them; never by colour alone. Nothing of it is stored. */
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import type { Node } from '@tiptap/pm/model'

export interface Highlight {
  readonly from: number
  readonly to: number
  readonly look: 'added' | 'removed' | 'other'
  /** 'Bob added', shown beside the passage. */
  readonly label: string
  /** Words that are no longer in the text; shown where they were. */
  readonly goneText?: string
}

export type HighlightSource = () => readonly Highlight[]

const key = new PluginKey<HighlightState>('highlights')

interface HighlightState {
  readonly source: HighlightSource | undefined
  readonly decorations: DecorationSet
}

function labelElement({ label, look, goneText }: Highlight): HTMLElement {
  const element = document.createElement('span')
  element.className = 't-change-label'
  element.dataset['look'] = look
  element.contentEditable = 'false'
  element.textContent = goneText === undefined ? label : `${label}: `
  if (goneText !== undefined) {
    const gone = document.createElement('del')
    gone.textContent = goneText
    element.append(gone)
  }
  return element
}

function decorate(doc: Node, source: HighlightSource | undefined): DecorationSet {
  if (source === undefined) return DecorationSet.empty
  const end = doc.content.size
  const decorations = source()
    .filter(({ from, to }) => from >= 0 && from <= to && to <= end)
    .flatMap((highlight) => {
      const { from, to, look } = highlight
      const label = Decoration.widget(to, () => labelElement(highlight), { side: -1, ignoreSelection: true })
      return from === to ? [label] : [Decoration.inline(from, to, { class: 't-change', 'data-look': look }), label]
    })
  return DecorationSet.create(doc, decorations)
}

export const highlightsPlugin = (): Plugin<HighlightState> =>
  new Plugin<HighlightState>({
    key,
    state: {
      init: () => ({ source: undefined, decorations: DecorationSet.empty }),
      apply(transaction, before, _, { doc }) {
        const change: { source: HighlightSource | undefined } | undefined = transaction.getMeta(key)
        if (change !== undefined) return { source: change.source, decorations: decorate(doc, change.source) }
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

export const highlightsMeta = (source: HighlightSource | undefined) => ({ key, value: { source } })
