/** What strangers do to it: everything here happened to somebody's words once, in some program. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import type { Installation } from './installation.ts'
import { createGroup, createTerms, editor, everythingShared, join, openPaper, setUp, TERMS } from './story.ts'

const PARAGRAPH = 'We share what has helped us'
const caret = (page: Page) => page.locator('.t-other-caret')

async function fromMenu(page: Page, entry: string): Promise<void> {
  await page.getByRole('button', { name: `More for ${TERMS}` }).click()
  await page.getByRole('menuitem', { name: entry, exact: true }).click()
}

const showOthers = ({ page }: Installation) => fromMenu(page, 'Show where others are writing')
const hideOthers = ({ page }: Installation) => fromMenu(page, 'Stop showing where others are writing')

async function clickParagraph({ page }: Installation, key: 'Home' | 'End'): Promise<void> {
  await editor(page).locator('p', { hasText: PARAGRAPH }).click()
  await page.keyboard.press(key)
}

test('two in one paragraph at the same time, and where the other one writes', async ({ alice, bob }) => {
  await Promise.all([setUp(alice), setUp(bob)])
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await join(alice, bob)
  await everythingShared(alice, 'Bob')
  await Promise.all([openPaper(alice, TERMS), openPaper(bob, TERMS)])

  // Off until both ask for it.
  await clickParagraph(alice, 'Home')
  await clickParagraph(bob, 'End')
  await showOthers(alice)
  await clickParagraph(alice, 'Home')
  await bob.page.waitForTimeout(1000)
  await expect(caret(bob.page)).toHaveCount(0)
  await expect(caret(alice.page)).toHaveCount(0)
  await showOthers(bob)
  await clickParagraph(bob, 'End')
  await expect(caret(alice.page)).toHaveCount(1, { timeout: 3000 })
  await expect(caret(alice.page)).toContainText('Bob')
  await expect(caret(bob.page)).toContainText('Alice', { timeout: 3000 })
  await bob.page.screenshot({ path: test.info().outputPath('cursor.png') })

  // Both type.
  const [one, other] = ['abcdefghijklmnopqrstuvwxyz '.repeat(2), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ. '.repeat(2)]
  await Promise.all([alice.page.keyboard.type(one, { delay: 80 }), bob.page.keyboard.type(other, { delay: 80 })])
  await everythingShared(alice, 'Bob')
  await everythingShared(bob, 'Alice')
  const text = ({ page }: Installation) =>
    editor(page)
      .locator('p', { hasText: PARAGRAPH })
      .evaluate((element) => {
        const copy = element.cloneNode(true) as HTMLElement
        for (const each of copy.querySelectorAll('.t-other-caret')) each.remove()
        return copy.textContent ?? ''
      })
  const words = await text(alice)
  expect(await text(bob)).toBe(words)
  expect(words).toContain(one)
  expect(words).toContain(other)

  // Undo takes back one's own words alone.
  await alice.page.keyboard.press('Control+z')
  await expect.poll(() => text(bob)).not.toContain(one)
  expect(await text(alice)).toContain(other)
  await alice.page.keyboard.press('Control+Shift+z')
  await expect.poll(() => text(bob)).toBe(words)

  // The other's caret does not move what one reads.
  const last = editor(alice.page).locator('p').last()
  await last.scrollIntoViewIfNeeded()
  await alice.page.waitForTimeout(700)
  const before = await last.boundingBox()
  await bob.page.keyboard.press('Control+Home')
  await bob.page.keyboard.press('ArrowRight')
  await alice.page.waitForTimeout(500)
  expect(await last.boundingBox()).toEqual(before)

  // Gone when hidden, there again when shown again, gone when the paper is left.
  await hideOthers(bob)
  await expect(caret(alice.page)).toHaveCount(0)
  await expect(caret(bob.page)).toHaveCount(0)
  await showOthers(bob)
  await clickParagraph(bob, 'Home')
  await expect(caret(alice.page)).toHaveCount(1, { timeout: 3000 })
  await expect(caret(bob.page)).toHaveCount(1, { timeout: 3000 })
  await bob.page.getByRole('link', { name: 'All papers' }).click()
  await expect(caret(alice.page)).toHaveCount(0)
})
