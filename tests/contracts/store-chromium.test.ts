/** The Dexie store under the contract of stores, in a real Chromium; one browser, a database for each test. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { openLab, type Lab } from '../at-rest/lab.ts'
// For the type of window.atRest.
import type {} from '../at-rest/page.ts'
import { remoteStore } from '../at-rest/remote-store.ts'
import { describeStore } from './store.contract.ts'

let lab: Lab
let page: Page
let databases = 0

beforeAll(async () => {
  lab = await openLab()
  page = await lab.start()
}, 60_000)
afterAll(() => lab?.close())

describeStore('Dexie in Chromium', async () => {
  const name = `store-contract-${++databases}`
  await page.evaluate((name) => window.atRest.openStoreAs(name), name)
  const store = remoteStore(() => page)
  return {
    store,
    async reopen() {
      await page.reload()
      await page.waitForFunction(() => 'atRest' in window)
      await page.evaluate((name) => window.atRest.openStoreAs(name), name)
      return store
    },
    failNextWrite: () => void page.evaluate(() => window.atRest.failNextWrite()),
    close: () => page.evaluate(() => window.atRest.closeStore()),
  }
})
