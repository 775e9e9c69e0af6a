/**
 * The schema lets everything be empty, since two people can leave it so together. What one person makes is not: an item, or a cell
 * of a table, that nobody can put a caret into would be of no use. So it gets a line at once, and a list or table with nothing in
 * it goes, always as part of the person's own change. What was left empty by two people is filled with the next change of anybody;
 * should two do so at once, there are two empty lines.
 */
import { Extension } from '@tiptap/core'
import { Fragment, type Node, type NodeType, type Schema } from '@tiptap/pm/model'
import { Plugin } from '@tiptap/pm/state'
import { ySyncPluginKey } from '@tiptap/y-tiptap'

/** A paragraph, in whatever holds blocks. */
function lineFor(type: NodeType): NodeType | undefined {
  const first = type.inlineContent ? null : type.contentMatch.defaultType
  return first?.isTextblock === true ? first : undefined
}

const isEmpty = (node: Node): boolean => !node.isLeaf && !node.isTextblock && node.childCount === 0

/** Nodes never change, so that a keystroke in a long paper asks only about what it touched. */
const answers = new WeakMap<Node, boolean>()

function holdsEmpty(node: Node): boolean {
  if (node.isLeaf || node.isTextblock) return false
  const answer = answers.get(node) ?? (isEmpty(node) || node.children.some(holdsEmpty))
  answers.set(node, answer)
  return answer
}

interface Empty {
  readonly node: Node
  readonly position: number
}

function emptiesOf(doc: Node): readonly Empty[] {
  const empties: Empty[] = []
  doc.descendants((node, position) => {
    if (isEmpty(node)) empties.push({ node, position })
    return holdsEmpty(node)
  })
  return empties
}

/** What commands make for themselves, such as the cells of a new row. */
export function makeFilled(schema: Schema): Schema {
  for (const type of Object.values(schema.nodes)) {
    const line = lineFor(type)
    if (line === undefined || type === schema.topNodeType) continue
    type.createAndFill = (attrs, content, marks) => {
      const given = Fragment.from(content)
      return type.create(attrs, given.childCount === 0 ? line.create() : given, marks)
    }
  }
  return schema
}

/** Of words that come from outside, where a cell or an item may have none. */
export function fillEmpty(node: Node): Node {
  if (node.isLeaf || node.isTextblock) return node
  const filled = node.children.map(fillEmpty).filter((child) => !isEmpty(child) || !child.type.isInGroup('block'))
  return node.copy(Fragment.from(filled.length > 0 ? filled : lineFor(node.type)?.create()))
}

const fillPlugin = (): Plugin =>
  new Plugin({
    appendTransaction(transactions, before, { doc, tr }) {
      const isOwn = transactions.every((one) => one.getMeta(ySyncPluginKey) === undefined)
      if (!isOwn || !transactions.some(({ docChanged }) => docChanged)) return null
      const known = new Set(emptiesOf(before.doc).map(({ node }) => node))
      // From the last to the first, so that no place moves before its turn.
      for (const { node, position } of emptiesOf(doc).toReversed()) {
        const line = lineFor(node.type)
        if (line !== undefined) tr.insert(position + 1, line.create())
        // A list that two people left empty stays: a third may have written an item for it.
        else if (node.type.isInGroup('block') && !known.has(node)) tr.delete(position, position + node.nodeSize)
      }
      return tr.docChanged ? tr : null
    },
  })

export const NothingMadeEmpty = Extension.create({
  name: 'nothingMadeEmpty',
  onBeforeCreate() {
    makeFilled(this.editor.schema)
  },
  addProseMirrorPlugins: () => [fillPlugin()],
})
