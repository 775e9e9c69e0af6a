import { expect, it } from 'vitest'
import { simulate } from './world.ts'

const SEEDS = Number(process.env['TEATRAY_SEEDS'] ?? 40)
const FIRST = Number(process.env['TEATRAY_FIRST_SEED'] ?? 1)

it(`${SEEDS} seeded worlds converge, lose nothing acknowledged and show nothing unsigned`, async () => {
  let acknowledged = 0
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    // A failure names its seed; `npm run simulate -- --seed N --actors K` runs it again.
    acknowledged += (await simulate({ seed, actors: 2 + (seed % 5), steps: 60 })).acknowledged
  }
  expect(acknowledged).toBeGreaterThan(SEEDS)
})

it('runs one seed the same way each time', async () => {
  expect(await simulate({ seed: 7, actors: 3, steps: 40 })).toEqual(await simulate({ seed: 7, actors: 3, steps: 40 }))
})
