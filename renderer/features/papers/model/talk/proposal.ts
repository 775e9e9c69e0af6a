/**
 * What became of words that were proposed for a paragraph. What is to be taken out and put in is said by places among the letters that the
 * paragraph had when it was proposed, so it is the same on every computer, whoever accepts it and whatever was written in between; and no
 * word that stays is copied: those who came in from a later day would get it.
 */
import * as Y from 'yjs'
import { grouped } from '../entries.ts'
import { readMoment, wasThere } from '../moment.ts'
import { type Letters, lettersOf } from './letters.ts'
import { fits, reworded } from './rewording.ts'
import type { Acceptance, Act, Proposed, Talk } from './talk.ts'

/** One letter of the paragraph as it was, found again. */
export interface Known {
  readonly item: Y.Item
  readonly clock: number
  readonly letter: string
}

/** The paragraph and what is to be done in it. */
export interface Plan {
  readonly block: Y.XmlElement
  readonly letters: readonly Letters[]
  readonly before: string
  readonly steps: readonly Step[]
}

export interface Step {
  /** In the paragraph's words as they were. */
  readonly at: number
  readonly remove: readonly Known[]
  readonly insert: string
  /** After this letter; undefined: before the first. */
  readonly after: Known | undefined
}

/** One stretch of the paragraph's words, as it is said and shown. */
export interface Stretch {
  readonly kind: 'kept' | 'out' | 'in'
  readonly text: string
  /** Where it stands in the paragraph as it was. */
  readonly at: number
}

export type ProposalState = 'open' | 'accepted' | 'amended' | 'declined' | 'taken-back'

export interface Proposal extends Proposed {
  readonly state: ProposalState
  /** Whoever brought the state about; the first of several. */
  readonly done: Act | undefined
  /** All of the paragraph's words as they were, with what was proposed; empty where they are not here. */
  readonly text: string
  /** From what was there to what is proposed; empty where that is not here. */
  readonly stretches: readonly Stretch[]
  /** 'not-here': not all that was there then is on this computer. 'gone': taken out, or set out anew. */
  readonly paragraph: 'same' | 'changed' | 'gone' | 'not-here'
  /** The paragraph's words now, and as they would be. */
  readonly now: string
  readonly afterwards: string
  readonly range: { readonly from: number; readonly to: number } | undefined
}

const nameOf = (client: number, clock: number): string => `${client}-${clock}`

/** The letters of each paragraph, by its place. */
export type Blocks = ReadonlyMap<string, readonly Letters[]>

export const blocksOf = (content: Y.XmlFragment): Blocks =>
  grouped(lettersOf(content), ({ block: { _item: item } }) =>
    item === null ? '' : nameOf(item.id.client, item.id.clock),
  )

function knownThen(letters: readonly Letters[], then: Y.Snapshot): readonly Known[] {
  return letters.flatMap(({ item, text }) =>
    text.split('').flatMap((letter, index) => {
      const clock = item.id.clock + index
      return wasThere(then, item.id.client, clock) ? [{ item, clock, letter }] : []
    }),
  )
}

/** Undefined where the words that it stands on are not all here. */
export function planOf(content: Y.XmlFragment, blocks: Blocks, proposed: Proposed): Plan | undefined {
  const then = content.doc === null ? undefined : readMoment(content.doc, proposed.snapshot)
  const letters = blocks.get(nameOf(proposed.block.client, proposed.block.clock)) ?? []
  const [first] = letters
  if (then === undefined || first === undefined) return undefined
  const known = knownThen(letters, then)
  const before = known.map(({ letter }) => letter).join('')
  if (!fits(before, proposed.changes)) return undefined
  const steps = proposed.changes.map(({ at, remove, insert }) => ({
    at,
    remove: known.slice(at, at + remove),
    insert,
    // What stands in the place of words looks as the last of them did.
    after: known[at + remove - 1],
  }))
  return { block: first.block, letters, before, steps }
}

function stretchesOf({ before, steps }: Plan): readonly Stretch[] {
  const found: Stretch[] = []
  let at = 0
  const add = (kind: Stretch['kind'], text: string): void => {
    if (text !== '') found.push({ kind, text, at })
    if (kind !== 'in') at += text.length
  }
  for (const step of steps) {
    add('kept', before.slice(at, step.at))
    add('out', before.slice(at, step.at + step.remove.length))
    add('in', step.insert)
  }
  add('kept', before.slice(at))
  return found
}

/** The paragraph's words after it, with what others wrote there meanwhile. */
function wordsAfter({ letters, steps }: Plan): string {
  const gone = new Set(steps.flatMap(({ remove }) => remove.map(({ item, clock }) => nameOf(item.id.client, clock))))
  const inserted = new Map<string, string>()
  for (const { after, insert } of steps) {
    const name = after === undefined ? '' : nameOf(after.item.id.client, after.clock)
    inserted.set(name, (inserted.get(name) ?? '') + insert)
  }
  let text = inserted.get('') ?? ''
  for (const { item, text: more, isVisible } of letters)
    for (let index = 0; index < item.length; index++) {
      const name = nameOf(item.id.client, item.id.clock + index)
      if (isVisible && !gone.has(name)) text += more[index] ?? ''
      text += inserted.get(name) ?? ''
    }
  return text
}

/**
 * Whether somebody who says that they used the words wrote them, in this paragraph and in their own name: all of them, and nothing
 * else. Also where they were taken out since. So nobody can keep others from accepting by only saying that they did.
 */
export function isTrue({ letters, steps }: Plan, { client, from, clock }: Acceptance): boolean {
  const written = writtenWith(letters, { client, from, clock })
    .map(({ text }) => text)
    .join('')
  return written === steps.map(({ insert }) => insert).join('')
}

/** In reading order. */
export function writtenWith(
  letters: readonly Letters[],
  { client, from, clock }: Pick<Acceptance, 'client' | 'from' | 'clock'>,
): readonly (Letters & { readonly first: number })[] {
  return letters.flatMap((one) => {
    const { id, length } = one.item
    const first = Math.max(from, id.clock)
    const end = Math.min(clock, id.clock + length)
    if (id.client !== client || first >= end) return []
    return [{ ...one, first, text: one.text.slice(first - id.clock, end - id.clock) }]
  })
}

/** Everybody's order: whoever else accepted it apart, the first of these is the one that counts. */
export const inOrder = (acceptances: readonly Acceptance[]): readonly Acceptance[] =>
  acceptances.toSorted((a, b) => a.client - b.client || a.clock - b.clock)

function stateOf(
  proposed: Proposed,
  plan: Plan | undefined,
  others: readonly Proposed[],
): [ProposalState, Act | undefined] {
  const [accepted] = inOrder(proposed.acceptances).filter((one) => plan === undefined || isTrue(plan, one))
  const amended = others.find(({ instead, isTakenBack }) => instead === proposed.id && !isTakenBack)
  if (accepted !== undefined) return ['accepted', accepted]
  if (proposed.isTakenBack) return ['taken-back', proposed]
  if (amended !== undefined) return ['amended', amended]
  return proposed.declined[0] === undefined ? ['open', undefined] : ['declined', proposed.declined[0]]
}

function rangeOf(letters: readonly Letters[]): Proposal['range'] {
  const visible = letters.filter(({ isVisible }) => isVisible)
  const last = visible.at(-1)
  return visible[0] === undefined || last === undefined
    ? undefined
    : { from: visible[0].from, to: last.from + last.item.length }
}

const nowOf = (letters: readonly Letters[]): string =>
  letters.map(({ text, isVisible }) => (isVisible ? text : '')).join('')

const isStanding = (block: Y.XmlElement): boolean => {
  for (let item = block._item; item !== null;) {
    if (item.deleted) return false
    item = item.parent instanceof Y.AbstractType ? item.parent._item : null
  }
  return true
}

/** Whether every letter next to which something is to be written still stands in a text of the paragraph. */
export const isWritable = ({ block, letters, steps }: Plan): boolean =>
  isStanding(block) &&
  steps.every(({ after }) => {
    const item = after === undefined ? letters[0]?.item : after.item
    return item?.parent instanceof Y.XmlText && item.parent._item?.deleted === false
  })

export function proposalsOf(content: Y.XmlFragment, { proposed }: Talk): readonly Proposal[] {
  if (proposed.length === 0) return []
  const blocks = blocksOf(content)
  return proposed.map((one) => {
    const plan = planOf(content, blocks, one)
    const [state, done] = stateOf(one, plan, proposed)
    if (plan === undefined) {
      return {
        ...one,
        state,
        done,
        text: '',
        stretches: [],
        paragraph: 'not-here',
        now: '',
        afterwards: '',
        range: undefined,
      }
    }
    const now = nowOf(plan.letters)
    return {
      ...one,
      state,
      done,
      text: reworded(plan.before, one.changes),
      stretches: stretchesOf(plan),
      paragraph: !isWritable(plan) ? 'gone' : now === plan.before ? 'same' : 'changed',
      now,
      afterwards: wordsAfter(plan),
      range: rangeOf(plan.letters),
    }
  })
}

export const canAccept = ({ state, paragraph }: Proposal): boolean =>
  (state === 'open' || state === 'declined') && (paragraph === 'same' || paragraph === 'changed')
