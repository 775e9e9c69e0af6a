/**
 * Danger: the binding deletes, in the shared paper and so for everyone, what the editor cannot hold. A later version may write
 * kinds of blocks or marks that this one does not know; then the editor must not touch the paper at all.
 */
import * as Y from 'yjs'
import { editorSchema } from './schema.ts'

/** Overlapping marks are stored as 'name--hash'. */
const markName = (key: string): string => key.replace(/--[A-Za-z0-9+/=]{8}$/, '')

function textIsKnown(text: Y.XmlText): boolean {
  const { marks } = editorSchema()
  const parts: readonly { insert?: unknown; attributes?: object }[] = text.toDelta()
  return parts.every(
    ({ insert, attributes = {} }) =>
      typeof insert === 'string' && Object.keys(attributes).every((key) => marks[markName(key)] !== undefined),
  )
}

/** True where this version can show and edit everything in the paper. */
export function isKnownContent(parent: Y.XmlFragment): boolean {
  const { nodes } = editorSchema()
  return parent.toArray().every((child) => {
    if (child instanceof Y.XmlText) return textIsKnown(child)
    return child instanceof Y.XmlElement && nodes[child.nodeName] !== undefined && isKnownContent(child)
  })
}

/**
 * Calls back before the binding (or anybody else) sees an update that brings unknown content. Only the changed places are
 * looked at.
 */
export function watchForUnknown(fragment: Y.XmlFragment, onUnknown: () => void): () => void {
  const { doc } = fragment
  if (doc === null) throw new TypeError('the paper is not open')
  const check = (transaction: Y.Transaction): void => {
    if (transaction.local) return
    for (const type of transaction.changed.keys()) {
      const known =
        type instanceof Y.XmlText ? textIsKnown(type) : !(type instanceof Y.XmlFragment) || isKnownContent(type)
      if (!known) return onUnknown()
    }
  }
  // Yjs emits this before it calls the types' observers, the binding's among them.
  doc.on('beforeObserverCalls', check)
  return () => doc.off('beforeObserverCalls', check)
}
