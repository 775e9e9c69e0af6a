/** How a picture is shown in the editor, and what typing does where one is chosen. Words of the interface come from outside. */
import type { Node } from '@tiptap/pm/model'
import { NodeSelection, Plugin, TextSelection } from '@tiptap/pm/state'
import type { EditorView, NodeView } from '@tiptap/pm/view'
import { beginStep } from './insert.ts'
import { PICTURE, type Picture, pictureOf } from './picture.ts'
import type { PictureSources, Shown } from './sources.ts'

export interface PictureWords {
  /** In front of what a picture shows, where it cannot be seen. */
  describe(alt: string): string
  readonly notHere: string
  readonly unfit: string
}

function insteadOf({ alt }: Picture, state: Exclude<Shown['state'], 'shown'>, words: PictureWords): HTMLElement {
  const place = document.createElement('p')
  place.className = 't-picture-instead'
  const why = state === 'not-here' ? words.notHere : words.unfit
  place.textContent = [words.describe(alt), why].join(' ')
  return place
}

function imageOf({ alt }: Picture, { src, picture }: Extract<Shown, { readonly state: 'shown' }>): HTMLElement {
  const image = document.createElement('img')
  image.src = src
  image.alt = alt
  image.width = picture.width
  image.height = picture.height
  image.decoding = 'async'
  image.draggable = false
  return image
}

function pictureView(node: Node, sources: PictureSources, words: PictureWords): NodeView {
  const dom = document.createElement('figure')
  dom.className = 't-picture'
  dom.contentEditable = 'false'
  let picture = pictureOf(node.attrs)
  let shown: Shown | undefined
  const show = (): void => {
    dom.dataset['size'] = picture.size
    if (shown === undefined) return
    dom.replaceChildren(shown.state === 'shown' ? imageOf(picture, shown) : insteadOf(picture, shown.state, words))
  }
  const watch = (): (() => void) =>
    sources.watch(picture.hash, (now) => {
      shown = now
      show()
    })
  show()
  let stop = watch()
  return {
    dom,
    update(next) {
      if (next.type.name !== PICTURE) return false
      const before = picture.hash
      picture = pictureOf(next.attrs)
      if (picture.hash === before) show()
      else {
        stop()
        stop = watch()
      }
      return true
    },
    ignoreMutation: () => true,
    destroy: () => stop(),
  }
}

/** Letters would take the place of a chosen picture: they go below it, into a line of their own. */
function typeBelow(view: EditorView, text: string): boolean {
  const { selection, schema, tr } = view.state
  const { paragraph } = schema.nodes
  if (!(selection instanceof NodeSelection) || selection.node.type.name !== PICTURE || paragraph === undefined)
    return false
  tr.insert(selection.to, paragraph.create(null, schema.text(text)))
  tr.setSelection(TextSelection.create(tr.doc, selection.to + 1 + text.length))
  view.dispatch(tr.scrollIntoView())
  return true
}

export const picturePlugin = (sources: PictureSources, words: PictureWords): Plugin =>
  new Plugin({
    props: {
      nodeViews: { [PICTURE]: (node) => pictureView(node, sources, words) },
      handleKeyDown: (view) => {
        if (chosenPicture(view) !== undefined) beginStep(view.state)
        return false
      },
      handleTextInput: (view, _from, _to, text) => typeBelow(view, text),
    },
  })

/** The picture that is chosen, with its place. */
export function chosenPicture(view: EditorView): { readonly picture: Picture; readonly position: number } | undefined {
  const { selection } = view.state
  if (!(selection instanceof NodeSelection) || selection.node.type.name !== PICTURE) return undefined
  return { picture: pictureOf(selection.node.attrs), position: selection.from }
}
