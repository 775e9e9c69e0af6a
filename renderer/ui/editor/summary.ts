/**
 * "In short": a box at the top of a long paper. An ordinary kind of block to the schema, allowed wherever any is and with anything in it, or
 * nothing: two people's edits can leave it in any shape, and what the schema refused would be deleted for everyone.
 */
import { type Editor, Node } from '@tiptap/core'
import type { Node as ProseMirrorNode, ResolvedPos } from '@tiptap/pm/model'
import { TextSelection } from '@tiptap/pm/state'

export const SUMMARY = 'summary'

interface Found {
  readonly node: ProseMirrorNode
  readonly position: number
}

function firstSummary(doc: ProseMirrorNode): Found | undefined {
  let found: Found | undefined
  doc.descendants((node, position) => {
    if (found === undefined && node.type.name === SUMMARY) found = { node, position }
    return found === undefined && !node.isTextblock
  })
  return found
}

export const hasSummary = (doc: ProseMirrorNode): boolean => firstSummary(doc) !== undefined

/** Puts one at the top and the person into it; where there is one already, only the latter. */
export function addSummary(editor: Editor, prompt: string): void {
  const { doc, schema, tr } = editor.state
  const there = firstSummary(doc)
  if (there === undefined) {
    tr.insert(0, schema.node(SUMMARY, null, [schema.node('paragraph', { prompt })]))
    tr.setSelection(TextSelection.create(tr.doc, 2))
  } else {
    const { node, position } = there
    if (node.childCount === 0) tr.insert(position + 1, schema.node('paragraph', { prompt }))
    const end = position + (tr.doc.nodeAt(position)?.nodeSize ?? 2) - 1
    tr.setSelection(TextSelection.near(tr.doc.resolve(end), -1))
  }
  editor.view.dispatch(tr.scrollIntoView())
}

const depthOfBox = ($from: ResolvedPos): number | undefined => {
  for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type.name === SUMMARY) return depth
  return undefined
}

/** The box around the person goes, and its words stay where they were. False: there is none. */
export function takeBoxAway(editor: Editor): boolean {
  const { doc, schema, tr, selection } = editor.state
  const depth = depthOfBox(selection.$from)
  if (depth === undefined) return false
  const box = selection.$from.node(depth)
  const [from, to] = [selection.$from.before(depth), selection.$from.after(depth)]
  const isEmpty = box.content.content.every((child) => child.isTextblock && child.content.size === 0)
  if (!isEmpty) tr.replaceWith(from, to, box.content)
  else if (doc.childCount > 1 || depth > 1) tr.delete(from, to)
  else tr.replaceWith(from, to, schema.node('paragraph'))
  const caret = Math.min(isEmpty ? from : selection.from - 1, tr.doc.content.size)
  tr.setSelection(TextSelection.near(tr.doc.resolve(caret)))
  editor.view.dispatch(tr.scrollIntoView())
  return true
}

/** The person's line stands in the box itself, not in a list within it. */
const isInBoxItself = ($from: ResolvedPos): boolean => $from.depth > 1 && $from.node(-1).type.name === SUMMARY

/** An empty line at its end leads out of it, as from a list. In its middle it stays a line: it would part the box in two. */
function leaveBox(editor: Editor): boolean {
  const { schema, tr, selection } = editor.state
  const { $from, empty } = selection
  if (!empty || $from.parent.content.size > 0 || !isInBoxItself($from)) return false
  const box = $from.node(-1)
  if ($from.index(-1) < box.childCount - 1) return editor.commands.splitBlock()
  const after = $from.after(-1)
  const next = tr.doc.nodeAt(after)
  if (next?.type.name !== 'paragraph' || next.content.size > 0) tr.insert(after, schema.node('paragraph'))
  tr.setSelection(TextSelection.create(tr.doc, after + 1))
  if (box.childCount > 1) tr.delete($from.before(), $from.after())
  editor.view.dispatch(tr.scrollIntoView())
  return true
}

export interface SummaryOptions {
  /** What the box is called, to be seen and for those who listen. */
  readonly label: string
}

export const Summary = Node.create<SummaryOptions>({
  name: SUMMARY,
  group: 'block',
  content: 'block*',
  defining: true,
  addOptions: () => ({ label: '' }),
  parseHTML: () => [{ tag: 'aside[data-summary]' }],
  renderHTML() {
    return ['aside', { 'data-summary': '', role: 'note', 'aria-label': this.options.label }, 0]
  },
  addKeyboardShortcuts: () => ({
    Enter: ({ editor }) => leaveBox(editor),
    Backspace: ({ editor }) => {
      const { $from, empty } = editor.state.selection
      const isAtStart = $from.parentOffset === 0 && isInBoxItself($from) && $from.index(-1) === 0
      return empty && isAtStart && takeBoxAway(editor)
    },
  }),
})
