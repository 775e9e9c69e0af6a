/**
 * Every decoder that meets bytes from outside, given valid samples with bytes changed. Seeded:
 *   TEATRAY_FUZZ_SEED=7 TEATRAY_FUZZ_COUNT=1000000 npx vitest run --project unit tests/fuzz
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { toHex, utf8 } from '../../shared/base/bytes.ts'
import { seededRandom } from '../contracts/faulty-link.ts'
import { countAllocations, type Counting } from './counting.ts'
import { createLinkTargets } from './link-targets.ts'
import { MUTATIONS, mutate, type Mutated } from './mutate.ts'
import { signedTargets } from './signed-targets.ts'
import type { Target } from './target.ts'
import { createTextTargets } from './text-targets.ts'
import { wireTargets, yjsTarget } from './wire-targets.ts'

const steps = vi.hoisted(() => ({ taken: 0 }))

// A step is one field read: what a decoder does is counted, not timed.
vi.mock('lib0/decoding', async (original) => {
  const module: Readonly<Record<string, unknown>> = await original()
  return Object.fromEntries(
    Object.entries(module).map(([name, value]) => [
      name,
      typeof value === 'function' && name.startsWith('read')
        ? (...args: readonly unknown[]): unknown => {
            steps.taken += 1
            return (value as (...args: readonly unknown[]) => unknown)(...args)
          }
        : value,
    ]),
  )
})

const SEED = Number(process.env['TEATRAY_FUZZ_SEED'] ?? 1)
const COUNT = Number(process.env['TEATRAY_FUZZ_COUNT'] ?? 100_000)

/** Bytes that reading may ask for: a little, and some times what came. Decoded again to compare, so it is written too. */
const allowedBytes = (length: number): number => 64 * 1024 + 64 * length
const allowedSteps = (length: number): number => 64 + 4 * length

interface Tally {
  readonly verdicts: Map<string, number>
  readonly kinds: Map<string, number>
  /** By tenth of the sample. */
  readonly places: number[]
  deep: number
  mostBytes: number
  mostSteps: number
}

const newTally = (): Tally => ({
  verdicts: new Map(),
  kinds: new Map(),
  places: Array.from({ length: 10 }, () => 0),
  deep: 0,
  mostBytes: 0,
  mostSteps: 0,
})

const bump = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)

function tell(target: Target, input: Mutated, what: string): never {
  const bytes = input.bytes.length > 4096 ? `${toHex(input.bytes.subarray(0, 4096))}…` : toHex(input.bytes)
  throw new Error(`seed ${SEED}, ${target.name}, ${input.kind}: ${what}\nbytes: ${bytes}`)
}

function note(tally: Tally, target: Target, input: Mutated, verdict: string, reach: number): void {
  const { bytes, kind, at } = input
  bump(tally.verdicts, verdict)
  bump(tally.kinds, kind)
  const tenth = Math.min(9, Math.floor(at * 10))
  tally.places[tenth] = (tally.places[tenth] ?? 0) + 1
  if (steps.taken >= reach / 2) tally.deep += 1
  tally.mostSteps = Math.max(tally.mostSteps, steps.taken)
  if (target.counted === false) return
  if (steps.taken > allowedSteps(bytes.length)) tell(target, input, `${steps.taken} steps for ${bytes.length} bytes`)
}

async function offer(
  target: Target,
  input: Mutated,
  counting: Counting,
): Promise<{ verdict: string; allocated: number }> {
  steps.taken = 0
  counting.reset()
  try {
    const verdict = target.offer(input.bytes)
    const told = typeof verdict === 'string' ? verdict : await verdict
    return { verdict: told, allocated: counting.allocated() }
  } catch (thrown) {
    return tell(target, input, thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
  }
}

/** `reach`: fields of the shortest sample. */
async function fuzz(target: Target, count: number, counting: Counting, reach: number): Promise<Tally> {
  // A seed for each, so that one target's inputs stay the same when another is added.
  const random = seededRandom(
    SEED * 1_000_003 + utf8(target.name).reduce((sum, letter) => (sum * 31 + letter) % 1_000_003, 7),
  )
  const tally = newTally()
  for (let done = 0; done < count; done++) {
    const input = mutate(random, target.samples)
    const { verdict, allocated } = await offer(target, input, counting)
    tally.mostBytes = Math.max(tally.mostBytes, allocated)
    if (target.counted !== false && allocated > allowedBytes(input.bytes.length)) {
      tell(target, input, `asked for ${allocated} bytes of memory for ${input.bytes.length}`)
    }
    note(tally, target, input, verdict, reach)
  }
  return tally
}

const told = (counts: Map<string, number>): string =>
  [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')

const targets: readonly Target[] = [
  ...wireTargets,
  yjsTarget,
  ...signedTargets,
  ...(await createTextTargets()),
  ...(await createLinkTargets()),
]
const shares = targets.reduce((sum, { share }) => sum + share, 0)
const countFor = ({ share }: Target): number => Math.max(50, Math.ceil((COUNT * share) / shares))

let counting: Counting
let total = 0
beforeAll(() => {
  counting = countAllocations()
})
afterAll(() => {
  counting.stop()
  console.log(`fuzz: seed ${SEED}, ${total} inputs`)
})

describe('decoders that meet bytes from outside', () => {
  it.each(targets.map((target) => [target.name, target] as const))(
    '%s: nothing thrown, nothing taken but its one encoding, memory and steps bounded',
    async (_, target) => {
      let reach = Number.POSITIVE_INFINITY
      const verdicts = new Set<string>()
      for (const bytes of target.samples) {
        verdicts.add((await offer(target, { bytes, kind: 'flip', at: 0 }, counting)).verdict)
        reach = Math.min(reach, steps.taken)
      }
      // The samples themselves are good: otherwise all that follows would be refused for another reason.
      expect(target.counted === false ? 'accepted' : [...verdicts].join()).toMatch(/^(?:accepted|a sample again)$/)
      const count = countFor(target)
      const tally = await fuzz(target, count, counting, reach)
      total += count
      console.log(
        `fuzz ${target.name}: ${count} inputs: ${told(tally.verdicts)}\n` +
          `  by kind: ${told(tally.kinds)}; by tenth: ${tally.places.join(' ')}; ` +
          `most steps ${tally.mostSteps}, most memory ${tally.mostBytes}`,
      )
      // A fuzz that only spoils the first byte, or in one way, would show nothing. Few inputs prove nothing either way.
      const least = count < 400 ? 0 : count / 50
      for (const kind of MUTATIONS) expect(tally.kinds.get(kind) ?? 0).toBeGreaterThanOrEqual(least)
      for (const place of tally.places) expect(place).toBeGreaterThanOrEqual(least)
      expect(tally.deep).toBeGreaterThanOrEqual(reach > 0 ? count / 10 : 0)
    },
    300_000,
  )
})
