/**
 * Two pages: plain y-webrtc bound to a document, bare frames over our transport (the carrier alone), and the whole sealed path.
 * Each function opens and closes what it needs.
 */
import type { Page } from 'playwright-core'
import { startInstallation, newProfile, removeProfile, type Installation } from '../e2e/installation.ts'
import { createLan } from '../netns/namespaces.ts'
import { serveBench, withTwoPages, type Signaling } from './browsers.ts'
import type { Role } from './webrtc-page.ts'

const PLAIN = 'tests/bench/webrtc-page.ts'
const SEALED = 'tests/bench/sealed-page.ts'
const WARM_UP = 10
/** Plain y-webrtc has no connect timeout: on a busy machine a pair whose offers crossed waits for ever. */
export const LIMIT = 30_000

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** A value below which 95 of 100 lie. */
export const slow = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN

export type Unsealed = 'Plain' | 'Frames'

const signalingOf = (way: Unsealed): Signaling => (way === 'Plain' ? 'of y-webrtc' : 'ours')

async function within<Value>(work: Promise<Value>, what: string): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${LIMIT / 1000} s`)), LIMIT)
  })
  // What is still waiting when the page closes is of no interest.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}

/** Milliseconds from each keystroke to the other's document, one way: half of an echo, both documents' work included. */
export const strokesUnsealed = (way: Unsealed, count: number): Promise<readonly number[]> =>
  withTwoPages(PLAIN, signalingOf(way), async ({ one, two, signaling, key }) => {
    const connect = (page: Page, role: Role): Promise<void> =>
      page.evaluate(([way, key, url, role]) => window.bench[`strokes${way}`](key, url, role), [
        way,
        key,
        signaling,
        role,
      ] as const)
    await within(Promise.all([connect(one, 'writer'), connect(two, 'other')]), 'connecting')
    // simple-peer's channel may open a little later on the other side.
    await one.waitForTimeout(300)
    await one.evaluate((count) => window.bench.time(count), WARM_UP)
    return one.evaluate((count) => window.bench.time(count), count)
  })

export interface SealedStrokes {
  /** As somebody types who types fast: ten strokes a second. */
  readonly typed: readonly number[]
  /** Of it: writing the stroke's entry to the disk, before it is sent. */
  readonly own: readonly number[]
  /** Of it: storing the other's, before it is applied. */
  readonly received: readonly number[]
  /** Each stroke right after the answer to the one before: here the batches hold back. */
  readonly burst: readonly number[]
}

/** The whole path: sealed, signed, on disk, sent, verified, stored, applied; and the answer back the same way. */
export const strokesSealed = (count: number): Promise<SealedStrokes> =>
  withTwoPages(SEALED, 'ours', async ({ one, two, signaling }) => {
    await openBoth(one, two)
    const connect = (page: Page, role: Role): Promise<void> =>
      page.evaluate(([url, role]) => window.sealed.strokes(url, role), [signaling, role] as const)
    await within(Promise.all([connect(one, 'writer'), connect(two, 'other')]), 'connecting')
    const time = (count: number, pause: number): Promise<number[]> =>
      one.evaluate(([count, pause]) => window.sealed.time(count, pause), [count, pause] as const)
    await time(WARM_UP, 100)
    const typed = await time(count, 100)
    const { strict, relaxed } = await one.evaluate(() => window.sealed.writes())
    return { typed, own: strict.slice(-count), received: relaxed.slice(-count), burst: await time(count, 5) }
  })

/** Milliseconds from joining until all papers are in the newcomer's documents, connecting included. */
export const papersUnsealed = (way: Unsealed, count: number, size: number): Promise<number> =>
  withTwoPages(PLAIN, signalingOf(way), async ({ one, two, signaling, key }) => {
    const input = [way, key, signaling, count, size] as const
    await one.evaluate(([way, key, url, count, size]) => window.bench[`hold${way}`](key, url, count, size), input)
    await one.waitForTimeout(1_000)
    const fetched = two.evaluate(
      ([way, key, url, count, size]) => window.bench[`fetch${way}`](key, url, count, size),
      input,
    )
    return within(fetched, 'the papers')
  })

async function openBoth(one: Page, two: Page): Promise<void> {
  const people = await one.evaluate(() => window.sealed.people())
  for (const [index, page] of [one, two].entries()) {
    await page.evaluate((person) => window.sealed.open(person), people[index] ?? '')
  }
}

export interface Fetched {
  readonly total: number
  /** Of it, until the other had proved who it is. */
  readonly connected: number
}

async function fetchSealed(one: Page, two: Page, way: string, count: number, size: number): Promise<Fetched> {
  await openBoth(one, two)
  const input = [way, count, size] as const
  await one.evaluate(([way, count, size]) => window.sealed.hold(way, count, size), input)
  await one.waitForTimeout(1_000)
  return within(
    two.evaluate(([way, count, size]) => window.sealed.fetch(way, count, size), input),
    'the papers',
  )
}

export const papersSealed = (count: number, size: number): Promise<Fetched> =>
  withTwoPages(SEALED, 'ours', ({ one, two, signaling }) => fetchSealed(one, two, signaling, count, size))

async function benchPageOf({ context, page }: Installation): Promise<Page> {
  const { origin } = new URL(page.url())
  // A page from a route may not speak to loopback, where its host is, unasked.
  await context.grantPermissions(['microphone', 'camera', 'local-network-access'], { origin })
  await serveBench(context, origin, SEALED)
  await page.goto(`${origin}/bench`)
  return page
}

/**
 * Between two computers (network namespaces on a bridge), each with the product's own host and a browser: the page speaks to its
 * host, the hosts find each other and speak to each other, all as when the app runs.
 */
export async function papersOverLan(count: number, size: number): Promise<Fetched> {
  const lan = createLan(2)
  const installations: Installation[] = []
  const profiles: string[] = []
  try {
    for (const [index, { namespace }] of lan.machines.entries()) {
      const name = `bench-${index}`
      const profile = newProfile(name)
      profiles.push(profile)
      installations.push(await startInstallation({ name, namespace, profile }))
    }
    const [one, two] = await Promise.all(installations.map(benchPageOf))
    if (one === undefined || two === undefined) throw new Error('no pages')
    return await fetchSealed(one, two, 'lan', count, size)
  } finally {
    for (const installation of installations) await installation.close()
    lan.close()
    for (const profile of profiles) removeProfile(profile)
  }
}
