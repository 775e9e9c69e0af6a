/**
 * What a comment is about: the very letters that were chosen, by their places in their authors' writing. No words are copied:
 * those who came in from a later day would get them.
 *
 * The editor writes a split paragraph, a heading made of one, or a version that was brought back as "these words gone, the same words
 * there". So where all letters are gone, and the same words were written since at one place and no other, that place is meant.
 */
import * as Y from 'yjs'
import { grouped, isCount } from '../entries.ts'
import { type Letters, lettersOf, textOf } from './letters.ts'

/** Of letters that one person wrote one after the other. A chosen passage that has more was written by many hands over and over. */
export const MOST_RUNS = 500
/** Shorter words are too likely to be written again by chance. */
const LEAST_FOUND_AGAIN = 4

interface Run {
  readonly client: number
  readonly clock: number
  readonly length: number
}

export interface Anchor {
  readonly runs: readonly Run[]
  /** What had been written by then, by client: whatever is new since may be the same words, set out anew. */
  readonly since: ReadonlyMap<number, number>
}

/** As it stands in an entry. */
export interface AnchorFields {
  /** Client, clock, length; again and again. */
  readonly letters: readonly number[]
  /** A Yjs state vector. */
  readonly since: Uint8Array
}

export interface Range {
  /** Positions in the editor's document. */
  readonly from: number
  readonly to: number
}

export type Place =
  | (Range & { readonly state: 'here'; readonly words: string })
  /** `words`: what can still be read of them. */
  | { readonly state: 'taken-out'; readonly words: string }
  /** The words have not reached this computer, or never will. */
  | { readonly state: 'not-here' }

interface Piece extends Pick<Letters, 'text' | 'block' | 'from' | 'isVisible'> {
  readonly to: number
}

/** The letters of an item from `first` on, `length` of them. */
function pieceOf({ text, block, from, isVisible }: Letters, first: number, length: number): Piece {
  const start = isVisible ? from + first : from
  const cut = text.slice(first, first + length)
  return { text: cut, block, isVisible, from: start, to: isVisible ? start + length : start }
}

const inRange = (letters: readonly Letters[], { from, to }: Range): readonly [Letters, number, number][] =>
  letters.flatMap((one): [Letters, number, number][] => {
    const first = Math.max(0, from - one.from)
    const end = Math.min(one.item.length, to - one.from)
    return one.isVisible && first < end ? [[one, first, end - first]] : []
  })

/** Undefined: there are no words in the range, or they are of too many pieces. */
export function anchorAt(content: Y.XmlFragment, range: Range): AnchorFields | undefined {
  const { doc } = content
  const runs: Run[] = []
  for (const [{ item }, first, length] of inRange(lettersOf(content), range)) {
    const { client, clock } = item.id
    const last = runs.at(-1)
    if (last !== undefined && last.client === client && last.clock + last.length === clock + first)
      runs[runs.length - 1] = { ...last, length: last.length + length }
    else runs.push({ client, clock: clock + first, length })
  }
  if (doc === null || runs.length === 0 || runs.length > MOST_RUNS) return undefined
  const letters = runs.flatMap(({ client, clock, length }) => [client, clock, length])
  return { letters, since: Y.encodeStateVector(doc) }
}

function decodeState(bytes: Uint8Array): ReadonlyMap<number, number> | undefined {
  try {
    return Y.decodeStateVector(bytes)
  } catch {
    // lib0 throws on truncated or garbled bytes; the answer to all of them is the same.
    return undefined
  }
}

/** Undefined where it is not one: then what was said about it has no place, and is shown all the same. */
export function readAnchor({ letters, since }: { letters?: unknown; since?: unknown }): Anchor | undefined {
  if (!Array.isArray(letters) || letters.length === 0 || letters.length % 3 !== 0) return undefined
  const numbers: readonly unknown[] = letters
  if (letters.length > 3 * MOST_RUNS || !numbers.every(isCount) || !(since instanceof Uint8Array)) return undefined
  const known = decodeState(since)
  if (known === undefined) return undefined
  const runs = Array.from({ length: numbers.length / 3 }, (_, index) => ({
    client: numbers[3 * index] ?? 0,
    clock: numbers[3 * index + 1] ?? 0,
    length: numbers[3 * index + 2] ?? 0,
  }))
  return { runs, since: known }
}

function piecesOf(letters: readonly Letters[], { runs }: Anchor): readonly Piece[] {
  const byClient = grouped(runs, ({ client }) => client)
  return letters.flatMap((one) => {
    const { client, clock } = one.item.id
    return (byClient.get(client) ?? []).flatMap((run) => {
      const first = Math.max(0, run.clock - clock)
      const end = Math.min(one.item.length, run.clock + run.length - clock)
      return first < end ? [pieceOf(one, first, end - first)] : []
    })
  })
}

const wordsIn = (letters: readonly Letters[], range: Range): string =>
  textOf(inRange(letters, range).map(([one, first, length]) => pieceOf(one, first, length)))

/** Where the same words were written since, if that is one place. */
function findAgain(letters: readonly Letters[], wanted: string, { since }: Anchor): Range | undefined {
  if (wanted.trim().length < LEAST_FOUND_AGAIN) return undefined
  let text = ''
  let last: Y.XmlElement | undefined
  /** Of each letter of `text`: where it stands; -1: it was there before, or stands between two paragraphs. */
  const positions: number[] = []
  for (const { item, text: more, from, isVisible, block } of letters) {
    if (!isVisible) continue
    if (last !== undefined && last !== block) {
      text += '\n'
      positions.push(-1)
    }
    last = block
    const known = since.get(item.id.client) ?? 0
    for (let index = 0; index < item.length; index++) positions.push(item.id.clock + index < known ? -1 : from + index)
    text += more
  }
  const isNew = (at: number): boolean =>
    positions.slice(at, at + wanted.length).every((position, index) => position >= 0 || wanted[index] === '\n')
  const found: number[] = []
  for (let at = text.indexOf(wanted); at >= 0 && found.length < 2; at = text.indexOf(wanted, at + 1))
    if (isNew(at)) found.push(at)
  const [at] = found
  const from = at === undefined ? undefined : positions[at]
  const end = at === undefined ? undefined : positions[at + wanted.length - 1]
  return found.length !== 1 || from === undefined || end === undefined || from < 0 || end < 0
    ? undefined
    : { from, to: end + 1 }
}

function placeOf(letters: readonly Letters[], anchor: Anchor): Place {
  const pieces = piecesOf(letters, anchor)
  const [first] = pieces
  if (first === undefined) return { state: 'not-here' }
  const visible = pieces.filter(({ isVisible }) => isVisible)
  const words = textOf(pieces)
  const range =
    visible.length > 0
      ? {
          from: Math.min(...visible.map(({ from }) => from)),
          to: Math.max(...visible.map(({ to }) => to)),
        }
      : findAgain(letters, words, anchor)
  if (range === undefined) return { state: 'taken-out', words }
  return { state: 'here', ...range, words: wordsIn(letters, range) }
}

/** Where each is now; the paper is looked through once. */
export function placesOf<Id>(
  content: Y.XmlFragment,
  anchors: readonly (readonly [Id, Anchor])[],
): ReadonlyMap<Id, Place> {
  if (anchors.length === 0) return new Map()
  const letters = lettersOf(content)
  return new Map(anchors.map(([id, anchor]) => [id, placeOf(letters, anchor)]))
}
