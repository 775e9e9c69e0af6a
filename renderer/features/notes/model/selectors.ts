/** Questions about notes. Pure. */
import * as Y from 'yjs'
import { allRecords, getRecord } from '../../../../shared/model/record.ts'
import { noteRecord, type Note } from './note.ts'

export const DAY = 24 * 60 * 60 * 1000
export const BIN_DAYS = 30
export const LONGEST_TITLE = 120

export const noteById = (records: Y.Doc, id: string): Note | undefined => getRecord(records, noteRecord, id)

export const notesInUse = (records: Y.Doc): readonly Note[] =>
  allRecords(records, noteRecord)
    .filter(({ binnedAt }) => binnedAt === null)
    .toSorted((a, b) => b.changedAt - a.changedAt)

export const notesInBin = (records: Y.Doc): readonly Note[] =>
  allRecords(records, noteRecord)
    .filter(({ binnedAt }) => binnedAt !== null)
    .toSorted((a, b) => (b.binnedAt ?? 0) - (a.binnedAt ?? 0))

/** Whole days left, never more than BIN_DAYS whatever the clock says; at least 0. */
export const daysLeft = (binnedAt: number, now: number): number =>
  Math.max(0, Math.min(BIN_DAYS, Math.ceil((binnedAt + BIN_DAYS * DAY - now) / DAY)))

export type Due = 'not-yet' | 'first-noticed' | 'no-longer' | 'now'

/**
 * Is it time to destroy a binned note? Only when its time was found to be over twice, a day or more apart: a clock that jumps
 * ahead for an hour must not cost anybody a note.
 */
export function due(note: Note, now: number): Due {
  if (note.binnedAt === null) return 'not-yet'
  const over = now >= note.binnedAt + BIN_DAYS * DAY
  if (!over) return note.overdueAt === null ? 'not-yet' : 'no-longer'
  if (note.overdueAt === null) return 'first-noticed'
  return now - note.overdueAt >= DAY ? 'now' : 'not-yet'
}

function firstWords(node: Y.XmlElement | Y.XmlFragment | Y.XmlText): string {
  if (node instanceof Y.XmlText) {
    const parts: readonly { insert?: unknown }[] = node.toDelta()
    return parts.map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('')
  }
  const children = node.toArray().filter((child) => child instanceof Y.XmlText || child instanceof Y.XmlElement)
  if (children.some((child) => child instanceof Y.XmlText)) return children.map(firstWords).join('')
  return children.map(firstWords).find((text) => text.trim() !== '') ?? ''
}

/** The first line that says anything. */
export function titleFrom(content: Y.XmlFragment): string {
  const line = firstWords(content).replaceAll(/\s+/g, ' ').trim()
  return line.length <= LONGEST_TITLE ? line : `${line.slice(0, LONGEST_TITLE - 1).trimEnd()}…`
}
