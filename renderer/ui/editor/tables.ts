/**
 * Tables between two computers. The table plug-in mends a ragged table (one person added a row while another added a column)
 * the moment it sees one; on two computers at once each mends the other's mending, and the table grows without end. So it is
 * left ragged, which shows well enough, and mended only as part of a person's own next change of its rows or columns.
 */
import { Extension, type Editor } from '@tiptap/core'
import { Plugin } from '@tiptap/pm/state'
import { fixTables, fixTablesKey } from '@tiptap/pm/tables'

export const TablesMendedByPeople = Extension.create({
  name: 'tablesMendedByPeople',
  addProseMirrorPlugins: () => [
    new Plugin({
      filterTransaction: (transaction) =>
        transaction.getMeta(fixTablesKey) === undefined || transaction.getMeta('byPerson') === true,
    }),
  ],
})

export type TableChange =
  | 'addRowBefore'
  | 'addRowAfter'
  | 'addColumnBefore'
  | 'addColumnAfter'
  | 'deleteRow'
  | 'deleteColumn'
  | 'deleteTable'
  | 'toggleHeaderRow'

export function mendTables(editor: Editor): void {
  const mending = fixTables(editor.state)
  if (mending !== undefined) editor.view.dispatch(mending.setMeta('byPerson', true))
}

export function changeTable(editor: Editor, change: TableChange): void {
  mendTables(editor)
  editor.chain().focus()[change]().run()
}

/** With a line after it, where it would be the last thing in the paper: there must be a way on. */
export function insertTable(editor: Editor): void {
  editor.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run()
  const { doc, schema, tr } = editor.state
  if (doc.lastChild?.type.name !== 'table') return
  editor.view.dispatch(tr.insert(doc.content.size, schema.node('paragraph')))
}
