import { expect, it } from 'vitest'
import { resolve } from '../../shared/membership/resolve.ts'
import { asVerified, meet, setUp } from '../../shared/membership/testing.ts'

/** Milliseconds a record; the best of some, because other programs run too. */
function perRecord(circle: Parameters<typeof resolve>[0], records: ReturnType<typeof asVerified>): number {
  const times = Array.from({ length: 15 }, () => {
    const started = performance.now()
    resolve(circle, records)
    return performance.now() - started
  })
  return Math.min(...times) / records.length
}

it(
  'what resolving costs rises with the number of forks and records, and not faster',
  { timeout: 120_000 },
  async () => {
    const { circle, actors } = await setUp(['alice', 'bob'])
    const [alice, bob] = actors
    const costs: number[] = []
    for (const forks of [30, 120]) {
      while (alice.store.kept.size < 2 * forks) {
        await alice.membership.append({ type: 'profile', name: `a ${alice.store.kept.size}` })
        await bob.membership.append({ type: 'profile', name: `b ${bob.store.kept.size}` })
        await meet(alice, bob)
      }
      const records = asVerified(circle, [...alice.store.kept.values()])
      expect(resolve(circle, records).state?.members.size).toBe(2)
      costs.push(perRecord(circle, records))
    }
    const [few = 0, many = 0] = costs
    // Four times as many: a cost that rose with their square would be four times as high for each.
    expect(many / few).toBeLessThan(2.5)
  },
)
