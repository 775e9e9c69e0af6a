/**
 * What is done with papers, on two whole installations: a Word file comes in, a picture is added, a version is kept and brought back, a paper
 * stands at the top, words are found; all of it reaches the other, and is there after locking.
 */
import { resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { createGroup, editor, everythingShared, goTo, join, openPaper, setUp, unlock } from './story.ts'

const TITLE = 'Plan for the summer outing'
const WORDS = 'A walk by the river for all. '

const choose = async (page: Page, entry: string): Promise<void> => {
  await page.getByRole('button', { name: `More for ${TITLE}` }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

const lakeIn = (page: Page) => editor(page).getByRole('img', { name: 'The lake' })

test('a paper from a file, a picture in it, its versions, and finding it, on two computers', async ({ alice, bob }) => {
  const complaints: string[] = []
  for (const { page } of [alice, bob]) page.on('pageerror', (error) => complaints.push(String(error)))
  await Promise.all([setUp(alice), setUp(bob)])
  await createGroup(alice, 'Riverside pain group')
  await join(alice, bob)

  const { page } = alice
  await goTo(page, 'Papers')
  await page.getByRole('link', { name: /^Write (a new|the first) paper/ }).click()
  await page.getByRole('link', { name: 'Bring in a file' }).click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a file' }).click()
  await (await chooser).setFiles(resolve(import.meta.dirname, '../fixtures/import/as-word-writes-it.docx'))
  await expect(page.getByText('1 picture was left out.')).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(editor(page).getByRole('table')).toBeVisible()

  await editor(page).locator('p').last().click()
  const pictures = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Picture', exact: true }).click()
  await (await pictures).setFiles(resolve(import.meta.dirname, '../fixtures/pictures/lake.jpg'))
  await page.getByLabel('What does this picture show?').fill('The lake')
  await page.getByRole('button', { name: 'Put it in' }).click()
  await expect(lakeIn(page)).toBeVisible()

  await choose(page, 'Keep this version')
  await page.getByRole('textbox', { name: 'Name of the version' }).fill('First draft')
  await page.getByRole('button', { name: 'Keep it' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await openPaper(bob, TITLE)
  await expect(editor(bob.page).getByRole('table')).toBeVisible({ timeout: 30_000 })
  // The picture's own bytes have come, and are drawn.
  await expect(lakeIn(bob.page)).toBeVisible({ timeout: 30_000 })
  await expect.poll(() => lakeIn(bob.page).evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(60)
  await editor(bob.page).locator('p').first().click()
  await bob.page.keyboard.press('Home')
  await bob.page.keyboard.type(WORDS, { delay: 10 })
  await expect(editor(page)).toContainText(WORDS.trim(), { timeout: 30_000 })

  // Alice brings back what she kept; what was there meanwhile is a version too, on both.
  await choose(page, 'Earlier versions')
  await page.getByRole('link', { name: /First draft/ }).click()
  await page.getByRole('button', { name: 'Bring this version back' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Bring/ })
    .click()
  await openPaper(alice, TITLE)
  await expect(editor(page)).not.toContainText(WORDS.trim())
  await expect(editor(bob.page)).not.toContainText(WORDS.trim(), { timeout: 30_000 })
  await everythingShared(alice, 'Bob')
  await choose(bob.page, 'Earlier versions')
  await expect(bob.page.getByRole('link', { name: /First draft/ })).toBeVisible()
  await expect(bob.page.getByRole('main').getByRole('listitem')).toHaveCount(2)

  // Each says for themselves, on their own computer, that they agree on it.
  await choose(page, 'Earlier versions')
  await page.getByRole('link', { name: /First draft/ }).click()
  await page.getByRole('button', { name: 'Write down that we agreed on this' }).click()
  await page.getByLabel('Day on which it was agreed').fill('2026-11-03')
  await page.getByRole('checkbox', { name: 'I was there, and I agree' }).check()
  await page.getByRole('button', { name: 'Write it down' }).click()
  await bob.page.getByRole('link', { name: /First draft/ }).click()
  await bob.page.getByRole('button', { name: 'I was there, and I agree' }).click({ timeout: 30_000 })
  await expect(page.getByText('Agreed on 3 November 2026 by you and Bob.')).toBeVisible({ timeout: 30_000 })
  await expect(bob.page.getByText('Agreed on 3 November 2026 by Alice and you.')).toBeVisible()

  await openPaper(alice, TITLE)
  await choose(page, 'Put under “Start here”')
  await goTo(bob.page, 'Papers')
  await expect(bob.page.getByRole('heading', { name: 'Start here' })).toBeVisible({ timeout: 30_000 })

  // Found by its words, after the index went with the lock.
  await page.getByRole('button', { name: 'Lock' }).click()
  await unlock(alice)
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('Control+k')
  await page.getByLabel('Words to look for').fill('coats')
  await page
    .getByRole('dialog', { name: 'Find' })
    .getByRole('link', { name: new RegExp(TITLE) })
    .click()
  await expect(editor(page).getByRole('table')).toBeVisible()
  await expect(lakeIn(page)).toBeVisible()
  expect(complaints).toEqual([])
})
