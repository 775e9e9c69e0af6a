/** One line of the table for each fault. */
import { appendFileSync } from 'node:fs'
import { expect } from '@playwright/test'
import { aligned } from '../aligned.ts'
import { OUT } from './settings.ts'

export interface FaultRow {
  readonly fault: string
  readonly times: number
  /** Words that the app had said were saved. */
  readonly acknowledged: number
  readonly missing: number
  /** What was read on the screen, and held against the truth. */
  readonly sentence: string
  /** Milliseconds of each start, from the command to the words. */
  readonly reopened?: readonly number[]
  /** What else has to be known. */
  readonly note?: string
}

/** Written down first: a table without its failures would be no table. */
export function report(row: FaultRow): void {
  if (OUT !== '') appendFileSync(OUT, `${JSON.stringify(row)}\n`)
  expect.soft(row.missing, `${row.fault}: words missing`).toBe(0)
}

const HEADER = ['fault', 'times', 'words acknowledged', 'words missing', 'sentence on screen', 'time to reopen', 'note']
const IS_NUMBER = [false, true, true, true, false, true, false]

const seconds = (ms: number): string => (ms / 1000).toFixed(1)

/** Median and longest. */
function reopening(times: readonly number[] = []): string {
  const sorted = times.toSorted((a, b) => a - b)
  const longest = sorted.at(-1)
  return longest === undefined ? '' : `${seconds(sorted[sorted.length >> 1] ?? 0)} s (${seconds(longest)} s)`
}

export const faultTable = (rows: readonly FaultRow[]): string =>
  aligned(
    HEADER,
    rows.map(({ fault, times, acknowledged, missing, sentence, reopened, note }) => [
      fault,
      String(times),
      acknowledged.toLocaleString('en-GB'),
      String(missing),
      sentence,
      reopening(reopened),
      note ?? '',
    ]),
    IS_NUMBER,
  )

/** Sentences that were met, the most common first; times of day are left out. */
export function tellSentences(met: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const each of met) {
    const plain = each.replaceAll(/\d{1,2}:\d\d/g, '…')
    counts.set(plain, (counts.get(plain) ?? 0) + 1)
  }
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([sentence, count]) => (counts.size === 1 ? `“${sentence}”` : `${count} x “${sentence}”`))
    .join(', ')
}
