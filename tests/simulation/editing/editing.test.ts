import { expect, it } from 'vitest'
import { describeThrown } from '../../../shared/base/errors.ts'
import { ACTIONS, habitsOf, TALKING } from './actions.ts'
import { simulateEditing } from './simulate.ts'

/** At one's own desk the first of them, for the time it takes. */
const SEEDS = Number(process.env['TEATRAY_EDITING_SEEDS'] ?? (process.env['CI'] === undefined ? 30 : 150))
const FIRST = Number(process.env['TEATRAY_FIRST_SEED'] ?? 1)

it(`${SEEDS} papers that several people write in at once hold every word, and nothing that the editor refuses`, () => {
  const counts: Record<string, number> = {}
  const failures: string[] = []
  // A failure names its seed; `npm run simulate -- --editing --seed N --log` runs it again.
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    try {
      for (const [what, times] of Object.entries(simulateEditing({ seed }).counts))
        counts[what] = (counts[what] ?? 0) + times
    } catch (thrown) {
      failures.push(describeThrown(thrown))
    }
  }
  if (failures.length > 0) throw new Error(failures.join('\n'))
  console.log(`edited ${SEEDS} papers: ${JSON.stringify(counts)}`)
  // What nobody does would show nothing.
  const undone = ACTIONS.filter(({ name }) => counts[name] === undefined)
  expect(undone.map(({ name }) => name)).toEqual([])
})

/** Found what known-losses.test.ts holds. */
const TELLING_SEEDS = [31, 1024, 1324]

it(`${SEEDS} papers of people who do a few things again and again hold every word`, () => {
  const seeds = new Set([...Array.from({ length: SEEDS }, (_, at) => FIRST + at), ...TELLING_SEEDS])
  const failures: string[] = []
  // `npm run simulate -- --editing --habits --seed N --log` runs it again.
  for (const seed of seeds) {
    try {
      simulateEditing({ seed, among: habitsOf(seed) })
    } catch (thrown) {
      failures.push(describeThrown(thrown))
    }
  }
  expect(failures).toEqual([])
})

it(`${SEEDS} papers that several people talk about hold proposed words once, whoever uses them apart, and each comment its place`, () => {
  const counts: Record<string, number> = {}
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++)
    for (const [what, times] of Object.entries(simulateEditing({ seed, among: TALKING }).counts))
      counts[what] = (counts[what] ?? 0) + times
  console.log(`talked about ${SEEDS} papers: ${JSON.stringify(counts)}`)
  expect(counts['words used']).toBeGreaterThan(0)
  expect(counts['words mended']).toBeGreaterThan(0)
})

it('runs one seed the same way each time', () => {
  expect(simulateEditing({ seed: 7 })).toEqual(simulateEditing({ seed: 7 }))
})
