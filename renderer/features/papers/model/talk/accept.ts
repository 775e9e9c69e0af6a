/**
 * Puts proposed words into the paragraph, in one edit: only what differs is written, so words that stay keep their links and marks, and
 * what others wrote in the paragraph meanwhile stays where it is.
 *
 * Danger: two people who accept one proposal apart both write its words. So the entry says what was written with it, and mend.ts takes
 * out what is there twice.
 */
import * as Y from 'yjs'
import { fail, ok, type Result } from '../../../../../shared/base/errors.ts'
import { entriesOf, NOBODY } from '../entries.ts'
import { roomFor } from './add.ts'
import { blocksOf, canAccept, isWritable, type Known, planOf, proposalsOf, type Step } from './proposal.ts'
import { ENTRIES, FORMAT, talkOf } from './talk.ts'

/** 'gone': the paragraph, or the proposal, is not there any more. 'full': there is no room to say so. Nothing was done. */
export type AcceptProblem = 'gone' | 'full'

/** How many letters stand before this one. */
function indexIn(text: Y.XmlText, item: Y.Item, clock: number): number {
  let index = 0
  for (let one = text._start; one !== null; one = one.right) {
    const isHere = one.id.client === item.id.client && clock >= one.id.clock && clock < one.id.clock + one.length
    if (isHere) return index + (one.deleted ? 0 : clock - one.id.clock)
    if (!one.deleted && one.countable) index += one.length
  }
  return index
}

const holderOf = ({ item }: Pick<Known, 'item'>): Y.XmlText | undefined =>
  item.parent instanceof Y.XmlText ? item.parent : undefined

function isVisible(text: Y.XmlText, { item, clock }: Known): boolean {
  for (let one = text._start; one !== null; one = one.right)
    if (one.id.client === item.id.client && clock >= one.id.clock && clock < one.id.clock + one.length)
      return !one.deleted
  return false
}

function take({ remove, insert, after }: Step, first: Known | undefined): void {
  const beside = after ?? first
  const text = beside === undefined ? undefined : holderOf(beside)
  if (text === undefined || beside === undefined) return
  const index = indexIn(text, beside.item, beside.clock)
  // First in, so that they look as those that go out.
  if (insert !== '') text.insert(after !== undefined && isVisible(text, after) ? index + 1 : index, insert)
  for (const letter of remove) {
    const holder = holderOf(letter)
    if (holder !== undefined && isVisible(holder, letter)) holder.delete(indexIn(holder, letter.item, letter.clock), 1)
  }
}

export function acceptProposal(
  doc: Y.Doc,
  content: Y.XmlFragment,
  proposal: string,
  at: number,
): Result<void, AcceptProblem> {
  const found = proposalsOf(content, talkOf(doc, NOBODY)).find(({ id }) => id === proposal)
  if (found === undefined || !canAccept(found)) return fail('gone')
  const plan = planOf(content, blocksOf(content), found)
  if (plan === undefined || !isWritable(plan)) return fail('gone')
  if (!roomFor(doc)) return fail('full')
  const [start] = plan.letters
  const first = start === undefined ? undefined : { item: start.item, clock: start.item.id.clock, letter: '' }
  doc.transact(() => {
    const from = Y.getState(doc.store, doc.clientID)
    // From the last on: Yjs writes behind what was taken out, so a later place would be taken for one before it.
    for (const step of plan.steps.toReversed()) take(step, first)
    entriesOf(doc, ENTRIES).push([{ format: FORMAT, kind: 'accepted', at, to: proposal, from }])
  })
  return ok(undefined)
}
