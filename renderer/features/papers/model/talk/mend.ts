/**
 * Two people accepted one proposal apart, so its words are there twice. On every computer the same one of them counts, and what was
 * written with the others is taken out: whoever does it, and however often, it is the same. Only what they themselves wrote in that
 * paragraph is ever touched, and only as long as the words that count are there: nobody can have others' words taken out by an
 * entry that is not true.
 */
import * as Y from 'yjs'
import { NOBODY } from '../entries.ts'
import type { Letters } from './letters.ts'
import { blocksOf, inOrder, isTrue, type Plan, planOf, writtenWith } from './proposal.ts'
import { talkOf } from './talk.ts'

interface Doubled {
  readonly text: Y.XmlText
  readonly client: number
  readonly clock: number
  readonly length: number
}

const isThere = (written: readonly Letters[]): boolean => written.some(({ isVisible }) => isVisible)

function doubledIn(plan: Plan, acceptances: Parameters<typeof inOrder>[0]): readonly Doubled[] {
  const [counts, ...others] = inOrder(acceptances).filter((one) => isTrue(plan, one))
  if (counts === undefined || others.length === 0 || !isThere(writtenWith(plan.letters, counts))) return []
  return others.flatMap((one) =>
    writtenWith(plan.letters, one).flatMap(({ item, isVisible, first, text }) =>
      isVisible && item.parent instanceof Y.XmlText
        ? [{ text: item.parent, client: item.id.client, clock: first, length: text.length }]
        : [],
    ),
  )
}

/** The letters of it that are still there, taken out from the last on. */
function takeOut({ text, client, clock, length }: Doubled): void {
  for (let letter = clock + length - 1; letter >= clock; letter--) {
    let index = 0
    for (let item = text._start; item !== null; item = item.right) {
      const { id } = item
      if (id.client === client && letter >= id.clock && letter < id.clock + item.length) {
        if (!item.deleted) text.delete(index + letter - id.clock, 1)
        break
      }
      if (!item.deleted && item.countable) index += item.length
    }
  }
}

/** Whether there was anything to mend. For whoever may write in this document. */
export function mendDoubled(doc: Y.Doc, content: Y.XmlFragment): boolean {
  const { proposed } = talkOf(doc, NOBODY)
  const twice = proposed.filter(({ acceptances }) => acceptances.length > 1)
  if (twice.length === 0) return false
  const blocks = blocksOf(content)
  const doubled = twice.flatMap((one) => {
    const plan = planOf(content, blocks, one)
    return plan === undefined ? [] : doubledIn(plan, one.acceptances)
  })
  if (doubled.length === 0) return false
  doc.transact(() => {
    for (const one of doubled) takeOut(one)
  })
  return true
}
