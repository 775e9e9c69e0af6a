/**
 * Danger: a paragraph that is split, joined, moved or made an item is written anew, with all the words in it. To undo that, Yjs brings the
 * old words back and takes the new ones out. Where somebody else has meanwhile deleted what the old ones stood in, they cannot come
 * back, and both would be gone. So a change whose words cannot all come back keeps what it has put in their place. Some may then be there
 * twice, which everybody sees.
 */
import * as Y from 'yjs'

type Change = Y.UndoManager['undoStack'][number]

/** What is brought back into something that is gone is gone, too. */
function isBack({ store }: Y.Doc, item: Y.Item): boolean {
  let { redone } = item
  while (redone !== null) {
    const next = Y.getItem(store, redone)
    if (!next.deleted) return true
    redone = next.redone
  }
  return false
}

function keepsWordsAway(transaction: Y.Transaction, { deletions, insertions }: Change): boolean {
  let away = false
  Y.iterateDeletedStructs(transaction, deletions, (struct) => {
    if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) return
    // What was typed and taken out again within one change is not brought back.
    if (!Y.isDeleted(insertions, struct.id) && !isBack(transaction.doc, struct)) away = true
  })
  return away
}

/** For as long as the editor has this manager. */
export function keepWhatCannotComeBack(manager: Y.UndoManager): () => void {
  const { doc, deleteFilter } = manager
  let mayTakeOut = (): boolean => true
  const begin = (transaction: Y.Transaction): void => {
    if (transaction.origin !== manager) return
    const stack = manager.undoing ? manager.undoStack : manager.redoStack
    const changes = [...stack]
    const answers = new Map<Change, boolean>()
    mayTakeOut = () => {
      // Asked after all that could be brought back is there. Yjs takes one change after the other until one of them can be undone.
      const change = changes[stack.length]
      if (change === undefined) return true
      const answer = answers.get(change) ?? !keepsWordsAway(transaction, change)
      answers.set(change, answer)
      return answer
    }
  }
  doc.on('beforeTransaction', begin)
  manager.deleteFilter = (item) => mayTakeOut() && deleteFilter(item)
  return () => {
    doc.off('beforeTransaction', begin)
    manager.deleteFilter = deleteFilter
  }
}
