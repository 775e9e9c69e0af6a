/**
 * What the window of one person has said, as it was painted: which words stood on it while the line at the bottom said that all is
 * saved, and which while it said that the others have everything. Told frame by frame over the pipe, so that it survives the browser.
 */
import type { Page } from '@playwright/test'

export interface Said {
  /** Words that were on the screen at or before a frame with "All saved here." */
  readonly saved: ReadonlySet<string>
  /** The same, with "… has everything." or "… have everything.", by that sentence's names. */
  readonly shared: ReadonlyMap<string, ReadonlySet<string>>
  /** Headings of screens. */
  readonly headings: ReadonlySet<string>
  /** Milliseconds since 1970 of the last frame that was told. */
  readonly lastAt: () => number
  /** Goes on in another window of the same person. */
  follow(page: Page): Promise<void>
}

interface Frame {
  readonly at: number
  readonly line: string
  readonly heading: string
  /** Words that were not told of before. */
  readonly words: readonly string[]
}

/** In brackets, so that half a word counts as none, even where it stands close to another: "[alice-12-3]". */
export const WORD = /\[[a-z]+-\d+-\d+\]/g
export const wordsIn = (text: string): ReadonlySet<string> => new Set(text.match(WORD))

const EVERYTHING = /([^.]+) ha(?:s|ve) everything\./

export function recordSaid(): Said {
  /** In this window; what an earlier one showed and did not save is gone. */
  let seen = new Set<string>()
  const saved = new Set<string>()
  const shared = new Map<string, Set<string>>()
  const headings = new Set<string>()
  let lastAt = 0
  const note = ({ at, line, heading, words }: Frame): void => {
    lastAt = at
    for (const word of words) seen.add(word)
    headings.add(heading)
    if (!line.includes('All saved here.')) return
    for (const word of seen) saved.add(word)
    const names = EVERYTHING.exec(line)?.[1]?.trim()
    if (names === undefined) return
    shared.set(names, new Set([...(shared.get(names) ?? []), ...seen]))
  }
  return {
    saved,
    shared,
    headings,
    lastAt: () => lastAt,
    async follow(page) {
      seen = new Set()
      await page.exposeFunction('teatraySaid', note)
      await page.evaluate(tellFrames, WORD.source)
    },
  }
}

/** In the page. */
function tellFrames(source: string): void {
  const { teatraySaid } = globalThis as unknown as { teatraySaid: (frame: Frame) => Promise<void> }
  const pattern = new RegExp(source, 'g')
  const told = new Set<string>()
  let before = ''
  const look = (): void => {
    const line = document.querySelector('.t-footer p')?.textContent ?? ''
    const heading = document.querySelector('h1')?.textContent ?? ''
    const text = document.querySelector('.ProseMirror')?.textContent ?? ''
    const words = [...new Set(text.match(pattern))].filter((word) => !told.has(word))
    const said = `${line}\n${heading}`
    if (said !== before || words.length > 0) {
      before = said
      for (const word of words) told.add(word)
      void teatraySaid({ at: Date.now(), line, heading, words })
    }
    requestAnimationFrame(look)
  }
  look()
}
