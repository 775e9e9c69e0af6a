/**
 * Danger: the binding gives a paragraph a text (Y.XmlText) only with its first letter. Two people who begin to write in one empty
 * paragraph, a prompt of a template or a cell of a table, would each give it one of their own; and the binding knows but one: whoever
 * writes there next moves the words of the second into the first and deletes the second, and whoever does so at the same time doubles
 * them. So a paragraph gets its text when it is made, by whoever makes it, and all begin to write in the same one.
 */
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import * as Y from 'yjs'
import { editorSchema } from './schema.ts'

function giveRoom(element: Y.XmlElement): void {
  if (element.length === 0 && editorSchema().nodes[element.nodeName]?.isTextblock === true)
    element.insert(0, [new Y.XmlText()])
}

/** To everything that this computer has made; two that did so for the same paragraph would do what this is there to prevent. */
export function giveRoomForWords(parent: Y.XmlFragment): void {
  for (const child of parent.toArray()) {
    if (!(child instanceof Y.XmlElement)) continue
    if (child._item?.id.client === child.doc?.clientID) giveRoom(child)
    giveRoomForWords(child)
  }
}

function madeBy({ doc, beforeState }: Y.Transaction): readonly Y.XmlElement[] {
  const made: Y.XmlElement[] = []
  const structs = doc.store.clients.get(doc.clientID) ?? []
  const before = beforeState.get(doc.clientID) ?? 0
  for (let index = structs.length - 1; index >= 0; index--) {
    const struct = structs[index]
    if (struct === undefined || struct.id.clock < before) break
    if (!(struct instanceof Y.Item) || struct.deleted || !(struct.content instanceof Y.ContentType)) continue
    const { type } = struct.content
    if (type instanceof Y.XmlElement && type.length === 0) made.push(type)
  }
  return made
}

/** While the editor is open; undone together with what the person did. */
export function keepRoomForWords(doc: Y.Doc): () => void {
  const fill = (transaction: Y.Transaction): void => {
    if (transaction.origin !== ySyncPluginKey) return
    const made = madeBy(transaction)
    if (made.length === 0) return
    doc.transact((filling) => {
      filling.meta.set('addToHistory', transaction.meta.get('addToHistory'))
      made.forEach(giveRoom)
    }, ySyncPluginKey)
  }
  doc.on('beforeObserverCalls', fill)
  return () => doc.off('beforeObserverCalls', fill)
}
