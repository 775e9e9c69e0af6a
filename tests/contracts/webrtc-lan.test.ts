/** Two computers on one network without a way to the internet: no default route, no STUN, signalling on one of them. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { randomBytes, toHex } from '../../shared/base/bytes.ts'
import { chromiumInNamespace } from '../browser/chromium.ts'
import { openLab } from '../browser/lab.ts'
import '../browser/webrtc-window.ts'
import { createLan, whyNoNamespaces } from '../netns/namespaces.ts'
import { bundleForNode } from '../netns/remote-lan.ts'

const missing = whyNoNamespaces()
if (missing !== '') console.warn(`skipped: ${missing}`)
const PORT = 4444

async function joinRoom(page: Page, address: string, key: string): Promise<void> {
  await page.evaluate(
    ([url, key]) => {
      window.lab.start([url])
      window.lab.join(key)
    },
    [`ws://${address}:${PORT}`, key] as const,
  )
}

const openLinks = (page: Page) => () => page.evaluate(() => window.lab.open().length)

describe.skipIf(missing !== '')('webrtc on a LAN without a way to the internet', () => {
  test('two computers link, carry frames, notice a pulled cable and meet again', { timeout: 90_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'teatray-webrtc-'))
    const lan = createLan(2)
    const [here, there] = lan.machines
    const lab = await openLab({ entries: { page: 'tests/browser/webrtc-page.ts' } })
    const server = await bundleForNode('tests/browser/signaling-machine.ts')
    const signaling = here!.spawn(process.execPath, [server.file, String(PORT)], { stdio: 'inherit' })
    try {
      const open = async (namespace: string) =>
        lab.openApart('page', { executablePath: await chromiumInNamespace(namespace, folder) })
      const [one, two] = [await open(here!.namespace), await open(there!.namespace)]
      const key = toHex(randomBytes(32))
      const started = Date.now()
      await joinRoom(one, here!.address, key)
      await joinRoom(two, here!.address, key)
      await expect.poll(openLinks(one), { timeout: 10_000, interval: 50 }).toBe(1)
      await expect.poll(openLinks(two), { timeout: 10_000, interval: 50 }).toBe(1)
      console.log(`linked after ${Date.now() - started} ms`)

      await one.evaluate(() => window.lab.burst(200, 50_000))
      const bytes = () => two.evaluate(() => window.lab.open()[0]!.bytes)
      await expect.poll(bytes, { timeout: 10_000 }).toBe(10_000_000)

      there!.setCable(false)
      const pulled = Date.now()
      await expect.poll(openLinks(one), { timeout: 12_000, interval: 50 }).toBe(0)
      console.log(`pulled cable noticed after ${Date.now() - pulled} ms`)
      await expect.poll(openLinks(two), { timeout: 12_000, interval: 50 }).toBe(0)
      there!.setCable(true)
      const plugged = Date.now()
      await expect.poll(openLinks(one), { timeout: 40_000, interval: 50 }).toBe(1)
      await expect.poll(openLinks(two), { timeout: 10_000, interval: 50 }).toBe(1)
      console.log(`linked again after ${Date.now() - plugged} ms`)
      for (const page of [one, two]) expect(await page.evaluate(() => window.lab.uncaught)).toEqual([])
    } finally {
      await lab.close()
      signaling.kill()
      if (signaling.exitCode === null && signaling.signalCode === null) await once(signaling, 'exit')
      lan.close()
      await server.remove()
      await rm(folder, { recursive: true })
    }
  })
})
