/**
 * The acceptance suite of every Transport: `describeTransport('memory', makePair)` in a *.test.ts file. Each case runs
 * twice, once acting from either side. In a browser's page, run TRANSPORT_CASES with runCase instead.
 */
import { describe, expect, test } from 'vitest'
import { type CaseTiming, DEFAULT_TIMING, type MakePair, TRANSPORT_CASES, runCase } from './transport-cases.ts'

export type { CaseTiming, MakePair, TransportPair } from './transport-cases.ts'

export function describeTransport(name: string, makePair: MakePair, timing: Partial<CaseTiming> = {}): void {
  const times = { ...DEFAULT_TIMING, ...timing }
  describe.each(['left-to-right', 'right-to-left'] as const)(`${name}, %s`, (direction) => {
    for (const testCase of TRANSPORT_CASES) {
      // The case throws a sentence of its own; a title from a table is what a shared suite is.
      // oxlint-disable-next-line vitest/valid-title
      test(testCase.name, { timeout: 3 * times.linkWithin }, async () => {
        await expect(runCase(testCase, makePair, direction, times)).resolves.toBeUndefined()
      })
    }
  })
}
