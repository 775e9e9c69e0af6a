/** A version's words, as a document of its own that nothing is bound to: whatever is done with it changes nothing. */
import { initProseMirrorDoc } from '@tiptap/y-tiptap'
import type { Node } from '@tiptap/pm/model'
import * as Y from 'yjs'
import { isKnownContent } from '../../../../ui/editor/content-guard.ts'
import { editorSchema } from '../../../../ui/editor/schema.ts'
import { toText } from '../../../../ui/editor/to-text.ts'
import { CONTENT } from '../commands.ts'
import { readMoment } from '../moment.ts'

/**
 * 'whole': the editor can hold all of it. 'words': it has parts that this version of Teatray does not know, or two people's edits
 * met in a shape that the editor cannot hold; its words can be read, but not written anywhere. 'not-here': parts of it
 * have not reached this computer, or never will.
 */
export type OpenedVersion =
  | { readonly state: 'whole'; readonly doc: Y.Doc; readonly words: Y.XmlFragment; readonly node: Node }
  | { readonly state: 'words'; readonly doc: Y.Doc; readonly words: Y.XmlFragment }
  | { readonly state: 'not-here' }

const NOT_HERE: OpenedVersion = { state: 'not-here' }

/** `doc` as it was; undefined where not all of it is here. `doc` must be opened with gc off. */
function docAt(doc: Y.Doc, snapshot: Uint8Array): Y.Doc | undefined {
  const moment = readMoment(doc, snapshot)
  if (moment === undefined) return undefined
  const then = Y.createDocFromSnapshot(doc, moment, new Y.Doc({ gc: false }))
  return then.store.pendingStructs === null ? then : undefined
}

/** The document that the editor shows for these words; undefined where it cannot show all of them. */
export function nodeOf(words: Y.XmlFragment): Node | undefined {
  if (!isKnownContent(words)) return undefined
  const { topNodeType } = editorSchema()
  const before = toText(words)
  // On a copy: reading takes out of a text what the schema refuses.
  const copy = new Y.Doc({ gc: false })
  Y.applyUpdateV2(copy, Y.encodeStateAsUpdateV2(words.doc ?? copy))
  const content = copy.getXmlFragment(CONTENT)
  const { doc } = initProseMirrorDoc(content, editorSchema())
  if (toText(content) !== before) return undefined
  const node = doc.childCount === 0 ? (topNodeType.createAndFill() ?? doc) : doc
  try {
    node.check()
    return node
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}

export const openVersion = (doc: Y.Doc, { snapshot }: { readonly snapshot: Uint8Array }): OpenedVersion => {
  const then = docAt(doc, snapshot)
  if (then === undefined) return NOT_HERE
  return opened(then)
}

/** The paper as it is now, in the same shape. */
export function openNow(doc: Y.Doc): OpenedVersion {
  const copy = new Y.Doc({ gc: false })
  Y.applyUpdateV2(copy, Y.encodeStateAsUpdateV2(doc))
  return opened(copy)
}

function opened(doc: Y.Doc): OpenedVersion {
  const words = doc.getXmlFragment(CONTENT)
  const node = nodeOf(words)
  return node === undefined ? { state: 'words', doc, words } : { state: 'whole', doc, words, node }
}
