/** What is at rest, in a real Chromium with a real profile: passphrases, killed browsers, and the bytes on the disk. */
import { appendFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { randomBytes } from '../../shared/base/bytes.ts'
import { filesHolding, openLab, type Lab } from '../at-rest/lab.ts'
// For the type of window.atRest.
import type {} from '../at-rest/page.ts'

const PASSPHRASE = 'seven kettles and a long afternoon'
let lab: Lab

/** Letters and digits without a pattern: nothing that compresses can hide it. */
const newMarker = (): string => Buffer.from(randomBytes(48)).toString('base64').replaceAll(/[+/=]/g, 'x')
const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))

beforeAll(async () => {
  lab = await openLab()
}, 60_000)
afterAll(() => lab?.close())
afterEach(async () => {
  await lab.stop()
  await rm(lab.profile, { recursive: true, force: true, maxRetries: 5 })
})

describe('the keyring in Chromium, under the CSP of the hosts', () => {
  it('opens with the passphrase, after a restart too, and with no other', async () => {
    let page = await lab.start()
    expect(await page.evaluate(() => window.atRest.label())).toBeUndefined()
    const rootKey = await page.evaluate((words) => window.atRest.setUp(words), PASSPHRASE)
    await lab.stop()
    page = await lab.start()
    expect(await page.evaluate(() => window.atRest.label())).toBe('Ada')
    expect(await page.evaluate((words) => window.atRest.unlock(words), `${PASSPHRASE}.`)).toBe('wrong-passphrase')
    expect(await page.evaluate((words) => window.atRest.unlock(words), PASSPHRASE)).toBe(rootKey)
    expect(await page.evaluate((words) => window.atRest.change(words, 'eight cups'), PASSPHRASE)).toBe('changed')
    expect(await page.evaluate((words) => window.atRest.unlock(words), PASSPHRASE)).toBe('wrong-passphrase')
    expect(await page.evaluate(() => window.atRest.unlock('eight cups'))).toBe(rootKey)
  })

  it('stretches passphrases in a worker, while the window stays alive', async () => {
    const page = await lab.start()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    await page.evaluate(() => window.atRest.argon2())
    const { milliseconds, longestPause } = await page.evaluate(() => window.atRest.argon2())
    console.log(`Argon2id 64 MiB, 3 passes: ${milliseconds.toFixed(0)} ms; longest pause ${longestPause.toFixed(0)} ms`)
    // Without a worker it runs in the window all the same, but says so and pauses for its whole time.
    expect(complaints).toEqual([])
    expect(longestPause).toBeLessThan(milliseconds / 2)
  })

  it('lets one window in', async () => {
    const page = await lab.start()
    expect(await page.evaluate(() => window.atRest.lockTwice())).toEqual([true, false, true])
  })
})

describe('a browser that is killed', () => {
  it.each(['strict', 'relaxed'] as const)('keeps every entry that was acknowledged (%s)', async (durability) => {
    let page = await lab.start()
    await page.evaluate(async (words) => {
      await window.atRest.setUp(words)
      await window.atRest.open(words)
    }, PASSPHRASE)
    await page.evaluate((kind) => window.atRest.writeForEver(kind), durability)
    await pause(1500)
    await lab.kill()
    const acknowledged = lab.reported.get(durability) ?? 0
    expect(acknowledged).toBeGreaterThan(20)
    page = await lab.start()
    await page.evaluate((words) => window.atRest.open(words), PASSPHRASE)
    const stored = await page.evaluate(() => window.atRest.storedSeqs())
    expect(stored.slice(0, acknowledged)).toEqual(Array.from({ length: acknowledged }, (_, index) => index + 1))
  })

  it('keeps every word of a note that was saved, and loses less than a second of typing', async () => {
    let page = await lab.start()
    await page.evaluate(async (words) => {
      await window.atRest.setUp(words)
      await window.atRest.open(words)
      await window.atRest.typeForEver()
    }, PASSPHRASE)
    await pause(3000)
    await lab.kill()
    const { reported } = lab
    page = await lab.start()
    await page.evaluate((words) => window.atRest.open(words), PASSPHRASE)
    const { length } = await page.evaluate(() => window.atRest.noteText())
    const saved = Math.max(reported.get('saved') ?? 0, reported.get('flushed') ?? 0)
    expect(saved).toBeGreaterThan(0)
    expect(length).toBeGreaterThanOrEqual(saved)
    // 100 letters a second are typed.
    expect((reported.get('typed') ?? 0) - length).toBeLessThan(100)
  })
})

/** As a disk does that is full from there on: the beginning of a record that says it is longer. */
async function endInHalfARecord(profile: string): Promise<void> {
  const files = await readdir(profile, { recursive: true })
  const logs = files.filter((name) => /indexeddb\.leveldb.\d+\.log$/.test(name))
  expect(logs).toHaveLength(1)
  // Checksum (4 bytes), length (2 bytes: 1000), a whole record (1), and a tenth of it.
  const half = Uint8Array.of(1, 2, 3, 4, 0xe8, 3, 1, ...new Uint8Array(100))
  for (const log of logs) await appendFile(join(profile, log), half)
}

describe('a disk that was full in the middle of a write', () => {
  it('costs nothing that is stored, at the start after next either, where the log is turned', async () => {
    let page = await lab.start()
    const rootKey = await page.evaluate((words) => window.atRest.setUp(words), PASSPHRASE)
    await lab.stop()
    await endInHalfARecord(lab.profile)
    page = await lab.start()
    await page.evaluate(() => window.atRest.turnLog())
    expect(await page.evaluate((words) => window.atRest.change(words, 'eight cups'), PASSPHRASE)).toBe('changed')
    await lab.kill()
    page = await lab.start()
    expect(await page.evaluate(() => window.atRest.label())).toBe('Ada')
    expect(await page.evaluate(() => window.atRest.unlock('eight cups'))).toBe(rootKey)
  })
})

describe('the bytes on the disk', () => {
  it('hold nothing that was written, and not the passphrase', async () => {
    const page = await lab.start()
    const sealed = newMarker()
    const unsealed = newMarker()
    await page.evaluate(
      async ([words, sealed, unsealed]) => {
        await window.atRest.setUp(words)
        await window.atRest.open(words)
        await window.atRest.spread(sealed)
        await window.atRest.writeUnsealed(unsealed)
        await window.atRest.close()
      },
      [PASSPHRASE, sealed, unsealed] as const,
    )
    await lab.stop()
    expect(await filesHolding(lab.profile, unsealed)).not.toEqual([])
    expect(await filesHolding(lab.profile, sealed)).toEqual([])
    expect(await filesHolding(lab.profile, PASSPHRASE)).toEqual([])
  })
})
