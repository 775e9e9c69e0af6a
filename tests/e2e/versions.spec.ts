/** A paper's earlier versions, on documents of one page, with a second organiser who edits elsewhere. */
import { expect, type Page, test } from '@playwright/test'
import { expectNothingForAxeInBoth, lookAt } from './looks.ts'
import { makeTerms, servePapers } from './papers-page.ts'

const served = servePapers()

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })
const TITLE = 'Terms of reference'

const choose = async (page: Page, entry: string): Promise<void> => {
  await page.getByRole('button', { name: `More for ${TITLE}` }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

async function keep(page: Page, name: string): Promise<void> {
  await choose(page, 'Keep this version')
  await page.getByRole('textbox', { name: 'Name of the version' }).fill(name)
  await page.getByRole('button', { name: 'Keep it' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

test('a version is kept by hand, and by itself before a large part is taken out, and both can be read', async ({
  page,
}) => {
  const { text, complaints } = await makeTerms(page, served.url)
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

test('what changed since a version is told by whom and side by side; the version is brought back, and that is undone', async ({
  page,
}) => {
  const { id, complaints } = await makeTerms(page, served.url)
  await keep(page, 'As agreed')
  await page.evaluate((paper) => {
    window.papers.meet(paper)
    window.papers.bobAdds(paper, 'with time to think it over', ', two weeks at least')
    window.papers.meet(paper)
  }, id)
  await page.getByText('We ask before we pass on').click()
  await page.keyboard.press('End')
  await page.keyboard.type(' We laugh.')
  await choose(page, 'Earlier versions')
  await page.getByRole('link', { name: 'As agreed' }).click()
  await page.getByRole('button', { name: 'Show what changed' }).click()
  const region = page.getByRole('region', { name: 'What changed' })
  await expect(region).toContainText('You added 1 passage.')
  await expect(region).toContainText('Added “We laugh.” in “What is said here')
  await expect(region).toContainText('Bob added 1 passage.')
  await expect(region).toContainText('Added “, two weeks at least” under “How we decide”.')
  const now = page.getByRole('document', { name: 'The paper as it is now' })
  await expect(now.getByText('Bob added')).toBeVisible()
  await expect(now.getByText('You added')).toBeVisible()
  await expect(page.getByRole('document', { name: 'As agreed' })).not.toContainText('laugh')
  await lookAt(page, 'versions-compare')

  await page.getByRole('button', { name: 'Bring this version back' }).click()
  await lookAt(page, 'versions-restore')
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await expect(page.getByText('These are the paper’s words again.')).toBeVisible()
  await expect(heading(page, 'As agreed')).toBeFocused()
  await expect(region).toContainText('Nothing differs. Both are the same.')
  await lookAt(page, 'versions-restored')
  await page.evaluate((paper) => {
    window.papers.bobAdds(paper, 'Day-to-day things', ' and nights')
    window.papers.meet(paper)
  }, id)
  await page.getByRole('button', { name: 'Take this back' }).click()
  const text = await page.evaluate((paper) => window.papers.text(paper), id)
  expect(text).toContain('We laugh.')
  expect(text).toContain(', two weeks at least')
  expect(text).toContain('Day-to-day things and nights')

  await page.getByRole('link', { name: 'All earlier versions' }).click()
  const list = page.getByRole('listitem').filter({ hasText: 'Kept' })
  await expect(list.nth(0)).toContainText('Before an earlier version was brought back')
  await list.nth(0).getByRole('link').click()
  await page.getByRole('button', { name: 'Show what changed' }).click()
  await page.getByLabel('Compare it with').selectOption({ index: 1 })
  await expect(region).toContainText('From “As agreed” to “Before an earlier version was brought back”')
  await expect(region).toContainText('Added “We laugh.”')
  expect(complaints).toEqual([])
})

test('a version is agreed on by those who were there; later changes and the day to look again are said on the paper', async ({
  page,
}) => {
  const { id, text, complaints } = await makeTerms(page, served.url)
  await keep(page, 'Our terms')
  await choose(page, 'Earlier versions')
  await page.getByRole('link', { name: 'Our terms' }).click()
  await page.getByRole('button', { name: 'Write down that we agreed on this' }).click()
  await page.getByRole('button', { name: 'Write it down' }).click()
  await expect(page.getByText('Tick that you were there, or write down who was.')).toBeVisible()
  await page.getByLabel('Day on which it was agreed').fill('2026-11-03')
  await page.getByRole('checkbox', { name: 'I was there, and I agree' }).check()
  await page.getByRole('textbox', { name: 'Who else was there' }).fill('Elsie\nFred')
  await lookAt(page, 'versions-agree')
  await page.getByRole('button', { name: 'Write it down' }).click()
  await expect(page.getByText('Agreed on 3 November 2026 by you.')).toBeVisible()
  await expect(page.getByText('You wrote down that these people were there: Elsie and Fred.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'I was there, and I agree' })).toHaveCount(0)
  await lookAt(page, 'versions-agreed')

  await page.getByRole('link', { name: `Back to “${TITLE}”` }).click()
  const agreed = page.getByRole('region', { name: 'What was agreed' })
  await expect(agreed).toContainText('It has not been changed since.')
  await page.evaluate((paper) => {
    window.papers.meet(paper)
    window.papers.bobAdds(paper, 'with time to think it over', ', two weeks at least')
    window.papers.meet(paper)
  }, id)
  await expect(agreed).toContainText('Changed since it was agreed on 3 November 2026.')
  await choose(page, 'Choose a day to look at it again')
  await page.getByLabel('Day').fill('2027-11-01')
  await expectNothingForAxeInBoth(page)
  await page.keyboard.press('Enter')
  await expect(page.getByText('To be looked at again on 1 November 2027.')).toBeVisible()
  await expect(text).toBeVisible()
  await lookAt(page, 'versions-paper-agreed')
  await page.getByRole('link', { name: 'See what changed since then' }).click()
  await expect(page.getByRole('region', { name: 'What changed' })).toContainText('Added “, two weeks at least”')
  expect(complaints).toEqual([])
})
