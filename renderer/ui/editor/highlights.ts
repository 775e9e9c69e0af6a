/** Marks passages in the text with a line under them and words beside them; never by colour alone. Nothing of it is stored. */
import { type Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import type { Node } from '@tiptap/pm/model'
import { placesPlugin, type ShownPlaces } from './shown-places.ts'

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

const key = new PluginKey<ShownPlaces<Highlight>>('highlights')

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

function decorate(doc: Node, highlights: readonly Highlight[]): DecorationSet {
  const end = doc.content.size
  const decorations = highlights
    .filter(({ from, to }) => from >= 0 && from <= to && to <= end)
    .flatMap((highlight) => {
      const { from, to, look } = highlight
      const label = Decoration.widget(to, () => labelElement(highlight), { side: -1, ignoreSelection: true })
      return from === to ? [label] : [Decoration.inline(from, to, { class: 't-change', 'data-look': look }), label]
    })
  return DecorationSet.create(doc, decorations)
}

export const highlightsPlugin = (): Plugin => placesPlugin(key, decorate)

export const highlightsMeta = (source: HighlightSource | undefined) => ({ key, value: { source } })
