/** Who says that they have read a paper, and whether its words are still those. Nobody is shown as not having read it. */
import type * as Y from 'yjs'
import { readMoment } from '../moment.ts'
import { lettersOf, lettersThen, textOf, visibleOf } from './letters.ts'
import type { Reading } from './talk.ts'

export interface ReadBy extends Reading {
  /** 'unknown': not all of what they read is on this computer. */
  readonly since: 'same' | 'changed' | 'unknown'
}

/** `content`: the paper's words, in a document with all that is said about them. */
export function readBy(content: Y.XmlFragment, readings: readonly Reading[]): readonly ReadBy[] {
  const { doc } = content
  if (readings.length === 0 || doc === null) return []
  const letters = lettersOf(content)
  const now = textOf(visibleOf(letters))
  return readings.map((reading) => {
    const then = readMoment(doc, reading.snapshot)
    if (then === undefined) return { ...reading, since: 'unknown' }
    return { ...reading, since: textOf(lettersThen(letters, then)) === now ? 'same' : 'changed' }
  })
}
