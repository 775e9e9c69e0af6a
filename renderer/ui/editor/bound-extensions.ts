/** What a text can hold and how it is bound to its shared document. No page is needed, so that a simulated world can use it too. */
import type { Extensions } from '@tiptap/core'
import { Collaboration } from '@tiptap/extension-collaboration'
import type * as Y from 'yjs'
import { CarefulBinding } from './careful-binding.ts'
import { type BlockNames, editorExtensions, editorSchema } from './schema.ts'
import { TablesMendedByPeople } from './tables.ts'

export const boundExtensions = (fragment: Y.XmlFragment, names?: BlockNames): Extensions => [
  ...editorExtensions(names),
  TablesMendedByPeople,
  CarefulBinding,
  Collaboration.configure({
    fragment,
    // Undoing takes away what this person made, but nothing that others' words stand in.
    yUndoOptions: { protectedNodes: new Set(Object.keys(editorSchema().nodes)) },
  }),
]
