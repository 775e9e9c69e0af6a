/**
 * Danger: the binding deletes, in the shared paper and so for everyone, what the editor cannot hold. A later version may write
 * kinds of blocks, marks or settings that this one does not know, or put known ones where this one would not; so may a program that is
 * broken or means harm. Then the editor must not touch the paper at all.
 */
import type { NodeType } from '@tiptap/pm/model'
import * as Y from 'yjs'
import { editorSchema } from './schema.ts'

/** Overlapping marks are stored as 'name--hash'. */
const markName = (key: string): string => key.replace(/--[A-Za-z0-9+/=]{8}$/, '')

const hasOnly = (settings: object, known: object = {}): boolean => Object.keys(settings).every((name) => name in known)

function markIsKnown(key: string, settings: unknown, holder: NodeType | undefined): boolean {
  const mark = editorSchema().marks[markName(key)]
  if (mark === undefined || holder?.allowsMarkType(mark) === false) return false
  return typeof settings !== 'object' || settings === null || hasOnly(settings, mark.spec.attrs)
}

/** `holder`: undefined where only the text has changed and not where it stands. */
function textIsKnown(text: Y.XmlText, holder?: NodeType): boolean {
  const parts: readonly { insert?: unknown; attributes?: object }[] = text.toDelta()
  return parts.every(
    ({ insert, attributes = {} }) =>
      typeof insert === 'string' &&
      Object.entries(attributes).every(([key, settings]) => markIsKnown(key, settings, holder)),
  )
}

/** With the next change of an element the binding takes away a setting that it does not know. */
function settingsAreKnown(element: Y.XmlElement, type: NodeType): boolean {
  const settings: Record<string, unknown> = element.getAttributes()
  if (!hasOnly(settings, type.spec.attrs)) return false
  try {
    type.create(settings).check()
    return true
  } catch (thrown) {
    if (thrown instanceof RangeError) return false
    throw thrown
  }
}

function isKnownElement(element: Y.XmlElement, type: NodeType): boolean {
  return settingsAreKnown(element, type) && childrenAreKnown(element, type)
}

function childrenAreKnown(parent: Y.XmlFragment, holder: NodeType): boolean {
  const { nodes } = editorSchema()
  return parent.toArray().every((child) => {
    if (child instanceof Y.XmlText) return holder.inlineContent && textIsKnown(child, holder)
    if (!(child instanceof Y.XmlElement)) return false
    const type = nodes[child.nodeName]
    // What can be first can be anywhere: no kind of element asks for an order (schema.ts).
    return type !== undefined && holder.contentMatch.matchType(type) !== null && isKnownElement(child, type)
  })
}

/** True where this version can show and edit everything in the paper. */
export function isKnownContent(parent: Y.XmlFragment): boolean {
  const { nodes, topNodeType } = editorSchema()
  if (!(parent instanceof Y.XmlElement)) return childrenAreKnown(parent, topNodeType)
  const type = nodes[parent.nodeName]
  return type !== undefined && isKnownElement(parent, type)
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
