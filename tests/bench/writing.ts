/** What a long paper costs whoever writes in it, beside Tiptap and Yjs with nothing around them, in the same page. */
import { withPage } from './browsers.ts'
import { median, slow } from './carrying.ts'
import type { Which } from './editors.ts'
import type { Row } from './table.ts'
import type { WritingTimes } from './writing-page.ts'

const PAGE = 'tests/bench/writing-page.ts'
const PLAIN = 'plain Tiptap (StarterKit, tables) with plain Yjs: no guard, nothing stored'
/** As browsers count it: whoever types notices. */
const LONG_TASK = 50

export async function benchWriting(quick: boolean): Promise<readonly Row[]> {
  const [pages, keystrokes, turns] = quick ? [20, 40, 1] : [100, 200, 3]
  return withPage({ entry: PAGE }, async (page) => {
    const times: Record<Which, WritingTimes[]> = { teatray: [], plain: [] }
    // In turns, so that neither has the cold page for itself; the first of each only warms up.
    for (let turn = 0; turn <= turns; turn++)
      for (const which of ['plain', 'teatray'] as const) {
        const measured = await page.evaluate(
          ([which, pages, keystrokes]) => {
            window.writing.prepare(pages)
            return window.writing.measure(which, keystrokes)
          },
          [which, pages, keystrokes] as const,
        )
        if (turn > 0) times[which].push(measured)
      }
    const both = (read: (one: WritingTimes) => number) => ({
      value: median(times.teatray.map(read)),
      baseline: median(times.plain.map(read)),
    })
    const letters = times.teatray[0]?.letters ?? 0
    const long = (one: WritingTimes): number => one.typing.filter((ms) => ms > LONG_TASK).length
    return [
      {
        name: `A paper of ${pages} pages, ${Math.round(letters / 1000)} kB of words: opening`,
        ...both(({ open }) => open),
        unit: 'ms',
        note: PLAIN,
      },
      {
        name: '  a keystroke in its middle, with its layout, median',
        ...both(({ typing }) => median(typing)),
        unit: 'ms',
        note: PLAIN,
      },
      { name: '  slowest 5 of 100 take more than', ...both(({ typing }) => slow(typing)), unit: 'ms', note: PLAIN },
      {
        name: `  keystrokes of ${keystrokes} that take more than ${LONG_TASK} ms`,
        ...both(long),
        unit: '',
        note: PLAIN,
      },
      {
        name: `  finding a word that is there ${times.teatray[0]?.found ?? 0} times, and marking all`,
        ...both(({ search }) => search),
        unit: 'ms',
        note: 'finding them in the plain editor, which marks nothing',
      },
    ]
  })
}
