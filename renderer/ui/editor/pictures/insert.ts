/** Puts a picture into the text, and changes or takes out one that is there; each as the person's own edit. */
import { Fragment, type Node } from '@tiptap/pm/model'
import { type EditorState, NodeSelection, TextSelection } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { yUndoPluginKey } from '@tiptap/y-tiptap'
import type { UndoManager } from 'yjs'
import { attributesOf, PICTURE, type Picture } from './picture.ts'

/** What is done to a picture next is undone by itself, and not with what was typed just before. */
export function beginStep(state: EditorState): void {
  const undo: { readonly undoManager?: UndoManager } | undefined = yUndoPluginKey.getState(state)
  undo?.undoManager?.stopCapturing()
}

/** An empty line gives way to it; behind words it follows their line. At the end of the text with a line after it: there must be a way on. */
export function insertPicture(view: EditorView, picture: Picture): void {
  const { selection, schema, tr } = view.state
  const type = schema.nodes[PICTURE]
  const line = schema.nodes['paragraph']?.create()
  if (type === undefined || line === undefined) return
  const node = type.create(attributesOf(picture))
  const { $to } = selection
  const isInLine = $to.parent.isTextblock
  const isEmptyLine = isInLine && $to.parent.content.size === 0 && $to.depth > 0
  const from = isEmptyLine ? $to.before() : isInLine ? $to.after() : selection.to
  const to = isEmptyLine ? $to.after() : from
  const isAtEnd = to === tr.doc.content.size
  tr.replaceWith(from, to, Fragment.from(isAtEnd ? [node, line] : [node]))
  tr.setSelection(TextSelection.near(tr.doc.resolve(from + node.nodeSize), 1))
  beginStep(view.state)
  view.dispatch(tr.scrollIntoView())
}

/** Others may have moved it, or taken it out, since it was at `position`. */
function findPicture(doc: Node, hash: string, position: number): number | undefined {
  const found: number[] = []
  doc.descendants((node, at) => {
    if (node.type.name === PICTURE && node.attrs['hash'] === hash) found.push(at)
  })
  return found.toSorted((a, b) => Math.abs(a - position) - Math.abs(b - position))[0]
}

/** False: it is not there any more. */
export function changePicture(view: EditorView, near: number, picture: Picture): boolean {
  const { doc, tr } = view.state
  const position = findPicture(doc, picture.hash, near)
  if (position === undefined) return false
  tr.setNodeMarkup(position, undefined, { ...doc.nodeAt(position)?.attrs, ...attributesOf(picture) })
  beginStep(view.state)
  view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, position)))
  return true
}

export function removePicture(view: EditorView, near: number, { hash }: Picture): boolean {
  const { doc, tr } = view.state
  const position = findPicture(doc, hash, near)
  if (position === undefined) return false
  beginStep(view.state)
  view.dispatch(tr.delete(position, position + 1).scrollIntoView())
  return true
}
