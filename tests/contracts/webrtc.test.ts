/** The acceptance suite of every transport, run in a page, since WebRTC is the browser's, over the app's own signalling. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SignalingServer, startSignalingServer } from '../../electron/services/signaling/server.ts'
import { type Lab, openLab } from '../browser/lab.ts'
import { TRANSPORT_CASES } from './transport-cases.ts'

let lab: Lab
let signaling: SignalingServer
let page: Page

beforeAll(async () => {
  signaling = await startSignalingServer({ port: 0, hosts: ['127.0.0.1'] })
  lab = await openLab({
    entries: { contract: 'tests/browser/webrtc-contract-page.ts', side: 'tests/browser/webrtc-side.ts' },
  })
  page = await lab.open('contract')
}, 60_000)

afterAll(async () => {
  await lab?.close()
  await signaling?.close()
})

describe.each(['left-to-right', 'right-to-left'] as const)('webrtc, %s', (direction) => {
  test.each(TRANSPORT_CASES.map(({ name }) => name))('%s', { timeout: 40_000 }, async (name) => {
    const problem = await page.evaluate(([name, direction, url]) => window.runCase(name, direction, url), [
      name,
      direction,
      `ws://127.0.0.1:${signaling.port}`,
    ] as const)
    expect(problem).toBeUndefined()
  })
})
