/** Proposes other words for the paragraph that holds a place in the text. */
import * as Y from 'yjs'
import { fail, ok, type Result } from '../../../../../shared/base/errors.ts'
import { addEntry } from '../entries.ts'
import { roomFor, tidySaid } from './add.ts'
import type { Range } from './anchor.ts'
import { type Letters, lettersOf, visibleOf } from './letters.ts'
import { rewording } from './rewording.ts'
import { ENTRIES, FORMAT, LONGEST_PROPOSED } from './talk.ts'

export interface Paragraph {
  readonly block: { readonly client: number; readonly clock: number }
  readonly words: string
}

/** Undefined where there are no words. */
export function paragraphAt(content: Y.XmlFragment, { from, to }: Range): Paragraph | undefined {
  const visible = visibleOf(lettersOf(content))
  const found = visible.find((one) => one.from < to && from < one.from + one.item.length)
  const id = found?.block._item?.id
  if (found === undefined || id === undefined) return undefined
  const words = visible.filter(({ block }: Letters) => block === found.block).map(({ text }) => text)
  return { block: { client: id.client, clock: id.clock }, words: words.join('') }
}

/** 'same': they are its words. 'lines': its lines are not as many, or words would stand in an empty one. Nothing was written. */
export type ProposeProblem = 'full' | 'empty' | 'same' | 'lines'

export interface Proposing {
  readonly paragraph: Paragraph
  readonly text: string
  readonly reason: string
  /** Of the proposal that it is made in place of. */
  readonly instead: string | undefined
}

/** A paragraph is one line unless it has breaks of its own: a line's end typed into it is a space. */
export const tidyProposed = (typed: string, words: string): string =>
  (words.includes('\n') ? typed.replaceAll('\r\n', '\n') : typed.replaceAll(/\s*\n\s*/g, ' ').trim()).slice(
    0,
    LONGEST_PROPOSED,
  )

/** The id of the proposal. */
export function propose(doc: Y.Doc, proposing: Proposing, at: number): Result<string, ProposeProblem> {
  const { paragraph, instead } = proposing
  const text = tidyProposed(proposing.text, paragraph.words)
  if (text.trim() === '') return fail('empty')
  if (text === paragraph.words) return fail('same')
  const changes = rewording(paragraph.words, text)
  if (changes === undefined) return fail('lines')
  const snapshot = Y.encodeSnapshotV2(Y.snapshot(doc))
  if (!roomFor(doc, snapshot.length)) return fail('full')
  const reason = tidySaid(proposing.reason)
  return ok(
    addEntry(doc, ENTRIES, {
      format: FORMAT,
      kind: 'proposal',
      at,
      block: [paragraph.block.client, paragraph.block.clock],
      snapshot,
      changes: changes.flatMap(({ at: place, remove, insert }) => [place, remove, insert]),
      ...(reason === '' ? {} : { reason }),
      ...(instead === undefined ? {} : { instead }),
    }),
  )
}
