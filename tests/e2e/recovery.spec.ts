/**
 * Recovery sheets. On a session made of values: the screens under axe and zoom, the printed page, the code on it. On whole
 * installations: a forgotten passphrase, a rehearsal, a sheet that was cancelled, a window killed in between.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { type Served, serveHarness } from '../ui/serve.ts'
import { expect, test } from './fixtures.ts'
import type { Installation } from './installation.ts'
import { decodeQr, matrixOf } from './read-qr.ts'
import { action, createGroup, createTerms, editor, openPaper, PASSPHRASE, setUp, TERMS, unlock } from './story.ts'

const heading = (page: Page) => page.getByRole('heading', { level: 1 })

const paper = (page: Page) => page.getByRole('region', { name: 'Teatray recovery sheet' })

async function expectNothingForAxe(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}

/** Pictures to look at, when TEATRAY_PICTURES names a folder. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['TEATRAY_PICTURES']
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

const wordsOn = (page: Page): Promise<readonly string[]> =>
  paper(page).getByRole('list', { name: 'The twelve words' }).getByRole('listitem').allInnerTexts()

const qrOn = (page: Page): Promise<string> =>
  page
    .getByRole('img', { name: 'The same twelve words as a picture for a camera' })
    .evaluate((svg) => JSON.stringify([svg.getAttribute('viewBox'), svg.querySelector('path')?.getAttribute('d')]))
    .then((drawn) => {
      const [viewBox, path] = JSON.parse(drawn) as [string, string]
      return decodeQr(matrixOf(path, Number(viewBox.split(' ')[2])))
    })

/** Answers the three questions from the words on the paper. */
async function check(page: Page, words: readonly string[]): Promise<void> {
  await expect(heading(page)).toHaveText('Check your sheet')
  await expect(paper(page)).toBeHidden()
  const labels = await page.locator('.t-page form label').allInnerTexts()
  expect(labels).toHaveLength(3)
  for (const label of labels)
    await page.getByLabel(label, { exact: true }).fill(words[Number(/\d+/.exec(label)) - 1] ?? '')
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await expect(heading(page)).toHaveText('Your recovery sheet is ready')
}

test.describe('screens', () => {
  let served: Served
  test.beforeAll(async () => {
    served = await serveHarness(resolve(import.meta.dirname, '../ui/harness'))
  })
  test.afterAll(() => served.close())

  async function open(page: Page, scene: string): Promise<readonly string[]> {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(`${served.url}?scene=${scene}`)
    await expect(heading(page)).toBeVisible()
    return complaints
  }

  test('a sheet is made, printed and checked, by keyboard', async ({ page }) => {
    const complaints = await open(page, 'recovery-new')
    await page.getByLabel('Your passphrase', { exact: true }).fill('garden kettle')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toContainText('That is not the passphrase')
    await expectNothingForAxe(page)
    await page.getByLabel('Your passphrase', { exact: true }).fill('garden kettle lemon ribbon')
    await page.keyboard.press('Enter')
    await expect(heading(page)).toHaveText('Print it or copy it')
    await expect(heading(page)).toBeFocused()
    const words = await wordsOn(page)
    expect(words).toHaveLength(12)
    expect(await qrOn(page)).toBe(words.join(' '))
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
      await expectNothingForAxe(page)
      await picture(page, `recovery-sheet-${colorScheme}`)
    }
    for (const width of [640, 320]) {
      await page.setViewportSize({ width, height: 400 })
      const scrolled = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(scrolled).toBeLessThanOrEqual(width)
      await picture(page, `recovery-sheet-${width}`)
    }
    await page.setViewportSize({ width: 1280, height: 800 })

    await page.getByRole('button', { name: 'I have it on paper' }).press('Enter')
    await page.getByRole('button', { name: 'Check', exact: true }).press('Enter')
    await expect(page.getByRole('alert').getByRole('link')).toHaveCount(3)
    await expectNothingForAxe(page)
    await picture(page, 'recovery-check')
    await page.getByRole('button', { name: 'Back to the sheet' }).press('Enter')
    expect(await wordsOn(page)).toEqual(words)
    await page.getByRole('button', { name: 'I have it on paper' }).press('Enter')
    await check(page, words)
    await expectNothingForAxe(page)
    await page.getByRole('link', { name: 'Back to recovery sheets' }).press('Enter')
    await expect(page.getByRole('button', { name: /^Cancel this sheet: Sheet of/ })).toHaveCount(1)
    expect(complaints).toEqual([])
  })

  test('what is printed is one page with the sheet alone, black on white even in the dark', async ({ page }) => {
    await open(page, 'recovery-new')
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' })
    await page.getByLabel('Your passphrase', { exact: true }).fill('garden kettle lemon ribbon')
    await page.keyboard.press('Enter')
    await expect(paper(page)).toBeVisible()
    for (const apart of ['.t-side', '.t-footer', '.t-page-head', '.t-steps'])
      await expect(page.locator(apart)).toBeHidden()
    for (const name of ['Print the sheet', 'I have it on paper']) await expect(page.getByText(name)).toBeHidden()
    const colours = await page.evaluate(() => {
      const { color } = getComputedStyle(document.querySelector('.recovery-paper-words > li') ?? document.body)
      return [
        color,
        getComputedStyle(document.body).backgroundColor,
        getComputedStyle(document.documentElement).backgroundColor,
      ]
    })
    expect(colours).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)', 'rgb(255, 255, 255)'])
    for (const format of ['A4', 'Letter']) {
      const pdf = (await page.pdf({ format })).toString('latin1')
      expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
    }
    // A4 without its margins.
    await page.setViewportSize({ width: 680, height: 1009 })
    await picture(page, 'recovery-printed')
  })
})

async function toRecovery({ page }: Installation): Promise<void> {
  await page.getByRole('link', { name: 'Sync and safety', exact: true }).click()
  await page.getByRole('link', { name: 'Recovery sheets', exact: true }).click()
  await expect(heading(page)).toHaveText('Recovery sheets')
}

/** Its words, after the check. */
async function makeSheet(installation: Installation, passphrase = PASSPHRASE): Promise<readonly string[]> {
  const { page } = installation
  await toRecovery(installation)
  await action(page, /^Make (a recovery|another) sheet$/).click()
  await page.getByLabel('Your passphrase', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Make the sheet' }).click()
  await expect(paper(page)).toBeVisible({ timeout: 30_000 })
  const words = await wordsOn(page)
  expect(await qrOn(page)).toBe(words.join(' '))
  await page.getByRole('button', { name: 'I have it on paper' }).click()
  await check(page, words)
  await page.getByRole('link', { name: 'Back to recovery sheets' }).click()
  return words
}

async function lock({ page }: Installation): Promise<void> {
  await page.getByRole('button', { name: 'Lock now' }).first().click()
  await expect(heading(page)).toHaveText('Teatray is locked')
}

async function typeSheet({ page }: Installation, words: string): Promise<void> {
  await page.getByRole('button', { name: 'I cannot get in' }).click()
  await page.getByRole('button', { name: 'Use a recovery sheet' }).click()
  await page.getByLabel('The twelve words').fill(words)
}

const WRONG = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const NEW_PASSPHRASE = 'lantern pebble orchard violin'

test('a forgotten passphrase: the words of the sheet, a new passphrase, and everything is there', async ({
  people,
}) => {
  test.setTimeout(240_000)
  const alice = await people.start('alice')
  const { page } = alice
  await setUp(alice)
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await editor(page).locator('p').first().click()
  await page.keyboard.press('Home')
  await page.keyboard.type('Written before. ', { delay: 10 })
  const words = await makeSheet(alice)
  await lock(alice)

  await unlock(alice, 'I do not know any more')
  await expect(page.getByRole('alert')).toContainText('That is not the passphrase', { timeout: 30_000 })
  await typeSheet(alice, `${words.slice(0, 3).join(' ')} zzzz ${words.slice(4).join(' ')}`)
  await expect(page.getByText('Word 4, “zzzz”, is not one of the words used on sheets')).toBeVisible()
  await page.getByLabel('The twelve words').fill(WRONG)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('alert')).toContainText('they do not open this computer', { timeout: 30_000 })
  await page
    .getByLabel('The twelve words')
    .fill(words.map((word, index) => `${index + 1}. ${word.toUpperCase()}`).join('\n'))
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(heading(page)).toHaveText('Choose a new passphrase', { timeout: 30_000 })
  await page.getByLabel('New passphrase', { exact: true }).fill(NEW_PASSPHRASE)
  await page.getByRole('checkbox', { name: /written it down/ }).check()
  await page.getByRole('button', { name: 'Set it and open Teatray' }).click()
  await openPaper(alice, TERMS)
  await expect(editor(page)).toContainText('Written before.')

  // On the disk, too: after a killed browser and host the new one opens, and the old one does not.
  await alice.kill()
  const again = await people.start('alice')
  await unlock(again, PASSPHRASE)
  await expect(again.page.getByRole('alert')).toContainText('That is not the passphrase', { timeout: 30_000 })
  await unlock(again, NEW_PASSPHRASE)
  await openPaper(again, TERMS)
  await expect(editor(again.page)).toContainText('Written before.')
  // The sheet goes on working, for the next time.
  await lock(again)
  await typeSheet(again, words.join(' '))
  await again.page.getByRole('button', { name: 'Continue' }).click()
  await expect(heading(again.page)).toHaveText('Choose a new passphrase', { timeout: 30_000 })
})

test('killed while a forgotten passphrase is replaced: the old one or the new one opens, and so does the sheet', async ({
  people,
}) => {
  test.setTimeout(300_000)
  let alice = await people.start('alice')
  await setUp(alice)
  await createGroup(alice, 'Riverside pain group')
  const words = await makeSheet(alice)
  await lock(alice)
  let passphrase = PASSPHRASE
  for (const [round, after] of [200, 900, 1800, 2700].entries()) {
    const next = `${NEW_PASSPHRASE} ${round}`
    await typeSheet(alice, words.join(' '))
    await alice.page.getByRole('button', { name: 'Continue' }).click()
    await expect(heading(alice.page)).toHaveText('Choose a new passphrase', { timeout: 30_000 })
    await alice.page.getByLabel('New passphrase', { exact: true }).fill(next)
    await alice.page.getByRole('checkbox', { name: /written it down/ }).check()
    await alice.page.getByRole('button', { name: 'Set it and open Teatray' }).click()
    await alice.page.waitForTimeout(after)
    await alice.kill()
    alice = await people.start('alice')
    await unlock(alice, next)
    const refused = alice.page.getByRole('alert').filter({ hasText: 'That is not the passphrase' })
    const open = alice.page.getByRole('button', { name: 'Lock now' }).first()
    await expect(refused.or(open)).toBeVisible({ timeout: 30_000 })
    if (await refused.isVisible()) await unlock(alice, passphrase)
    else passphrase = next
    await expect(open).toBeVisible({ timeout: 30_000 })
    await lock(alice)
  }
})

test('a rehearsal changes nothing; a cancelled sheet opens nothing; nothing of a sheet is on the disk', async ({
  people,
}) => {
  test.setTimeout(240_000)
  const alice = await people.start('alice')
  const { page } = alice
  await setUp(alice)
  await createGroup(alice, 'Riverside pain group')
  const lost = await makeSheet(alice)
  const kept = await makeSheet(alice)
  expect(kept).not.toEqual(lost)
  await page.getByRole('link', { name: 'Try your sheet' }).click()
  await page.getByLabel('The twelve words').fill(kept.join(' '))
  await expect(page.getByText('These are the words of a sheet.')).toBeVisible()
  await page.getByRole('button', { name: 'Try the words' }).click()
  await expect(heading(page)).toHaveText('Your sheet works', { timeout: 30_000 })
  await page.getByRole('link', { name: 'Back to recovery sheets' }).click()
  await expect(page.getByText(/You last tried a sheet today at/)).toBeVisible()

  await page
    .getByRole('button', { name: /^Cancel this sheet: / })
    .first()
    .click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the sheet' }).click()
  await expect(page.getByRole('button', { name: /^Cancel this sheet: / })).toHaveCount(1)
  await lock(alice)
  await typeSheet(alice, lost.join(' '))
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('alert')).toContainText('It may be a cancelled sheet', { timeout: 30_000 })
  await page.getByLabel('The twelve words').fill(kept.join(' '))
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(heading(page)).toHaveText('Choose a new passphrase', { timeout: 30_000 })
  await page.getByRole('button', { name: 'Back', exact: true }).click()
  await page.getByRole('button', { name: 'Back', exact: true }).click()
  await page.getByRole('button', { name: 'Back to the passphrase' }).click()
  await unlock(alice)
  await expect(page.getByRole('button', { name: 'Lock now' }).first()).toBeVisible({ timeout: 30_000 })

  await alice.close()
  const found = filesOf(alice.profile).filter((file) => {
    const bytes = readFileSync(file)
    return [lost, kept].some((words) =>
      words.some((word, index) => {
        const next = words[index + 1]
        return next !== undefined && bytes.includes(`${word} ${next}`)
      }),
    )
  })
  expect(found).toEqual([])
})

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => resolve(entry.parentPath, entry.name))
