/** Everything as files that need no Teatray: asked for on the screen, downloaded, unpacked, and read in a browser that knows nothing of it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { unzipSync } from 'fflate'
import { expect, test } from './fixtures.ts'
import type { Installation } from './installation.ts'
import { expectNothingForAxe, picture } from './looks.ts'
import { action, createGroup, createTerms, editor, footer, goTo, makeCircle, setUp } from './story.ts'

const CANARY = 'canary 4711 slept badly'

let folder: string
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'teatray-export-'))
})
test.afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The paths of the files, as they lie in the folder. */
async function exportInto(page: Page, into: string, withNotes: boolean): Promise<readonly string[]> {
  await page.getByRole('link', { name: 'Sync and safety', exact: true }).click()
  await action(page, 'Export everything').click()
  if (withNotes) await page.getByRole('checkbox', { name: 'Put my private notes into it, too' }).check()
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Make the file' }).click()
  const download = await downloading
  const name = download.suggestedFilename()
  await expect(page.getByRole('status').filter({ hasText: 'The file is made' })).toContainText(name)
  const files = unzipSync(readFileSync(await download.path()))
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(into, path)), { recursive: true })
    writeFileSync(join(into, path), bytes)
  }
  return Object.keys(files)
}

async function writeNote({ page }: Installation, text: string): Promise<void> {
  await goTo(page, 'My notes')
  await action(page, /^Write (a new|the first|a) note/).click()
  await editor(page).click()
  await page.keyboard.type(text)
  await expect(footer(page)).toContainText('All saved here')
}

test('everything as files: without private notes, and with them when asked for', async ({ alice }) => {
  const { page } = alice
  await setUp(alice)
  await createGroup(alice, 'Riverside: pain / group')
  await createTerms(alice)
  await editor(page).locator('p').first().click()
  await page.keyboard.press('Home')
  await page.keyboard.type('Tea & <cake> for all. ')
  const paper = await editor(page).evaluate((element) => ({
    headings: [...element.querySelectorAll('h1, h2, h3')].map((one) => one.textContent),
    items: element.querySelectorAll('li').length,
    cells: element.querySelectorAll('td, th').length,
  }))
  expect(paper.headings.length).toBeGreaterThan(2)
  await makeCircle(alice, 'Planning', [])
  await writeNote(alice, CANARY)

  const paths = await exportInto(page, folder, false)
  await picture(page, 'export-done')
  const contents = paths.map((path) => readFileSync(join(folder, path), 'utf8')).join('\n')
  expect(contents).not.toContain('canary')
  expect(contents).toContain('Tea & <cake> for all.')

  // In a page of its own, from the disk, without a network.
  const index = paths.find((path) => path.endsWith('index.html')) ?? ''
  const reader = await alice.context.newPage()
  const asked: string[] = []
  reader.on('request', (request) => asked.push(request.url()))
  await reader.goto(`file://${join(folder, index)}`)
  await expect(reader.getByRole('heading', { level: 2 })).toHaveText(['Riverside: pain / group', 'Planning'])
  await expect(reader.getByText('They are NOT locked.')).toBeVisible()
  await expectNothingForAxe(reader)
  await picture(reader, 'export-index')
  await reader.getByRole('link', { name: 'Terms of reference' }).click()
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText('Terms of reference')
  expect(
    await reader.locator('main').evaluate((element) => ({
      headings: [...element.querySelectorAll('h2, h3, h4')].map((one) => one.textContent),
      items: element.querySelectorAll('li').length,
      cells: element.querySelectorAll('td, th').length,
    })),
  ).toEqual(paper)
  await expect(reader.locator('main')).toContainText('Tea & <cake> for all.')
  await expectNothingForAxe(reader)
  await picture(reader, 'export-paper')
  expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([])
  await reader.close()

  await page.getByRole('link', { name: 'Back to Sync and safety' }).click()
  await expect(page.getByText(/^Today, \d\d:\d\d: .*export.*[KM]B\.$/i).first()).toBeVisible()

  const withNotes = await exportInto(page, join(folder, 'again'), true)
  expect(withNotes.filter((path) => path.includes('My private notes')).length).toBeGreaterThanOrEqual(3)
})
