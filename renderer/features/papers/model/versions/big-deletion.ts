/** Notices when somebody at this computer takes out more than a third of a paper's words in one go, and says how it was before. */
import * as Y from 'yjs'
import { toText } from '../../../../ui/editor/to-text.ts'
import { CONTENT } from '../commands.ts'

/** Fewer are quickly written again. */
const LEAST_WORDS = 20
const SHARE = 1 / 3

export const countWords = (words: Y.XmlFragment): number =>
  toText(words).match(/[\p{L}\p{N}][\p{L}\p{N}’'-]*/gu)?.length ?? 0

/** How all was before the transaction that is just ending. */
function snapshotBefore(doc: Y.Doc, { beforeState, deleteSet }: Y.Transaction): Y.Snapshot {
  const gone = Y.createDeleteSet()
  for (const [client, structs] of doc.store.clients) {
    const known = beforeState.get(client) ?? 0
    const before: { clock: number; len: number }[] = []
    for (const { id, length, deleted } of structs) {
      if (!deleted || id.clock >= known || Y.isDeleted(deleteSet, id)) continue
      const last = before.at(-1)
      if (last !== undefined && last.clock + last.len === id.clock) last.len += length
      else before.push({ clock: id.clock, len: length })
    }
    if (before.length > 0) gone.clients.set(client, before)
  }
  return Y.createSnapshot(gone, new Map(beforeState))
}

const lettersDeleted = ({ deleteSet }: Y.Transaction): number =>
  [...deleteSet.clients.values()].flat().reduce((sum, { len }) => sum + len, 0)

const isBig = (before: number, now: number): boolean => before - now >= LEAST_WORDS && before - now > before * SHARE

/** `onDeleted` is called after the deletion, outside its transaction, with the moment before it. */
export function onBigDeletion(doc: Y.Doc, onDeleted: (before: Y.Snapshot) => void): () => void {
  const words = doc.getXmlFragment(CONTENT)
  let stopped = false
  const look = (transaction: Y.Transaction): void => {
    // A word has two letters at least: most edits end here.
    if (!transaction.local || lettersDeleted(transaction) < 2 * LEAST_WORDS) return
    const before = snapshotBefore(doc, transaction)
    const now = countWords(words)
    queueMicrotask(() => {
      if (stopped) return
      const then = Y.createDocFromSnapshot(doc, before, new Y.Doc({ gc: false }))
      if (isBig(countWords(then.getXmlFragment(CONTENT)), now)) onDeleted(before)
    })
  }
  doc.on('afterTransaction', look)
  return () => {
    stopped = true
    doc.off('afterTransaction', look)
  }
}
