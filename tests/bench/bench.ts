/** What is measured, by name. Times are told, never asserted: what is wrong with the result throws, what is slow does not. */
import { cpus, loadavg } from 'node:os'
import { whyNoNamespaces } from '../netns/namespaces.ts'
import { withPage } from './browsers.ts'
import { bundleBytes, removalBytes } from './circles.ts'
import {
  LIMIT,
  median,
  papersOverLan,
  papersSealed,
  papersUnsealed,
  slow,
  strokesSealed,
  strokesUnsealed,
  type Fetched,
} from './carrying.ts'
import { findingTimes } from './finding.ts'
import { benchGroup } from './group.ts'
import type { Row } from './table.ts'
import { loadTrace } from './trace.ts'
import { benchWriting } from './writing.ts'

const PAGE = 'tests/bench/sealed-page.ts'
const Y_WEBRTC = 'plain y-webrtc, nothing stored'

const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown)

async function benchTrace(quick: boolean): Promise<readonly Row[]> {
  const trace = loadTrace(quick ? 20_000 : undefined)
  const count = trace.edits.length
  const data = { '/trace.json': JSON.stringify(trace.edits) }
  return withPage({ entry: PAGE, data }, async (page) => {
    // Each measurement on a page just loaded, as after a restart; the profile stays.
    const fresh = async (): Promise<void> => void (await page.reload())
    const [person = ''] = await page.evaluate(() => window.sealed.people())
    await fresh()
    const memory = await page.evaluate(() => window.sealed.typeInMemory())
    await fresh()
    const plain = await page.evaluate(() => window.sealed.typePlain())
    await fresh()
    await page.evaluate((person) => window.sealed.open(person), person)
    const sealed = await page.evaluate(() => window.sealed.typeSealed())
    await page.evaluate(() => window.sealed.close())
    const bytes = await page.evaluate(() => window.sealed.storedBytes())
    const opens: number[] = []
    for (const from of ['updates', 'state'] as const) {
      await fresh()
      opens.push(await page.evaluate((from) => window.sealed.openPlain(from), from))
    }
    for (const from of ['log', 'snapshot'] as const) {
      await fresh()
      opens.push(
        await page.evaluate(([person, from]) => window.sealed.openTrace(person, from), [person, from] as const),
      )
    }
    const [plainUpdates = 0, plainState = 0, fromLog = 0, fromSnapshot = 0] = opens
    const name = `${count.toLocaleString('en-GB')} keystrokes (${trace.name})`
    const each = (ms: number): number => (ms * 1000) / count
    const asRows = 'plain Yjs with Dexie, a row per 100 edits'
    return [
      {
        name: `${name}: typing, sealed log`,
        value: each(sealed),
        unit: 'µs a keystroke',
        baseline: each(plain.ms),
        note: asRows,
      },
      { name: '  the same, nothing stored: plain Yjs in memory', value: each(memory), unit: 'µs a keystroke' },
      {
        name: `  stored: ${bytes.entries} sealed entries`,
        value: bytes.entryBytes,
        unit: 'bytes',
        baseline: plain.bytes,
        note: asRows,
      },
      {
        name: '  stored besides: sealed snapshot',
        value: bytes.snapshotBytes,
        unit: 'bytes',
        baseline: plain.compactBytes,
        note: 'plain Yjs with Dexie, one row of all',
      },
      {
        name: '  cold open, with snapshot',
        value: fromSnapshot,
        unit: 'ms',
        baseline: plainState,
        note: 'plain Yjs with Dexie, one row of all',
      },
      { name: '  cold open, from the log alone', value: fromLog, unit: 'ms', baseline: plainUpdates, note: asRows },
    ]
  })
}

async function benchStrokes(quick: boolean): Promise<readonly Row[]> {
  const count = quick ? 30 : 200
  const plain = await strokesUnsealed('Plain', count)
  const frames = await strokesUnsealed('Frames', count)
  const { typed, own, received, burst } = await strokesSealed(quick ? 30 : 100)
  const row = (name: string, value: number, baseline: number): Row => ({
    name,
    value,
    unit: 'ms',
    baseline,
    note: Y_WEBRTC,
  })
  return [
    row(
      'Keystroke to the other’s document, WebRTC, one way: sealed, signed, stored, median',
      median(typed),
      median(plain),
    ),
    row('  slowest 5 of 100 take more than', slow(typed), slow(plain)),
    { name: '  of it: on the writer’s disk before it is sent, median', value: median(own), unit: 'ms' },
    { name: '  of it: stored by the other before it is shown, median', value: median(received), unit: 'ms' },
    row('  typed without any pause: batches of 50 ms, median', median(burst), median(plain)),
    row('  slowest 5 of 100 take more than', slow(burst), slow(plain)),
    row('  bare frames over our WebRTC link, median', median(frames), median(plain)),
  ]
}

const papers = (quick: boolean): { count: number; size: number; what: string } => {
  const [count, size] = quick ? [20, 50_000] : [100, 50_000]
  return { count, size, what: `${count} papers of ${size / 1000} KB to a newcomer` }
}

/** Measured once, for both rows that are compared with it. */
const plainPapers = new Map<number, Promise<number | string>>()
function papersByYWebrtc({ count, size }: { count: number; size: number }): Promise<number | string> {
  const made = plainPapers.get(count) ?? papersUnsealed('Plain', count, size).catch(() => `not in ${LIMIT / 1000} s`)
  plainPapers.set(count, made)
  return made
}

function paperRows(name: string, { total, connected }: Fetched, baseline: number | string): readonly Row[] {
  return [
    { name, value: total, unit: 'ms', baseline, note: `${Y_WEBRTC}, a room each` },
    { name: '  of it, until connected and proved', value: connected, unit: 'ms' },
  ]
}

async function benchPapers(quick: boolean): Promise<readonly Row[]> {
  const { count, size, what } = papers(quick)
  const baseline = await papersByYWebrtc({ count, size })
  return [
    ...paperRows(`${what}, WebRTC: sealed, verified, stored`, await papersSealed(count, size), baseline),
    {
      name: '  bare frames over our WebRTC link',
      value: await papersUnsealed('Frames', count, size),
      unit: 'ms',
      baseline,
      note: `${Y_WEBRTC}, a room each`,
    },
  ]
}

async function benchLan(quick: boolean): Promise<readonly Row[]> {
  const { count, size, what } = papers(quick)
  const name = `${what}, LAN (two hosts in two network namespaces): sealed, verified, stored`
  const why = whyNoNamespaces()
  if (why !== '') return [{ name, value: 'skipped', unit: '', note: why }]
  return paperRows(name, await papersOverLan(count, size), await papersByYWebrtc({ count, size }))
}

async function benchRows(quick: boolean): Promise<readonly Row[]> {
  const count = quick ? 2_000 : 10_000
  return withPage({ entry: PAGE }, async (page) => {
    const plain = await page.evaluate((count) => window.sealed.timePlainRows(count), count)
    await page.reload()
    const sealed = await page.evaluate((count) => window.sealed.timeSealedRows(count), count)
    const note = 'Dexie alone, not sealed'
    const rows = count.toLocaleString('en-GB')
    return [
      {
        name: 'An entry of 1 KB on disk, alone, strict',
        value: sealed.strictAlone,
        unit: 'ms',
        baseline: plain.strictAlone,
        note,
      },
      { name: '  alone, relaxed', value: sealed.relaxedAlone, unit: 'ms', baseline: plain.relaxedAlone, note },
      {
        name: '  in transactions of 100, strict',
        value: sealed.strictTogether,
        unit: 'ms an entry',
        baseline: plain.strictTogether,
        note,
      },
      {
        name: '  in transactions of 100, relaxed',
        value: sealed.relaxedTogether,
        unit: 'ms an entry',
        baseline: plain.relaxedTogether,
        note,
      },
      {
        name: `  ${rows} rows: index (read and opened)`,
        value: sealed.index,
        unit: 'ms',
        baseline: plain.index,
        note: 'Dexie alone: toArray',
      },
      {
        name: `  ${rows} rows of one log: read and opened`,
        value: sealed.read,
        unit: 'ms',
        baseline: plain.read,
        note: 'Dexie alone: toArray',
      },
    ]
  })
}

async function benchCrypto(quick: boolean): Promise<readonly Row[]> {
  const many = quick ? 1_000 : 10_000
  const few = quick ? 20 : 100
  return withPage({ entry: PAGE }, async (page) => {
    const argon2 = [0, 1, 2].map(() => () => page.evaluate(() => window.sealed.timeArgon2()))
    const times: number[] = []
    for (const run of argon2) times.push(await run())
    const { web, fallback } = await page.evaluate(([many, few]) => window.sealed.timeVerifying(many, few), [
      many,
      few,
    ] as const)
    return [
      { name: 'Argon2id, 64 MiB, t=3 (a passphrase; an invitation code)', value: median(times), unit: 'ms' },
      {
        name: '10,000 entries verified (signatures, 300 bytes each), WebCrypto',
        value: web * 10_000,
        unit: 'ms',
        baseline: fallback * 10_000,
        note: `tweetnacl, the fallback (from ${few})`,
      },
    ]
  })
}

async function benchResolver(quick: boolean): Promise<readonly Row[]> {
  const [members, rotations, forks] = quick ? [10, 3, 4] : [40, 12, 14]
  return withPage({ entry: PAGE }, async (page) => {
    const { ms, records, lineMs } = await page.evaluate(
      ([members, rotations, forks]) => window.sealed.timeResolver(members, rotations, forks),
      [members, rotations, forks] as const,
    )
    return [
      {
        name: `Membership of ${members} members, ${rotations} changes of keys and ${forks} forks resolved (${records} records)`,
        value: ms,
        unit: 'ms',
        baseline: lineMs,
        note: 'as many records in one line, without forks',
      },
    ]
  })
}

async function benchRemoval(quick: boolean): Promise<readonly Row[]> {
  const members = quick ? 10 : 30
  const { records, bytes, boxes } = await removalBytes(members)
  return [
    {
      name: `A removal among ${members} members: the removal and the new key (${records} records)`,
      value: bytes,
      unit: 'bytes',
      baseline: boxes,
      note: 'the boxes with the new key alone',
    },
  ]
}

/** The goal for the cryptography, without Argon2. */
const GOAL = 20 * 1024

async function benchBundle(): Promise<readonly Row[]> {
  const crypto = await bundleBytes('tests/bench/crypto-entry.ts')
  const membership = await bundleBytes('tests/bench/membership-entry.ts')
  const note = 'the goal, 20 KB, without Argon2'
  return [
    { name: 'Code of the cryptography, minified, gzip', value: crypto.gzip, unit: 'bytes', baseline: GOAL, note },
    { name: '  before gzip', value: crypto.bytes, unit: 'bytes' },
    {
      name: '  with membership and the records’ codec, gzip',
      value: membership.gzip,
      unit: 'bytes',
      baseline: crypto.gzip,
      note: 'the cryptography alone',
    },
    { name: '  before gzip', value: membership.bytes, unit: 'bytes', baseline: crypto.bytes, note: 'the same' },
  ]
}

async function benchFinding(quick: boolean): Promise<readonly Row[]> {
  const [papers, bytes] = quick ? [60, 1_000_000] : [300, 5_000_000]
  const times = await findingTimes(papers, bytes)
  return [
    {
      name: `Finding in ${papers} papers of together ${(times.bytes / 1e6).toFixed(1)} MB: looking through all, at the first search`,
      value: times.build,
      unit: 'ms',
      baseline: times.read,
      note: 'opening the same papers for their words alone',
    },
    { name: '  longest without a pause', value: times.longest, unit: 'ms' },
    {
      name: '  a search, with the sentences of 15 results, median',
      value: times.search,
      unit: 'ms',
      baseline: times.scan,
      note: 'letter by letter through all texts: no slips, no order, no sentence',
    },
  ]
}

const BENCHES = {
  trace: benchTrace,
  strokes: benchStrokes,
  papers: benchPapers,
  lan: benchLan,
  rows: benchRows,
  crypto: benchCrypto,
  resolver: benchResolver,
  removal: benchRemoval,
  bundle: benchBundle,
  finding: benchFinding,
  writing: benchWriting,
  group: benchGroup,
}

export const NAMES = Object.keys(BENCHES)

export interface BenchOptions {
  readonly only: readonly string[]
  readonly quick: boolean
  readonly onStart: (name: string) => void
}

/** One bench that fails says so in its row and the others go on; `failed` counts them. */
export async function bench({ only, quick, onStart }: BenchOptions): Promise<{ rows: readonly Row[]; failed: number }> {
  const rows: Row[] = []
  let failed = 0
  for (const [name, run] of Object.entries(BENCHES)) {
    if (only.length > 0 && !only.includes(name)) continue
    onStart(name)
    try {
      rows.push(...(await run(quick)))
    } catch (thrown) {
      failed += 1
      rows.push({ name, value: 'failed', unit: '', note: messageOf(thrown) })
    }
  }
  return { rows, failed }
}

/** What a reader needs to judge the numbers by. */
export const surroundings = (): string => {
  const load = loadavg().map((value) => value.toFixed(1))
  return `${new Date().toISOString().slice(0, 16)}Z, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}, load average at start ${load.join(' ')}`
}
