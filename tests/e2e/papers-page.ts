/** The harness page of papers and notes (tests/ui-editor), and how a test on it begins. */
import { resolve } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { serveHarness } from '../ui/serve.ts'
import type { PapersHarness } from '../ui-editor/papers.tsx'

declare global {
  interface Window {
    papers: PapersHarness
  }
}

/** Served as long as the tests of the calling file run. `url` ends with a slash. */
export function servePapers(): { readonly url: string } {
  let served: Awaited<ReturnType<typeof serveHarness>>
  test.beforeAll(async () => {
    served = await serveHarness(resolve(import.meta.dirname, '../ui-editor'), ['index.html', 'papers.html'])
  })
  test.afterAll(() => served.close())
  return {
    get url() {
      return served.url
    },
  }
}

/** Makes the terms of reference; returns its id and what the page complains of. */
export async function makeTerms(page: Page, url: string) {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`${url}papers.html#/papers`)
  await page.getByRole('link', { name: 'Write the first paper' }).click()
  await page.getByRole('button', { name: 'Make the paper' }).click()
  const text = page.getByRole('textbox', { name: 'Terms of reference' })
  await expect(text).toBeVisible()
  return { id: new URL(page.url()).hash.split('/').at(-1) ?? '', text, complaints }
}
