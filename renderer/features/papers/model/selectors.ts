/** Questions about papers. Pure. */
import type * as Y from 'yjs'
import type { DocumentId, MemberId } from '../../../../shared/base/ids.ts'
import { allRecords, getRecord } from '../../../../shared/model/record.ts'
import { paperRecord, type Move, type Paper } from './paper.ts'
import type { SeenPaper } from './seen.ts'

const DAY = 24 * 60 * 60 * 1000
export const BIN_DAYS = 30

export const paperById = (records: Y.Doc, id: string): Paper | undefined => getRecord(records, paperRecord, id)

/** The latest change of its words; its making, where nobody has changed them since. */
export function lastChange(paper: Paper): { readonly by: MemberId; readonly at: number } {
  let last = { by: paper.createdBy, at: paper.createdAt }
  for (const [by, at] of paper.changed) if (at >= last.at) last = { by, at }
  return last
}

/** One move of a paper, with the id of the copy it made. */
export interface Moved extends Move {
  readonly copy: DocumentId
}

const movesOf = (paper: Paper, wanted: (move: Move) => boolean): readonly Moved[] =>
  [...paper.moves]
    .filter(([, move]) => wanted(move))
    .map(([copy, move]) => ({ ...move, copy }))
    .toSorted((a, b) => a.at - b.at || a.copy.localeCompare(b.copy))

/** Where the paper is now, oldest move first; several where people moved it at the same time. Empty: it is still here. */
export const movedTo = (paper: Paper): readonly Moved[] => movesOf(paper, ({ state }) => state === 'done')

/** A move of this person's that was interrupted: by a crash, or because a disk was full. */
export const unfinishedMove = (paper: Paper, me: MemberId): Moved | undefined =>
  movesOf(paper, ({ state, by }) => state === 'begun' && by === me).at(-1)

/** Who changed the paper in a way that the copy lacks, or may lack. By each member's own last change: clocks differ. */
export const changedSinceMove = (paper: Paper, move: Move): readonly MemberId[] =>
  [...paper.changed].filter(([member, at]) => move.changed.get(member) !== at).map(([member]) => member)

export const byLastChange = (a: Paper, b: Paper): number =>
  lastChange(b).at - lastChange(a).at || a.id.localeCompare(b.id)

export const papersInUse = (records: Y.Doc): readonly Paper[] =>
  allRecords(records, paperRecord)
    .filter((paper) => paper.binnedAt === null && movedTo(paper).length === 0)
    .toSorted(byLastChange)

/** The last moved first. */
export const papersMoved = (records: Y.Doc): readonly Paper[] =>
  allRecords(records, paperRecord)
    .filter((paper) => paper.binnedAt === null && movedTo(paper).length > 0)
    .toSorted((a, b) => (movedTo(b).at(-1)?.at ?? 0) - (movedTo(a).at(-1)?.at ?? 0) || a.id.localeCompare(b.id))

/** Whole days left; 0 on the last day. A clock set back never makes it more than BIN_DAYS. */
export const daysLeftInBin = (binnedAt: number, now: number): number =>
  Math.min(BIN_DAYS, Math.ceil((binnedAt + BIN_DAYS * DAY - now) / DAY))

/** What was binned in the last 30 days, newest first. Later it is listed no more, but nothing of it is destroyed anywhere. */
export const papersInBin = (records: Y.Doc, now: number): readonly Paper[] =>
  allRecords(records, paperRecord)
    .filter(({ binnedAt }) => binnedAt !== null && daysLeftInBin(binnedAt, now) > 0)
    .toSorted((a, b) => (b.binnedAt ?? 0) - (a.binnedAt ?? 0))

/**
 * Did somebody else change it since this person looked? By what was seen of each member's last change, not by comparing
 * times: clocks differ, and a change made before the last look may arrive after it.
 */
export const isNewToMe = (paper: Paper, seen: SeenPaper | undefined, me: MemberId): boolean => {
  if (seen === undefined) return paper.createdBy !== me
  return [...paper.changed].some(([member, at]) => member !== me && seen.changed.get(member) !== at)
}
