/**
 * Recovery sheets. On a session made of values: the screens under axe and zoom, the printed page, the code on it. On whole
 * installations: a forgotten passphrase, a rehearsal, a sheet that was cancelled, a window killed in between.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { type Served, serveHarness } from '../ui/serve.ts'
import { expect, test } from './fixtures.ts'
import type { Installation } from './installation.ts'
import { expectNothingForAxe, picture } from './looks.ts'
import { decodeQr, matrixOf } from './read-qr.ts'
import { action, createGroup, createTerms, editor, openPaper, PASSPHRASE, setUp, TERMS, unlock } from './story.ts'

const heading = (page: Page) => page.getByRole('heading', { level: 1 })

const paper = (page: Page) => page.getByRole('region', { name: 'Teatray recovery sheet' })

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

  const WORDS = 'ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic'

  test('the way in with a sheet, by keyboard: a slip is put right with one press', async ({ page }) => {
    const complaints = await open(page, 'locked-with-sheet')
    await page.getByRole('button', { name: 'I cannot get in' }).press('Enter')
    await expect(heading(page)).toHaveText('I cannot get in')
    await expect(heading(page)).toBeFocused()
    await expectNothingForAxe(page)
    await picture(page, 'recovery-ways')
    await page.getByRole('button', { name: 'Use a recovery sheet' }).press('Enter')
    await expect(page.getByLabel('The twelve words')).toBeFocused()
    await page.keyboard.type(WORDS.replace('picnic', 'picnix '))
    await page.getByRole('button', { name: 'Use “picnic”' }).press('Enter')
    await expect(page.getByText('These are the words of a sheet.')).toBeVisible()
    await expectNothingForAxe(page)
    await page.getByRole('button', { name: 'Continue' }).press('Enter')
    await expect(heading(page)).toHaveText('Choose a new passphrase')
    await page.getByRole('button', { name: 'Set it and open Teatray' }).press('Enter')
    await expect(page.getByRole('alert')).toContainText('Choose a passphrase')
    await page.getByLabel('New passphrase', { exact: true }).fill('short')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toContainText('Make the passphrase longer')
    await page.getByRole('button', { name: 'Suggest one for me' }).press('Enter')
    await page.getByRole('button', { name: 'Set it and open Teatray' }).press('Enter')
    await expect(page.getByRole('alert')).toContainText('Tick the box')
    await expectNothingForAxe(page)
    await picture(page, 'recovery-new-passphrase')
    await page.getByRole('checkbox', { name: /written it down/ }).press('Space')
    await page.getByRole('button', { name: 'Set it and open Teatray' }).press('Enter')
    await expect(page.getByRole('button', { name: 'Lock now' })).toBeVisible()
    expect(complaints).toEqual([])
  })

  test('where no sheet was made, the screen says so and offers none', async ({ page }) => {
    await open(page, 'locked')
    await page.getByRole('button', { name: 'I cannot get in' }).click()
    await expect(page.getByText('No recovery sheet was made for this computer')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Use a recovery sheet' })).toBeHidden()
    await expectNothingForAxe(page)
    await page.getByRole('button', { name: 'Back to the passphrase' }).click()
    await expect(page.getByLabel('Passphrase', { exact: true })).toBeFocused()
  })

  test('a rehearsal is suggested once, and "Not now" or a try ends it', async ({ page }) => {
    const question = page.getByText('Is your recovery sheet still where you put it?')
    await open(page, 'today-rehearsal')
    await page.getByRole('button', { name: 'Not now' }).click()
    await expect(question).toBeHidden()
    await page.getByRole('link', { name: 'Papers', exact: true }).click()
    await page.getByRole('link', { name: 'Today', exact: true }).click()
    await expect(heading(page)).toHaveText('Today')
    await expect(question).toBeHidden()

    await page.goto('about:blank')
    await open(page, 'today-rehearsal')
    await page.getByRole('link', { name: 'Try your sheet' }).click()
    await page.getByLabel('The twelve words').fill(WORDS)
    await page.getByRole('button', { name: 'Try the words' }).click()
    await expect(heading(page)).toHaveText('Your sheet works')
    await expectNothingForAxe(page)
    await page.getByRole('link', { name: 'Today', exact: true }).click()
    await expect(heading(page)).toHaveText('Today')
    await expect(question).toBeHidden()
  })

  test('cancelling a sheet asks first, and Escape keeps it', async ({ page }) => {
    await open(page, 'recovery')
    const cancel = page.getByRole('button', { name: /^Cancel this sheet: / })
    await cancel.first().click()
    const dialog = page.getByRole('dialog', { name: 'Cancel this sheet?' })
    await expect(dialog.getByRole('button', { name: 'Keep the sheet' })).toBeFocused()
    await expect(dialog.getByText('Backups made before now can still be opened with it.')).toBeVisible()
    await expectNothingForAxe(page)
    await picture(page, 'recovery-cancel')
    await page.keyboard.press('Escape')
    await expect(cancel).toHaveCount(2)
    await cancel.first().click()
    await dialog.getByRole('button', { name: 'Cancel the sheet' }).click()
    await expect(cancel).toHaveCount(1)
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
      const pdf = await page.pdf({ format })
      expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
      // The sheet has margins of its own, so that a browser has no room for its address and title.
      const margins = { top: '20mm', bottom: '20mm', left: '20mm', right: '20mm' }
      expect((await page.pdf({ format, margin: margins })).byteLength).toBe(pdf.byteLength)
    }
    // A4.
    await page.setViewportSize({ width: 794, height: 1123 })
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
  // By its name: a paper that is still on the screen has many headings.
  await expect(page.getByRole('heading', { name: 'Teatray is locked' })).toBeVisible()
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

test('a broken computer: a backup and the sheet bring everything back, and then a new passphrase is set', async ({
  people,
}) => {
  test.setTimeout(300_000)
  const alice = await people.start('alice')
  const { page } = alice
  await setUp(alice)
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await editor(page).locator('p').first().click()
  await page.keyboard.press('Home')
  await page.keyboard.type('Written before. ', { delay: 10 })
  const words = await makeSheet(alice)
  const folder = mkdtempSync(join(tmpdir(), 'teatray-kept-'))
  try {
    await page.getByRole('link', { name: 'Sync and safety', exact: true }).click()
    await page.getByRole('link', { name: 'Set up backups' }).click()
    await page.getByLabel('Folder').fill(folder)
    await page.getByRole('button', { name: 'Keep backups here' }).click()
    await page.getByRole('button', { name: 'Back up now' }).click()
    await expect(page.getByText(/^The last backup was made today/)).toBeVisible({ timeout: 60_000 })
    await alice.kill()

    const laptop = await people.start('laptop')
    await laptop.page.getByRole('button', { name: 'I have a backup' }).click()
    const [kept] = filesOf(folder)
    await laptop.page.locator('input[type=file]').setInputFiles(kept ?? '')
    await laptop.page.getByLabel('With a recovery sheet').check({ timeout: 30_000 })
    await laptop.page.getByLabel('The twelve words').fill(words.join(' '))
    await laptop.page.getByRole('button', { name: 'Bring everything back' }).click()
    await expect(heading(laptop.page)).toHaveText('Everything is back', { timeout: 60_000 })
    await openPaper(laptop, TERMS)
    await expect(editor(laptop.page)).toContainText('Written before.')

    // Whoever came in by the sheet may not know the passphrase at all.
    await lock(laptop)
    await typeSheet(laptop, words.join(' '))
    await laptop.page.getByRole('button', { name: 'Continue' }).click()
    await laptop.page.getByLabel('New passphrase', { exact: true }).fill(NEW_PASSPHRASE, { timeout: 30_000 })
    await laptop.page.getByRole('checkbox', { name: /written it down/ }).check()
    await laptop.page.getByRole('button', { name: 'Set it and open Teatray' }).click()
    await openPaper(laptop, TERMS)
    await expect(editor(laptop.page)).toContainText('Written before.')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => resolve(entry.parentPath, entry.name))
