/** A share of the seeds that CI runs, in a file of its own for each worker. */
import { expect, it } from 'vitest'
import { describeThrown } from '../../shared/base/errors.ts'
import { worldOf } from './seeds.ts'
import { simulate } from './simulate.ts'

/** All that was asked for run where it counts; at one's own desk the first of them, for the time it takes. */
const SEEDS = Number(process.env['TEATRAY_SEEDS'] ?? (process.env['CI'] === undefined ? 60 : 200))
const FIRST = Number(process.env['TEATRAY_FIRST_SEED'] ?? 1)

/** Seeds of which the remainder by `shares` is `share`. */
export function runShare(share: number, shares: number): void {
  const seeds = Array.from({ length: SEEDS }, (_, index) => FIRST + index).filter((seed) => seed % shares === share)
  it(
    `${seeds.length} seeded worlds come to rest, agree, keep what they promised and tell nobody outside`,
    { timeout: 900_000 },
    async () => {
      const done: Awaited<ReturnType<typeof simulate>>[] = []
      const failures: string[] = []
      // A failure names its seed; `npm run simulate -- --seed N` runs it again.
      for (const seed of seeds) {
        await simulate(worldOf(seed)).then(
          (result) => done.push(result),
          (thrown: unknown) => failures.push(describeThrown(thrown)),
        )
      }
      if (failures.length > 0) throw new Error(failures.join('\n'))
      const sum = (count: (one: (typeof done)[number]) => number): number =>
        done.reduce((total, one) => total + count(one), 0)
      const counts = {
        acknowledged: sum(({ acknowledged }) => acknowledged),
        admitted: sum(({ admitted }) => admitted),
        added: sum(({ added }) => added),
        fromNow: sum(({ fromNow }) => fromNow),
        removals: sum(({ removals }) => removals),
        renewals: sum(({ renewals }) => renewals),
        computers: sum(({ computers }) => computers),
        crashes: sum(({ crashes }) => crashes),
        restored: sum(({ restored }) => restored),
        spoiled: sum(({ spoiled }) => spoiled),
        replayed: sum(({ replayed }) => replayed),
        injected: sum(({ injected }) => injected),
        forged: sum(({ forged }) => forged),
        present: sum(({ present }) => present),
      }
      console.log(`simulated ${seeds.length} worlds: ${JSON.stringify(counts)}`)
      // Worlds in which nothing happens would show nothing.
      for (const count of Object.values(counts)) expect(count).toBeGreaterThan(seeds.length / 25)
    },
  )
}
