/** The sentence of a text that fits best, with the words that were found. Pure. */
import { wordsOf } from './words.ts'

export interface Piece {
  readonly text: string
  readonly isFound: boolean
}

/** As pieces to show one after the other; empty where none of the words are in the text. */
export type Excerpt = readonly Piece[]

type Fits = ReadonlyMap<string, number>

/** Where a sentence goes on. */
export const CUT = '…'
/** A sentence may be as long as a book. */
const MOST_BEFORE = 120
const MOST_AFTER = 180
const NEAR = 24

const isEnd = (text: string, at: number): boolean => {
  const sign = text.charAt(at)
  return sign === '\n' || ('.?!…'.includes(sign) && /\s/.test(text.charAt(at + 1)))
}

/** A cut between words, where there is one near; never inside of a sign of two halves. */
function cutNear(text: string, at: number, step: 1 | -1): number {
  for (let cut = at; Math.abs(cut - at) < NEAR; cut += step) if (/\s/.test(text.charAt(cut))) return cut
  return /[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at + step : at
}

interface Span {
  readonly from: number
  readonly to: number
  readonly isCutBefore: boolean
  readonly isCutAfter: boolean
}

function sentenceAround(text: string, at: number, end: number): Span {
  let from = at
  while (from > 0 && at - from < MOST_BEFORE && !isEnd(text, from - 1)) from--
  let to = end
  while (to < text.length && to - end < MOST_AFTER && !isEnd(text, to)) to++
  const isCutBefore = from > 0 && !isEnd(text, from - 1)
  const isCutAfter = to < text.length && !isEnd(text, to)
  return {
    from: isCutBefore ? Math.min(at, cutNear(text, from, 1)) : from,
    to: isCutAfter ? Math.max(end, cutNear(text, to, -1)) : to + 1,
    isCutBefore,
    isCutAfter,
  }
}

const bestOf = (fits: Fits): number => [...fits.values()].reduce((sum, fit) => sum + fit, 0)

/** The first of those with the most of the words. */
function bestSentence(text: string, fits: Fits): Span | undefined {
  const most = bestOf(fits)
  let best: { readonly span: Span; readonly score: number } | undefined
  let now: { readonly span: Span; readonly found: Map<string, number> } | undefined
  const judge = (): void => {
    if (now === undefined) return
    const score = bestOf(now.found)
    if (score > (best?.score ?? 0)) best = { span: now.span, score }
  }
  for (const { at, end, folded } of wordsOf(text)) {
    const fit = fits.get(folded)
    if (fit === undefined) continue
    if (now === undefined || end > now.span.to) {
      judge()
      if (best?.score === most) break
      now = { span: sentenceAround(text, at, end), found: new Map() }
    }
    now.found.set(folded, fit)
  }
  judge()
  return best?.span
}

export function markedPieces(text: string, fits: Fits): Excerpt {
  const pieces: Piece[] = []
  let done = 0
  const put = (to: number, isFound: boolean): void => {
    if (to > done) pieces.push({ text: text.slice(done, to), isFound })
    done = to
  }
  for (const { at, end, folded } of wordsOf(text)) {
    if (!fits.has(folded)) continue
    put(at, false)
    put(end, true)
  }
  put(text.length, false)
  return pieces
}

export function excerptOf(text: string, fits: Fits): Excerpt {
  const span = bestSentence(text, fits)
  if (span === undefined) return []
  const cut: Excerpt = [{ text: CUT, isFound: false }]
  return [
    ...(span.isCutBefore ? cut : []),
    ...markedPieces(text.slice(span.from, span.to).trim(), fits),
    ...(span.isCutAfter ? cut : []),
  ]
}
