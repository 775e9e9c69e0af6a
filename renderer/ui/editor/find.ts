/** Where words stand in a text, and other words put in their place. Pure. */
import type { Node } from '@tiptap/pm/model'
import type { Transaction } from '@tiptap/pm/state'

export interface Match {
  readonly from: number
  readonly to: number
}

/** As long as one position of the text, and typed by nobody. */
const LEAF = '\ufffc'
/** What a keyboard writes and what a word processor makes of it are the same to whoever looks for it. */
const ALIKE = ["'’‘", '"“”', '-–—‑']

function toPattern(wanted: string): RegExp {
  const letters = Array.from(wanted.trim()).map((letter) => {
    const alike = ALIKE.find((group) => group.includes(letter))
    if (alike !== undefined) return `[${alike.replace('-', '\\-')}]`
    return /\s/.test(letter) ? '\\s' : letter.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  })
  return new RegExp(letters.join(''), 'giu')
}

/** In the order of the text, within its paragraphs, whatever is bold; capital letters count as small ones. */
export function findMatches(doc: Node, wanted: string): readonly Match[] {
  if (wanted.trim() === '') return []
  const pattern = toPattern(wanted)
  const found: Match[] = []
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true
    const text = node.textBetween(0, node.content.size, undefined, LEAF)
    for (const match of text.matchAll(pattern)) {
      const from = position + 1 + match.index
      found.push({ from, to: from + match[0].length })
    }
    return false
  })
  return found
}

/** From the last to the first, so that no place moves before its turn. New words are as bold as the first of the old ones. */
export function replaceMatches(transaction: Transaction, matches: readonly Match[], words: string): Transaction {
  for (const { from, to } of matches.toReversed()) {
    if (words === '') transaction.delete(from, to)
    else transaction.insertText(words, from, to)
  }
  return transaction
}

/** The first that begins at or after a position; after the last one comes the first. -1 where there is none. */
export function matchAfter(matches: readonly Match[], position: number): number {
  const next = matches.findIndex(({ from }) => from >= position)
  return next === -1 && matches.length > 0 ? 0 : next
}

export function matchBefore(matches: readonly Match[], position: number): number {
  const before = matches.findLastIndex(({ from }) => from < position)
  return before === -1 ? matches.length - 1 : before
}
