/** Questions about papers. Pure. */
import type * as Y from 'yjs'
import type { MemberId } from '../../../../shared/base/ids.ts'
import { allRecords, getRecord } from '../../../../shared/model/record.ts'
import { paperRecord, type Paper } from './paper.ts'
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

export const papersInUse = (records: Y.Doc): readonly Paper[] =>
  allRecords(records, paperRecord)
    .filter(({ binnedAt }) => binnedAt === null)
    .toSorted((a, b) => lastChange(b).at - lastChange(a).at || a.id.localeCompare(b.id))

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
