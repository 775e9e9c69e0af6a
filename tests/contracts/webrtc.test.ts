/** The acceptance suite of every transport, run in a page, since WebRTC is the browser's. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lab, openLab } from '../browser/lab.ts'
import { type TestSignaling, startTestSignaling } from '../browser/signaling-server.ts'
import { TRANSPORT_CASES } from './transport-cases.ts'

let lab: Lab
let signaling: TestSignaling
let page: Page

beforeAll(async () => {
  signaling = await startTestSignaling()
  lab = await openLab({
    entries: { contract: 'tests/browser/webrtc-contract-page.ts', side: 'tests/browser/webrtc-side.ts' },
  })
  page = await lab.open('contract')
}, 60_000)

afterAll(async () => {
  await lab?.close()
  await signaling?.stop()
})

describe.each(['left-to-right', 'right-to-left'] as const)('webrtc, %s', (direction) => {
  test.each(TRANSPORT_CASES.map(({ name }) => name))('%s', { timeout: 40_000 }, async (name) => {
    const problem = await page.evaluate(([name, direction, url]) => window.runCase(name, direction, url), [
      name,
      direction,
      signaling.url,
    ] as const)
    expect(problem).toBeUndefined()
  })
})
