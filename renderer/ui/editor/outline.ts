/** What can be said of a whole text at a glance. Pure. */
import type { Node } from '@tiptap/pm/model'
import { hasSummary } from './summary.ts'

export interface OutlineEntry {
  readonly text: string
  readonly level: number
  /** Where its words begin. */
  readonly position: number
}

export interface TextFacts {
  readonly words: number
  readonly outline: readonly OutlineEntry[]
  readonly hasSummary: boolean
}

const WORD = /[\p{L}\p{N}]+(?:['’.,-][\p{L}\p{N}]+)*/gu
/** Slower than most people read when nothing hurts. */
const WORDS_A_MINUTE = 180

/** Headings without words are left out. */
export function factsOf(doc: Node): TextFacts {
  const outline: OutlineEntry[] = []
  let words = 0
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true
    const text = node.textBetween(0, node.content.size, undefined, ' ')
    words += text.match(WORD)?.length ?? 0
    if (node.type.name === 'heading' && text.trim() !== '')
      outline.push({ text: text.trim(), level: Number(node.attrs['level']) || 1, position: position + 1 })
    return false
  })
  return { words, outline, hasSummary: hasSummary(doc) }
}

/** Whole minutes; 0: less than one. */
export const minutesToRead = (words: number): number => Math.round(words / WORDS_A_MINUTE)

/** Where an entry of an earlier outline is now: the same words, as near as possible to where they were. */
export function findAgain(doc: Node, entry: OutlineEntry): number | undefined {
  const same = factsOf(doc).outline.filter(({ text }) => text === entry.text)
  return same.toSorted((a, b) => Math.abs(a.position - entry.position) - Math.abs(b.position - entry.position))[0]
    ?.position
}
