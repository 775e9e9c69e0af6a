/** WebRTC between real browsers, and what servers, outsiders and crashes do to it. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { randomBytes, toHex } from '../../shared/base/bytes.ts'
import { roomNames } from '../../renderer/transports/webrtc/names.ts'
import { type Lab, openLab } from '../browser/lab.ts'
import { type TestSignaling, startTestSignaling } from '../browser/signaling-server.ts'
import '../browser/webrtc-window.ts'

let lab: Lab
let signaling: TestSignaling
const pages: Page[] = []

beforeAll(async () => {
  lab = await openLab({
    entries: { page: 'tests/browser/webrtc-page.ts', hostile: 'tests/browser/webrtc-hostile-page.ts' },
  })
}, 60_000)
afterAll(() => lab?.close())
beforeEach(async () => {
  signaling = await startTestSignaling()
})
afterEach(async () => {
  for (const page of pages.splice(0)) {
    if (!page.isClosed()) await page.close()
  }
  await signaling.stop()
})

const newKey = () => toHex(randomBytes(32))

async function member(key: string, page?: Page): Promise<Page> {
  const opened = page ?? (await lab.open('page'))
  pages.push(opened)
  await opened.evaluate(
    ([key, url]) => {
      window.lab.start([url])
      window.leave = window.lab.join(key)
    },
    [key, signaling.url] as const,
  )
  return opened
}

const openLinks = (page: Page): Promise<number> => page.evaluate(() => window.lab.open().length)
const linked = async (page: Page, count: number, within = 10_000) => {
  await expect.poll(() => openLinks(page), { timeout: within, interval: 50 }).toBe(count)
}
/** Nothing may escape y-webrtc as an uncaught error, and its document stays empty. */
const expectClean = async (page: Page) => {
  const [uncaught, lines] = await page.evaluate(() => [window.lab.uncaught, window.lab.lines] as const)
  expect(uncaught).toEqual([])
  expect(lines.filter((line) => line.includes('must stay empty'))).toEqual([])
}
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('a mesh', () => {
  test('three browsers all link to each other, each pair with one initiator', async () => {
    const key = newKey()
    const trio = [
      await member(key, await lab.openApart('page')),
      await member(key, await lab.openApart('page')),
      await member(key),
    ]
    for (const page of trio) await linked(page, 2)
    const initiators = await Promise.all(
      trio.map((page) => page.evaluate(() => window.lab.open().filter(({ link }) => link.initiator).length)),
    )
    expect(initiators.toSorted((a, b) => a - b)).toEqual([0, 1, 2])
    for (const page of trio) {
      expect(await page.evaluate(() => window.lab.transport!.status())).toEqual({ state: 'ready' })
      await expectClean(page)
    }
  })

  test('six who join at the same moment all link', async () => {
    const key = newKey()
    const opened = await Promise.all(Array.from({ length: 6 }, () => lab.open('page')))
    await Promise.all(opened.map((page) => member(key, page)))
    for (const page of opened) await linked(page, 5, 15_000)
    for (const page of opened) await expectClean(page)
    expect(await openLinks(opened[0]!)).toBe(5)
  })

  test('two pages of one profile link', async () => {
    const key = newKey()
    const one = await member(key)
    const two = await member(key, await lab.open('page', one.context()))
    await linked(one, 1)
    await linked(two, 1)
    expect(await one.evaluate(() => window.lab.transport!.status())).toEqual({ state: 'ready' })
  })

  test('a burst of 30 MB arrives whole and in order', { timeout: 60_000 }, async () => {
    const key = newKey()
    const [one, two] = [await member(key), await member(key)]
    await linked(one, 1)
    await linked(two, 1)
    await one.evaluate(() => window.lab.burst(600, 50_000))
    const frames = () => two.evaluate(() => window.lab.open()[0]!.frames)
    await expect.poll(frames, { timeout: 20_000 }).toBe(600)
    const [bytes, ordered] = await two.evaluate(() => {
      const { bytes, numbers } = window.lab.open()[0]!
      return [bytes, numbers.every((number, index) => number === index)] as const
    })
    expect(bytes).toBe(30_000_000)
    expect(ordered).toBe(true)
  })

  test('joining twice shares one room; it ends with the last who leaves', async () => {
    const key = newKey()
    const [one, two] = [await member(key), await member(key)]
    await linked(one, 1)
    await one.evaluate((key) => {
      const { leave } = window
      const again = window.lab.join(key)
      window.leave = again
      leave()
    }, key)
    // The link was the first one's; the second gets its own.
    await expect.poll(() => two.evaluate(() => window.lab.links.length), { timeout: 10_000 }).toBe(2)
    await linked(one, 1)
    await one.evaluate(() => window.leave())
    await linked(two, 0)
    await expectClean(one)
  })

  test('other addresses: rooms are joined anew at the new ones', async () => {
    const key = newKey()
    const other = await startTestSignaling()
    try {
      const [one, two] = [await member(key), await member(key)]
      await linked(one, 1)
      for (const page of [one, two]) {
        await page.evaluate((url) => {
          window.lab.signaling = [url]
          window.lab.transport!.refresh()
        }, other.url)
      }
      const reasons = () => one.evaluate(() => window.lab.links.map(({ closed }) => closed))
      await expect.poll(reasons, { timeout: 10_000 }).toEqual(['addresses-changed', undefined])
      expect(signaling.topics()).toEqual([])
      await one.evaluate(() => {
        window.lab.signaling = []
        window.lab.transport!.refresh()
      })
      expect(await one.evaluate(() => window.lab.transport!.status())).toEqual({
        state: 'unavailable',
        detail: 'no-signaling',
      })
      await linked(two, 0)
    } finally {
      await other.stop()
    }
  })
})

describe('what breaks', () => {
  test('signalling away: links stay, the status says so; back again: newcomers link', { timeout: 40_000 }, async () => {
    const key = newKey()
    const [one, two] = [await member(key), await member(key)]
    await linked(one, 1)
    await signaling.stop()
    const status = () => one.evaluate(() => window.lab.transport!.status().detail)
    await expect.poll(status, { timeout: 10_000 }).toBe('signaling-unreachable')
    await one.evaluate(() => window.lab.burst(10, 100))
    await expect.poll(() => two.evaluate(() => window.lab.open()[0]!.frames)).toBe(10)
    const three = await member(key)
    await sleep(1_000)
    await signaling.start()
    for (const page of [one, two, three]) await linked(page, 2, 20_000)
    for (const page of [one, two, three]) await expectClean(page)
  })

  test('an offer that is lost on its way blocks nobody', { timeout: 40_000 }, async () => {
    const key = newKey()
    signaling.loseDescriptions(true)
    const [one, two] = [await member(key), await member(key)]
    await sleep(3_000)
    expect(await openLinks(one)).toBe(0)
    signaling.loseDescriptions(false)
    await linked(one, 1, 20_000)
    await linked(two, 1, 20_000)
    await expectClean(one)
    await expectClean(two)
  })

  test('a page that is killed is noticed within seconds', { timeout: 40_000 }, async () => {
    const key = newKey()
    const one = await member(key)
    const two = await member(key, await lab.openApart('page'))
    await linked(one, 1)
    const session = await two.context().newCDPSession(two)
    const killed = Date.now()
    // The reply never comes from a crashed page.
    session.send('Page.crash').catch(() => undefined)
    await linked(one, 0, 10_000)
    const [reason, closedAt] = await one.evaluate(
      () => [window.lab.links[0]!.closed, window.lab.links[0]!.closedAt] as const,
    )
    console.log(`killed page noticed after ${closedAt - killed} ms: ${reason}`)
    expect(closedAt - killed).toBeLessThan(8_000)
  })

  test('a closed page is noticed at once', async () => {
    const key = newKey()
    const [one, two] = [await member(key), await member(key)]
    await linked(one, 1)
    const started = Date.now()
    await two.close({ runBeforeUnload: true })
    await linked(one, 0, 5_000)
    expect(Date.now() - started).toBeLessThan(2_000)
  })

  test('a link closed on purpose is not opened again at once', async () => {
    const key = newKey()
    const [one, two] = [await member(key), await member(key)]
    await linked(one, 1)
    await one.evaluate(() => window.lab.open()[0]!.link.close('spare'))
    await linked(two, 0)
    await sleep(2_000)
    expect(await two.evaluate(() => window.lab.links.length)).toBe(1)
    expect(await one.evaluate(() => window.lab.links.length)).toBe(1)
  })
})

describe('what outsiders and hostile members try', () => {
  const hostile = async (): Promise<Page> => {
    const page = await lab.open('hostile')
    pages.push(page)
    return page
  }

  test('a wrong key never links, even under the right name', async () => {
    const key = newKey()
    const one = await member(key)
    const outsider = await hostile()
    await outsider.evaluate(([topic, url]) => window.hostile.join({ topic, url, password: 'not the password' }), [
      roomNames(Buffer.from(key, 'hex')).topic,
      signaling.url,
    ] as const)
    await expect.poll(() => one.evaluate(() => window.lab.lines.join('\n'))).toContain('not-sealed-to-room')
    await sleep(1_000)
    expect(await openLinks(one)).toBe(0)
    await expectClean(one)
  })

  test('garbage from the signalling server is refused, logged and nothing else', async () => {
    const key = newKey()
    const one = await member(key)
    const { topic } = roomNames(Buffer.from(key, 'hex'))
    await expect.poll(() => signaling.subscribers(topic)).toBe(1)
    for (const data of ['', 'AAAA', '%%%', 7, null, { type: 'announce', from: 'x' }, 'A'.repeat(100_000)]) {
      signaling.inject(topic, data)
    }
    const two = await member(key)
    await linked(one, 1)
    await linked(two, 1)
    await expectClean(one)
  })

  test('what the server repeats is refused: announces do not come back as ghosts', async () => {
    const key = newKey()
    const gone = await member(key)
    const { topic } = roomNames(Buffer.from(key, 'hex'))
    const one = await member(key)
    await linked(one, 1)
    await gone.evaluate(() => window.leave())
    await linked(one, 0)
    const recorded = signaling.published.map((text) => (JSON.parse(text) as { data: string }).data)
    for (const data of recorded) signaling.inject(topic, data)
    const refusals = () =>
      one.evaluate(() => window.lab.lines.filter((line) => line.includes('signal-repeated')).length)
    await expect.poll(refusals).toBeGreaterThan(0)
    await expectClean(one)
  })

  test('forged announces cannot fill the cap, and their ghosts are cleared', { timeout: 40_000 }, async () => {
    const key = newKey()
    const one = await member(key)
    const names = roomNames(Buffer.from(key, 'hex'))
    await expect.poll(() => signaling.subscribers(names.topic)).toBe(1)
    const forger = await hostile()
    await forger.evaluate(([topic, password, url]) => window.hostile.announce({ topic, password, url, count: 300 }), [
      names.topic,
      names.password,
      signaling.url,
    ] as const)
    const two = await member(key)
    await linked(one, 1, 15_000)
    await linked(two, 1, 15_000)
    const ghosts = () => one.evaluate(() => window.livePeerConnections())
    await expect.poll(ghosts, { timeout: 15_000 }).toBe(1)
    await expectClean(one)
  })

  test('forged offers and answers throw nothing', async () => {
    const key = newKey()
    const one = await member(key)
    const names = roomNames(Buffer.from(key, 'hex'))
    await expect.poll(() => signaling.subscribers(names.topic)).toBe(1)
    const forger = await hostile()
    const forged = await forger.evaluate(([topic, password, url]) => window.hostile.forge({ topic, password, url }), [
      names.topic,
      names.password,
      signaling.url,
    ] as const)
    const refusals = () => one.evaluate(() => window.lab.lines.length)
    // One offer is well-formed and from the right side: WebRTC itself refuses it.
    await expect.poll(refusals).toBe(forged - 1)
    const two = await member(key)
    await linked(one, 1)
    await linked(two, 1)
    await expectClean(one)
  })

  test.each([
    ['a frame over the limit', 'oversize', 'frame-too-large'],
    ['text', 'text', 'frame-not-binary'],
    ['an empty message', 'empty', 'frame-empty'],
    ['a Yjs document on y-webrtc’s channel', 'document', 'unexpected-data'],
    ['more channels', 'channels', 'too-many-channels'],
  ] as const)('%s closes the link with a named reason', { timeout: 40_000 }, async (_, act, reason) => {
    const key = newKey()
    const one = await member(key)
    const names = roomNames(Buffer.from(key, 'hex'))
    const enemy = await hostile()
    await enemy.evaluate(([topic, password, url, act]) => window.hostile.join({ topic, password, url, act }), [
      names.topic,
      names.password,
      signaling.url,
      act,
    ] as const)
    const reasons = () => one.evaluate(() => window.lab.links.map(({ closed }) => closed)[0])
    await expect.poll(reasons, { timeout: 25_000 }).toBe(reason)
    expect(await one.evaluate(() => window.lab.links.reduce((sum, { frames }) => sum + frames, 0))).toBe(0)
    await expectClean(one)
  })
})
