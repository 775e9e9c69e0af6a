import { test } from 'vitest'
import { openLab } from '../browser/lab.ts'
import { startTestSignaling } from '../browser/signaling-server.ts'
import type {} from '../browser/webrtc-page.ts'
test('b', { timeout: 120000 }, async () => {
  const signaling = await startTestSignaling()
  const lab = await openLab({ entries: { page: 'tests/browser/webrtc-page.ts' } })
  for (let i = 0; i < 4; i++) {
    const key = String(i).repeat(64)
    const one = await lab.open('page')
    const two = await lab.open('page')
    const go = ([k, u]: readonly [string, string]) =>
      new Promise<number>((r) => {
        const t = performance.now()
        window.lab.start([u])
        window.lab.join(k)
        const i = setInterval(() => {
          if (window.lab.open().length) {
            clearInterval(i)
            r(performance.now() - t)
          }
        }, 2)
      })
    const first = one.evaluate(go, [key, signaling.url] as const)
    await new Promise((r) => setTimeout(r, 1000))
    console.log('link after', await two.evaluate(go, [key, signaling.url] as const), await first)
    for (const size of [
      [65536, 65536, 16384, 16384, 4096],
      [50000, 50000, 50000, 16384, 65536],
      [16384, 16384, 16384, 16384],
      [1000, 1000, 1000],
    ][i]!) {
      const t0 = Date.now()
      const ms = await one.evaluate((size) => window.lab.burst(Math.floor(10_000_000 / size), size), size)
      await new Promise<void>(async (r) => {
        for (;;) {
          if ((await two.evaluate(() => window.lab.open()[0]!.bytes)) >= 9_900_000) break
        }
        r()
      })
      console.log(size, 'burst 10MB send ms', ms, 'total', Date.now() - t0)
      await two.evaluate(() => {
        window.lab.open()[0]!.bytes = 0
      })
    }
    await one.close()
    await two.close()
  }
  await lab.close()
  await signaling.stop()
})
