/**
 * WebRTC: plain y-webrtc bound to a document against frames over our transport (not sealed: the carrier alone), in the same
 * browser, in the same run. Each function opens and closes what it needs; a variant on top adds a page of its own that uses
 * tests/bench/webrtc-measure.ts, and `withTwoPages` to open it.
 */
import type { Page } from 'playwright-core'
import { randomBytes, toHex } from '../../shared/base/bytes.ts'
import { startSignalingServer } from '../../electron/services/signaling/server.ts'
import { openLab } from '../browser/lab.ts'
import type { Role } from './webrtc-page.ts'

export interface BenchRow {
  readonly name: string
  readonly value: number
  readonly unit: 'ms'
  /** The same by plain y-webrtc. */
  readonly baseline?: number
  readonly note?: string
}

export interface TwoPages {
  readonly one: Page
  readonly two: Page
  /** ws:// address of a signalling server on loopback. */
  readonly signaling: string
  /** A fresh room key, 64 hexadecimal digits; its text serves as plain y-webrtc's room name too. */
  readonly key: string
}

/** Two profiles of one browser at `entry` (a page's module, from the repository's root), and a signalling server. */
export async function withTwoPages<Value>(entry: string, run: (pages: TwoPages) => Promise<Value>): Promise<Value> {
  const signaling = await startSignalingServer({ port: 0, hosts: ['127.0.0.1'] })
  const lab = await openLab({ entries: { page: entry } })
  try {
    const [one, two] = [await lab.open('page'), await lab.open('page')]
    return await run({ one, two, signaling: `ws://127.0.0.1:${signaling.port}`, key: toHex(randomBytes(32)) })
  } finally {
    await lab.close()
    await signaling.close()
  }
}

const PAGE = 'tests/bench/webrtc-page.ts'
const STROKES = 200
const PAPERS = 100
const PAPER_SIZE = 50_000
/** Plain y-webrtc has no connect timeout: on a busy machine a pair whose offers crossed waits for ever. */
const LIMIT = 30_000

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

type Way = 'Plain' | 'Frames'

/** Median milliseconds from a keystroke to the other's document, one way (half of an echo, both documents' work included). */
export const keystroke = (way: Way): Promise<number> =>
  withTwoPages(PAGE, async ({ one, two, signaling, key }) => {
    const connect = (page: Page, role: Role) =>
      page.evaluate(([way, key, url, role]) => window.bench[`strokes${way}`](key, url, role), [
        way,
        key,
        signaling,
        role,
      ] as const)
    await Promise.all([connect(one, 'writer'), connect(two, 'other')])
    // simple-peer's channel may open a little later on the other side.
    await one.waitForTimeout(300)
    await one.evaluate(() => window.bench.time(20))
    return median(await one.evaluate((count) => window.bench.time(count), STROKES))
  })

/** Milliseconds from joining until 100 papers of 50 KB are in the newcomer's documents, connecting included; LIMIT at most. */
export const newcomer = (way: Way): Promise<number> =>
  withTwoPages(PAGE, async ({ one, two, signaling, key }) => {
    const input = [way, key, signaling, PAPERS, PAPER_SIZE] as const
    await one.evaluate(([way, key, url, count, size]) => window.bench[`hold${way}`](key, url, count, size), input)
    await one.waitForTimeout(2_000)
    const fetched = two.evaluate(
      ([way, key, url, count, size]) => window.bench[`fetch${way}`](key, url, count, size),
      input,
    )
    // What is still waiting when the page closes is of no interest.
    fetched.catch(() => undefined)
    return Promise.race([fetched, one.waitForTimeout(LIMIT).then(() => LIMIT)])
  })

/** All rows; about 20 seconds, a minute at most. */
export async function benchWebrtc(): Promise<BenchRow[]> {
  const plain = await newcomer('Plain')
  return [
    {
      name: 'WebRTC: keystroke to the other’s document, one way',
      value: await keystroke('Frames'),
      unit: 'ms',
      baseline: await keystroke('Plain'),
    },
    {
      name: 'WebRTC: 100 papers of 50 KB to a newcomer',
      value: await newcomer('Frames'),
      unit: 'ms',
      baseline: plain,
      ...(plain < LIMIT ? {} : { note: `plain y-webrtc had not finished after ${LIMIT / 1000} s` }),
    },
  ]
}
