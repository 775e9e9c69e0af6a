/** Makes a version's words the paper's words again, as one more edit: what is there now is kept as a version first. */
import { initProseMirrorDoc, updateYFragment } from '@tiptap/y-tiptap'
import * as Y from 'yjs'
import { fail, ok, type Result } from '../../../../../shared/base/errors.ts'
import { giveRoomForWords } from '../../../../ui/editor/room-for-words.ts'
import { editorSchema } from '../../../../ui/editor/schema.ts'
import { CONTENT } from '../commands.ts'
import { keepVersion } from './keep.ts'
import { openNow, openVersion } from './open.ts'

export interface Restored {
  /** Takes back what the restoring did, and leaves what others have written meanwhile. Once. */
  undo(): void
}

/**
 * 'newer': the version, or the paper as it is now, holds what this Teatray cannot write without losing some of it. 'full': what is
 * there now could not be kept. Nothing is done then.
 */
export type RestoreProblem = 'newer' | 'not-here' | 'full'

export function restoreVersion(
  doc: Y.Doc,
  version: { readonly snapshot: Uint8Array },
  at: number,
): Result<Restored, RestoreProblem> {
  const then = openVersion(doc, version)
  if (then.state === 'not-here') return fail('not-here')
  if (then.state === 'words' || openNow(doc).state === 'words') return fail('newer')
  const kept = keepVersion(doc, { why: 'restoring', at })
  if (!kept.ok) return kept
  const words = doc.getXmlFragment(CONTENT)
  const origin = {}
  const undoing = new Y.UndoManager(words, { trackedOrigins: new Set([origin]) })
  doc.transact(() => {
    // Only what differs is written, so that what others write meanwhile in the rest stays where it is.
    const { meta } = initProseMirrorDoc(words, editorSchema())
    updateYFragment(doc, words, then.node, meta)
    giveRoomForWords(words)
  }, origin)
  return ok({
    undo() {
      undoing.undo()
      undoing.destroy()
    },
  })
}
