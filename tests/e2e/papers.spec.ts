/** Papers and My notes on documents of one page, with a second organiser who edits elsewhere and meets when told to. */
import { expect, type Page, test } from '@playwright/test'
import { expectNothingForAxe, expectNothingForAxeInBoth, picture } from './looks.ts'
import { servePapers } from './papers-page.ts'

const served = servePapers()

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })

async function open(page: Page, path: string): Promise<readonly string[]> {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !message.text().includes('404'))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`${served.url}papers.html#${path}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  return complaints
}

/** Makes the terms of reference; returns its id. */
async function makeTerms(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Write the first paper' }).click()
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(heading(page, 'Terms of reference')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Terms of reference' })).toBeVisible()
  return new URL(page.url()).hash.split('/').at(-1) ?? ''
}

/** Long enough for the visit to count as a look. */
const look = (page: Page) => page.waitForTimeout(3400)
const leave = (page: Page) => page.getByRole('link', { name: 'All papers' }).click()
const comeBack = (page: Page) => page.getByRole('link', { name: 'Terms of reference' }).click()

test('a paper is made from the template, found again, renamed, binned and put back', async ({ page }) => {
  const complaints = await open(page, '/papers')
  await expect(page.getByText('You and Bob can read and change this.')).toBeVisible()
  await expectNothingForAxe(page)
  await picture(page, 'papers-list-empty')
  await makeTerms(page)
  await expect(page.getByText(/Bob can read and change this/)).toBeVisible()
  await expectNothingForAxe(page)
  await picture(page, 'papers-paper')
  await page.getByRole('button', { name: 'More for Terms of reference' }).click()
  await page.getByRole('menuitem', { name: 'Change the name' }).click()
  await page.getByRole('textbox', { name: 'Name of the paper' }).fill('  ')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Give the paper a name.')).toBeVisible()
  await expectNothingForAxeInBoth(page)
  await page.getByRole('textbox', { name: 'Name of the paper' }).fill('How we run things')
  await page.keyboard.press('Enter')
  await expect(heading(page, 'How we run things')).toBeVisible()
  await page.getByRole('button', { name: 'More for How we run things' }).click()
  await page.getByRole('menuitem', { name: 'Move to the bin' }).click()
  await expect(page.getByText('“How we run things” is in the bin.')).toBeVisible()
  await page.getByRole('button', { name: 'Put it back' }).click()
  await page.getByRole('button', { name: 'More for How we run things' }).click()
  await page.getByRole('menuitem', { name: 'Move to the bin' }).click()
  await page.getByRole('link', { name: '1 paper in the bin' }).click()
  await expect(page.getByText('It can be put back for 30 more days.')).toBeVisible()
  await expectNothingForAxe(page)
  await picture(page, 'papers-bin')
  await page.getByRole('button', { name: 'Put “How we run things” back' }).click()
  await expect(page.getByText('The bin is empty.')).toBeVisible()
  await leave(page)
  await expect(page.getByRole('link', { name: 'How we run things' })).toBeVisible()
  await page.getByRole('button', { name: 'More for How we run things' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Put under “Start here”' }).press('Enter')
  await expect(heading(page, 'Papers')).toBeFocused()
  await expect(page.getByText('“How we run things” is under “Start here”.')).toBeVisible()
  await expect(page.getByRole('heading', { level: 2, name: 'Start here' })).toBeVisible()
  await expectNothingForAxeInBoth(page)
  await picture(page, 'papers-start-here')
  await page.getByRole('button', { name: 'Undo this' }).press('Enter')
  await expect(page.getByRole('heading', { level: 2, name: 'Start here' })).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'How we run things' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('since you last looked: who added and removed what, in words and in the text', async ({ page }) => {
  const complaints = await open(page, '/papers')
  const id = await makeTerms(page)
  await page.evaluate((paper) => window.papers.meet(paper), id)
  await look(page)
  await leave(page)
  await expect(page.getByText('New since you last looked')).toHaveCount(0)
  await page.evaluate((paper) => {
    window.papers.bobAdds(paper, 'with time to think it over', ', two weeks at least')
    window.papers.bobRemoves(paper, ' letter,')
    window.papers.meet(paper)
  }, id)
  await expect(page.getByText('New since you last looked')).toBeVisible()
  await picture(page, 'papers-list-new')
  await comeBack(page)
  const summary = page.getByRole('region', { name: 'What changed' })
  await expect(summary).toContainText(/Since you last looked, today at .*: Bob added 1 passage and removed 1 passage\./)
  await expect(heading(page, 'Terms of reference')).toBeFocused()
  await page.getByRole('button', { name: 'Show what changed' }).click()
  await expect(summary).toContainText('Added “, two weeks at least” under “How we decide”.')
  await expect(summary).toContainText('Removed “letter,” in “A view given by phone')
  await page.getByRole('button', { name: 'Mark it in the text' }).click()
  const text = page.getByRole('textbox', { name: 'Terms of reference' })
  await expect(text.getByText('Bob added')).toBeVisible()
  await expect(text.getByText('Bob removed: letter,')).toBeVisible()
  expect(await page.evaluate((paper) => window.papers.text(paper), id)).not.toContain('Bob added')
  await expectNothingForAxe(page)
  await picture(page, 'papers-changes-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectNothingForAxe(page)
  await picture(page, 'papers-changes-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.getByRole('button', { name: 'I have seen this' }).click()
  await expect(page.getByText('Bob added')).toHaveCount(0)
  await leave(page)
  await comeBack(page)
  await expect(text).toBeVisible()
  // Nothing is hidden for good: earlier marks can be chosen.
  await page.getByRole('button', { name: 'Show what changed' }).click()
  await page.getByLabel('Look further back: since').selectOption({ index: 1 })
  await expect(summary).toContainText('Bob added 1 passage')
  expect(complaints).toEqual([])
})

test('words typed into a paragraph that the other removed are shown and can be put back', async ({ page }) => {
  await open(page, '/papers')
  const id = await makeTerms(page)
  await page.evaluate((paper) => window.papers.meet(paper), id)
  await look(page)
  await page.getByText('We listen.').click()
  await page.keyboard.press('End')
  await page.keyboard.type(' PRECIOUS WORDS')
  await page.evaluate((paper) => {
    window.papers.bobRemovesParagraph(paper, 'We listen.')
    window.papers.meet(paper)
  }, id)
  expect(await page.evaluate((paper) => window.papers.text(paper), id)).not.toContain('PRECIOUS')
  const summary = page.getByRole('region', { name: 'What changed' })
  await expect(summary).toBeVisible()
  await page.getByRole('button', { name: 'Show what changed' }).click()
  await expect(summary).toContainText('PRECIOUS WORDS')
  await page.getByRole('button', { name: 'Put these words back' }).click()
  expect(await page.evaluate((paper) => window.papers.text(paper), id)).toContain('PRECIOUS WORDS')
})

test('a paper reopens at the place where it was left', async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 700 })
  await open(page, '/papers')
  const id = await makeTerms(page)
  await page.getByText('Those who run the group are living').click()
  await page.evaluate(() => window.scrollBy(0, 200))
  const before = await page.evaluate(() => window.scrollY)
  expect(before).toBeGreaterThan(500)
  await page.waitForTimeout(2300)
  await page.evaluate(() => void (location.hash = '/people'))
  await expect(page.getByRole('textbox')).toHaveCount(0)
  await page.evaluate((paper) => void (location.hash = `/papers/${paper}`), id)
  await expect(page.getByRole('textbox')).toBeVisible()
  await expect.poll(async () => Math.abs((await page.evaluate(() => window.scrollY)) - before)).toBeLessThan(80)
  await page.getByRole('textbox').focus()
  await page.waitForTimeout(100)
  await page.keyboard.type('HERE')
  expect(await page.evaluate((paper) => window.papers.text(paper), id)).toMatch(
    /Those who run the group.*HERE|HERE.*Those who run/,
  )
})

test('notes say that they stay on this computer; they are written, named by their first line, binned and destroyed', async ({
  page,
}) => {
  const complaints = await open(page, '/notes')
  await expect(page.getByText('Only on this computer')).toBeVisible()
  await expectNothingForAxe(page)
  await page.getByRole('button', { name: 'Write the first note' }).click()
  await expect(page.getByText('Only on this computer')).toBeVisible()
  await page.getByRole('textbox', { name: 'Your note' }).focus()
  await page.keyboard.type('After the meeting')
  await page.keyboard.press('Enter')
  await page.keyboard.type('It was hard to hear.')
  await expect(heading(page, 'After the meeting')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Your note' })).toBeFocused()
  await expectNothingForAxeInBoth(page)
  await picture(page, 'papers-note')
  await page.getByRole('link', { name: 'All my notes' }).click()
  await page.getByRole('button', { name: 'More for After the meeting' }).click()
  await page.getByRole('menuitem', { name: 'Move to the bin' }).click()
  await page.getByRole('link', { name: '1 note in the bin' }).click()
  await page.getByRole('button', { name: 'Destroy “After the meeting” now' }).click()
  await expectNothingForAxeInBoth(page)
  await picture(page, 'papers-note-destroy')
  await page.getByRole('button', { name: 'Keep it in the bin' }).click()
  await page.getByRole('button', { name: 'Destroy “After the meeting” now' }).click()
  await page.getByRole('button', { name: 'Destroy it' }).click()
  await expect(page.getByText('The bin is empty.')).toBeVisible()
  expect(complaints).toEqual([])
})

test('fits 320 pixels, the list and the paper', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await open(page, '/papers')
  const fits = async (): Promise<void> => {
    const widths = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ])
    expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0)
  }
  await fits()
  await makeTerms(page)
  await fits()
  await picture(page, 'papers-paper-320')
})
