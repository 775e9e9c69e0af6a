/**
 * Giving a paper to another circle: a copy of its words and pictures as they are now becomes a paper there, with an id of its own, and this
 * one is marked as moved. At no moment is there neither: the copy is on disk before the mark is, and a crash in between leaves
 * both, with the move marked as begun. The copy is in the mover's name: who wrote what, and how, stays with the old circle.
 */
import * as Y from 'yjs'
import { describeThrown, fail, ok, type Result } from '../../../../shared/base/errors.ts'
import { newDocumentId, type DocumentId } from '../../../../shared/base/ids.ts'
import type { CircleContext } from '../../../../shared/model/contexts.ts'
import { type Fields, putRecord } from '../../../../shared/model/record.ts'
import { copyPictures } from '../../../ui/editor/pictures/kept.ts'
import { CONTENT, storePaper } from './commands.ts'
import { copyWords } from './copy-words.ts'
import { labelField } from './label-name.ts'
import { encodeMove, movedField, type Paper, paperRecord, type Move } from './paper.ts'
import { movedTo, paperById, type Moved } from './selectors.ts'

type Circle = Pick<CircleContext, 'id' | 'records' | 'me' | 'open'>

/** 'not-here': nothing was done. 'storage-failed': the paper is where it was; perhaps there is a copy too. */
export type MoveProblem = 'newer-version' | 'not-here' | 'storage-failed'

const mark = (circle: Circle, id: DocumentId, copy: DocumentId, move: Move): Result<void, 'newer-version'> =>
  putRecord(circle.records, paperRecord, id, { [movedField(copy)]: encodeMove(move) })

/** What people put a paper in order by. */
const marksOf = ({ labels, pinned, isTemplate }: Paper): Fields => ({
  ...Object.fromEntries([...labels].map(([key, name]) => [labelField(key), name])),
  ...(pinned ? { pinned } : {}),
  ...(isTemplate ? { isTemplate } : {}),
})

/** The id of the copy. */
export async function movePaper(
  from: Circle,
  to: Circle,
  id: DocumentId,
  now: number,
): Promise<Result<DocumentId, MoveProblem>> {
  const paper = paperById(from.records, id)
  if (paper === undefined) return fail('not-here')
  const copy = newDocumentId()
  const begun: Move = { state: 'begun', to: to.id, by: from.me, at: now, changed: paper.changed }
  const marked = mark(from, id, copy, begun)
  if (!marked.ok) return marked
  try {
    const source = await from.open(id)
    try {
      await source.flush()
      const words = source.doc.getXmlFragment(CONTENT)
      // Read in the moment of copying: what is changed while the copy is stored must show as changed since.
      let { changed } = paper
      const fill = (target: Y.XmlFragment): void => {
        changed = paperById(from.records, id)?.changed ?? changed
        copyWords(words, target)
      }
      await storePaper(to, copy, {
        title: paper.title,
        template: paper.template,
        at: now,
        marks: marksOf(paper),
        fill,
        bring: (copied) => copyPictures(source.doc, copied),
      })
      const done = mark(from, id, copy, { ...begun, state: 'done', changed })
      if (!done.ok) return done
      await source.flush()
      return ok(copy)
    } finally {
      source.release()
    }
  } catch (thrown) {
    return fail('storage-failed', describeThrown(thrown))
  }
}

/** Where the copy is there, only the mark was missing. Where it is not, the move begins again. */
export async function finishMove(
  from: Circle,
  to: Circle,
  id: DocumentId,
  begun: Moved,
  now: number,
): Promise<Result<DocumentId, MoveProblem>> {
  if (paperById(to.records, begun.copy) === undefined) {
    // Under a new id: half of the old copy's words may be on their way from another computer, and would come on top.
    const left = mark(from, id, begun.copy, { ...begun, state: 'undone' })
    return left.ok ? movePaper(from, to, id, now) : left
  }
  const done = mark(from, id, begun.copy, { ...begun, state: 'done' })
  return done.ok ? ok(begun.copy) : done
}

/** The paper is in the list again, for everybody who could read it. Copies stay where they are: others may have written there. */
export function bringBack(circle: Circle, id: DocumentId): Result<void, 'newer-version'> {
  const paper = paperById(circle.records, id)
  for (const move of paper === undefined ? [] : movedTo(paper)) {
    const undone = mark(circle, id, move.copy, { ...move, state: 'undone' })
    if (!undone.ok) return undone
  }
  return ok(undefined)
}

/** The move is not to be finished; the paper stays where it is. */
export const leaveUnfinished = (circle: Circle, id: DocumentId, begun: Moved): Result<void, 'newer-version'> =>
  mark(circle, id, begun.copy, { ...begun, state: 'undone' })
