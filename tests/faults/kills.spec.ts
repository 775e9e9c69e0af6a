/** kill -9 at random moments of typing and syncing, of browser and host in turn, of the one and of the other. */
import { test } from '../e2e/fixtures.ts'
import { killRound, startPair, type KillRound, type Moment } from './kill-rounds.ts'
import { report, tellSentences } from './report.ts'
import { KILLS, randomFor } from './settings.ts'

/** Of every ten kills; one of ten comes while somebody joins, and one while a backup is written. */
const MOMENTS: readonly Moment[] = [
  'typing',
  'sync burst',
  'snapshot',
  'typing',
  'fold',
  'sync burst',
  'typing',
  'sync burst',
]

test('killed at random moments', async ({ people }) => {
  const random = randomFor('kills')
  const { alice, bob } = await startPair(people)
  const rounds: KillRound[] = []
  try {
    for (let at = 0; at < Math.round(KILLS * 0.8); at++) {
      const [victim, other] = random() < 0.5 ? [alice, bob] : [bob, alice]
      const moment = MOMENTS[at % MOMENTS.length] ?? 'typing'
      // Each moment meets both, whatever the number of moments.
      const what = (at + Math.floor(at / MOMENTS.length)) % 2 === 0 ? 'browser' : 'host'
      const round = await killRound(people, { moment, what, victim, other, random })
      process.stderr.write(`${JSON.stringify({ at, victim: victim.name, ...round })}\n`)
      rounds.push(round)
    }
  } finally {
    for (const moment of new Set(MOMENTS)) {
      const mine = rounds.filter((round) => round.moment === moment)
      if (mine.length === 0) continue
      report({
        fault: `killed: ${moment}`,
        times: mine.length,
        acknowledged: Math.max(...mine.map(({ acknowledged }) => acknowledged)),
        missing: mine.reduce((sum, { missing }) => sum + missing.length, 0),
        sentence: tellSentences(mine.map(({ sentence }) => sentence)),
        reopened: mine.map(({ reopened }) => reopened),
        note: `browser ${mine.filter(({ what }) => what === 'browser').length}, host ${mine.filter(({ what }) => what === 'host').length}`,
      })
    }
  }
})
