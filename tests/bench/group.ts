/** What a group with many papers costs to open, to type in and to look through, beside plain Tiptap with plain Yjs in the same page. */
import type { Page } from 'playwright-core'
import { withPage } from './browsers.ts'
import { median, slow } from './carrying.ts'
import type { Which } from './editors.ts'
import type { SearchTimes, TypingTimes } from './group-page.ts'
import type { Row } from './table.ts'

const PAGE = 'tests/bench/group-page.ts'
const PLAIN = 'plain Yjs with Dexie, not sealed'
const PLAIN_EDITOR = 'plain Tiptap (StarterKit, tables) with plain Yjs and Dexie'
const MB = 1_000_000

interface Measured extends TypingTimes, SearchTimes {
  readonly list: number
  /** The first paper after the start, and then others. */
  readonly first: number
  readonly papers: readonly number[]
  /** More than the page takes before anything is opened. */
  readonly heapListed: number
  readonly heapSearched: number
}

/** Of what is still needed: values, and the bytes behind typed arrays. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const usage: { usedSize: number; backingStorageSize?: number } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usage.usedSize + (usage.backingStorageSize ?? 0)
}

interface Size {
  readonly papers: number
  readonly bytes: number
  readonly opened: number
  readonly keystrokes: number
  readonly turns: number
}

async function measure(
  page: Page,
  which: Which,
  { papers, opened, keystrokes }: Size,
  turn: number,
): Promise<Measured> {
  // As after a restart; the profile stays.
  await page.reload()
  const empty = await heapOf(page)
  const list = await page.evaluate(([which, papers]) => window.group.open(which, papers), [which, papers] as const)
  const heapListed = (await heapOf(page)) - empty
  // Others in each turn, and none that was typed in.
  const places = Array.from({ length: opened }, (_, index) => (turn + 1) * (opened + 1) + index)
  const [first = Number.NaN, ...others] = await page.evaluate(([which, places]) => window.group.papers(which, places), [
    which,
    places,
  ] as const)
  const typing = await page.evaluate(([which, place, keystrokes]) => window.group.type(which, place, keystrokes), [
    which,
    turn,
    keystrokes,
  ] as const)
  const searches = await page.evaluate((queries) => window.group.search(queries), 30)
  const heapSearched = (await heapOf(page)) - empty
  await page.evaluate(() => window.group.close())
  return { list, first, papers: others, heapListed, heapSearched, ...typing, ...searches }
}

export async function benchGroup(quick: boolean): Promise<readonly Row[]> {
  const size: Size = quick
    ? { papers: 60, bytes: MB, opened: 6, keystrokes: 30, turns: 1 }
    : { papers: 300, bytes: 5 * MB, opened: 20, keystrokes: 100, turns: 3 }
  return withPage({ entry: PAGE }, async (page) => {
    await page.evaluate(({ papers, bytes }) => window.group.write(papers, bytes), size)
    const measured: Record<Which, Measured[]> = { teatray: [], plain: [] }
    for (let turn = 0; turn < size.turns; turn++)
      for (const which of ['plain', 'teatray'] as const) measured[which].push(await measure(page, which, size, turn))
    const both = (read: (one: Measured) => number) => ({
      value: median(measured.teatray.map(read)),
      baseline: median(measured.plain.map(read)),
    })
    const ofAll = (of: (all: readonly number[]) => number, read: (one: Measured) => readonly number[]) => ({
      value: of(measured.teatray.flatMap(read)),
      baseline: of(measured.plain.flatMap(read)),
    })
    return [
      {
        name: `A group of ${size.papers} papers of together ${size.bytes / MB} MB: from the root key to the list of all`,
        ...both(({ list }) => list),
        unit: 'ms',
        note: `${PLAIN}: the document of the list alone`,
      },
      {
        name: '  the first paper into the editor',
        ...both(({ first }) => first),
        unit: 'ms',
        note: PLAIN_EDITOR,
      },
      {
        name: '  another paper into the editor, median',
        ...ofAll(median, ({ papers }) => papers),
        unit: 'ms',
        note: PLAIN_EDITOR,
      },
      {
        name: '  a keystroke until it is in the editor, median',
        ...ofAll(median, ({ shown }) => shown),
        unit: 'ms',
        note: PLAIN_EDITOR,
      },
      {
        name: '  slowest 5 of 100 take more than',
        ...ofAll(slow, ({ shown }) => shown),
        unit: 'ms',
        note: PLAIN_EDITOR,
      },
      {
        name: '  a keystroke until it is sealed, signed and on disk (strict), median',
        ...ofAll(median, ({ stored }) => stored),
        unit: 'ms',
        note: `${PLAIN_EDITOR}: a row, relaxed`,
      },
      {
        name: '  the first search: all papers looked through',
        ...both(({ look }) => look),
        unit: 'ms',
        note: `${PLAIN}: all opened for their words alone`,
      },
      {
        name: '  a later search of two words, with the sentences of 15 results, median',
        ...ofAll(median, ({ searches }) => searches),
        unit: 'ms',
        note: 'letter by letter through all texts: no slips, no order, no sentence',
      },
      {
        name: '  memory once the list is open',
        ...both(({ heapListed }) => heapListed / MB),
        unit: 'MB',
        note: `${PLAIN}; both beyond the page alone`,
      },
      {
        name: '  memory once all papers were looked through',
        ...both(({ heapSearched }) => heapSearched / MB),
        unit: 'MB',
        note: 'the texts alone, without an index',
      },
    ]
  })
}
