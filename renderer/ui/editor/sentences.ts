/** A text as sentences, for reading aloud. Pure. */
import type { Node } from '@tiptap/pm/model'
import { PICTURE, pictureOf } from './pictures/picture.ts'

export interface Sentence {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** Some voices stop in the middle of what is longer than this; commas and spaces part it then. */
const LONGEST = 250

function cut(text: string): readonly { readonly index: number; readonly text: string }[] {
  if (text.length <= LONGEST) return [{ index: 0, text }]
  const parts: { index: number; text: string }[] = []
  let start = 0
  while (text.length - start > LONGEST) {
    const piece = text.slice(start, start + LONGEST)
    const end = Math.max(piece.lastIndexOf(', '), piece.lastIndexOf('; ')) + 1 || piece.lastIndexOf(' ') + 1 || LONGEST
    parts.push({ index: start, text: text.slice(start, start + end) })
    start += end
  }
  parts.push({ index: start, text: text.slice(start) })
  return parts
}

/** In the order of the text, and what a picture shows as one. A heading, a list line and a cell of a table end a sentence, with or without a full stop. */
export function sentencesOf(doc: Node, language: string): readonly Sentence[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' })
  const found: Sentence[] = []
  doc.descendants((node, position) => {
    if (node.type.name === PICTURE) {
      const { alt } = pictureOf(node.attrs)
      if (alt !== '') found.push({ from: position, to: position + 1, text: alt })
    }
    if (!node.isTextblock) return true
    const whole = node.textBetween(0, node.content.size, undefined, '\n')
    for (const { segment, index } of segmenter.segment(whole))
      for (const part of cut(segment)) {
        const text = part.text.trim()
        // Without a letter or a number there is nothing to say.
        if (!/[\p{L}\p{N}]/u.test(text)) continue
        const from = position + 1 + index + part.index + part.text.indexOf(text)
        found.push({ from, to: from + text.length, text })
      }
    return false
  })
  return found
}

/** The one that a place is in, or the next. */
export const sentenceAt = (sentences: readonly Sentence[], position: number): Sentence | undefined =>
  sentences.find(({ to }) => to > position)

/** Where a sentence is after the text changed: the same words, the nearest; undefined where they are gone. */
export const sentenceAgain = (sentences: readonly Sentence[], before: Sentence): Sentence | undefined =>
  sentences
    .filter(({ text }) => text === before.text)
    .toSorted((a, b) => Math.abs(a.from - before.from) - Math.abs(b.from - before.from))[0]
