/** A paper's earlier versions, on documents of one page, with a second organiser who edits elsewhere. */
import { resolve } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { serveHarness } from '../ui/serve.ts'
import { expectNothingForAxe, picture } from './looks.ts'

let served: Awaited<ReturnType<typeof serveHarness>>
test.beforeAll(async () => {
  served = await serveHarness(resolve(import.meta.dirname, '../ui-editor'), ['index.html', 'papers.html'])
})
test.afterAll(() => served.close())

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })
const TITLE = 'Terms of reference'

async function expectToFit(page: Page): Promise<void> {
  const [needed, there] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ])
  expect(needed).toBeLessThanOrEqual(there ?? 0)
}

/** The page as at 100 %, 200 % and 400 % of a window of 1280. */
async function lookAt(page: Page, name: string): Promise<void> {
  await expectNothingForAxe(page)
  for (const [zoom, width] of [
    [100, 1280],
    [200, 640],
    [400, 320],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    await expectToFit(page)
    await picture(page, `${name}-${zoom}`)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
}

const choose = async (page: Page, entry: string): Promise<void> => {
  await page.getByRole('button', { name: `More for ${TITLE}` }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

test('a version is kept by hand, and by itself before a large part is taken out, and both can be read', async ({
  page,
}) => {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`${served.url}papers.html#/papers`)
  await page.getByRole('link', { name: 'Write the first paper' }).click()
  await page.getByRole('button', { name: 'Make the paper' }).click()
  const text = page.getByRole('textbox', { name: TITLE })
  await expect(text).toBeVisible()

  await choose(page, 'Earlier versions')
  await expect(page.getByText('No version has been kept yet.')).toBeVisible()
  await lookAt(page, 'versions-none')
  await page.getByRole('link', { name: `Back to “${TITLE}”` }).click()

  await choose(page, 'Keep this version')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Give the version a name.')).toBeVisible()
  await lookAt(page, 'versions-keep')
  await page.getByRole('textbox', { name: 'Name of the version' }).fill('As sent to the library')
  await page.getByRole('textbox', { name: 'Note, if you like' }).fill('They want to see who we are.')
  await page.getByRole('button', { name: 'Keep it' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await text.focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('We begin anew.')
  await expect(page.getByText('A large part was taken out.')).toBeAttached()
  await choose(page, 'Earlier versions')
  const list = page.getByRole('listitem').filter({ hasText: 'Kept' })
  await expect(list).toHaveCount(2)
  await expect(list.nth(0)).toContainText('Before a large part was taken out')
  await expect(list.nth(0)).toContainText('Kept by Teatray today at')
  await expect(list.nth(1)).toContainText('by you.')
  await lookAt(page, 'versions-list')

  await page.getByRole('link', { name: 'As sent to the library' }).click()
  await expect(heading(page, 'As sent to the library')).toBeFocused()
  await expect(page.getByRole('document', { name: 'As sent to the library' })).toContainText('We listen.')
  await expect(page.getByText('We begin anew.')).toHaveCount(0)
  await lookAt(page, 'versions-one')
  expect(complaints).toEqual([])
})
