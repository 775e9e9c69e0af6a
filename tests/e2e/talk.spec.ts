/** What is said about a paper, on documents of one page, with a second organiser who writes elsewhere. */
import { resolve } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { serveHarness } from '../ui/serve.ts'
import type { PapersHarness } from '../ui-editor/papers.tsx'
import { expectNothingForAxe, picture } from './looks.ts'

declare global {
  interface Window {
    papers: PapersHarness
  }
}

let served: Awaited<ReturnType<typeof serveHarness>>
test.beforeAll(async () => {
  served = await serveHarness(resolve(import.meta.dirname, '../ui-editor'), ['index.html', 'papers.html'])
})
test.afterAll(() => served.close())

const TITLE = 'Terms of reference'

/** The page as at 100 %, 200 % and 400 % of a window of 1280, and in the dark. */
async function lookAt(page: Page, name: string): Promise<void> {
  await expectNothingForAxe(page)
  for (const [zoom, width] of [
    [100, 1280],
    [200, 640],
    [400, 320],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    const [needed, there] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ])
    expect(needed).toBeLessThanOrEqual(there ?? 0)
    await picture(page, `${name}-${zoom}`)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectNothingForAxe(page)
  await picture(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
}

/** Makes the terms of reference; returns its id and what the page complains of. */
async function makeTerms(page: Page) {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`${served.url}papers.html#/papers`)
  await page.getByRole('link', { name: 'Write the first paper' }).click()
  await page.getByRole('button', { name: 'Make the paper' }).click()
  const text = page.getByRole('textbox', { name: TITLE })
  await expect(text).toBeVisible()
  const id = new URL(page.url()).hash.split('/').at(-1) ?? ''
  await page.evaluate((paper) => window.papers.meet(paper), id)
  return { id, text, complaints }
}

const talk = (page: Page) => page.getByRole('region', { name: 'Comments' })

test('words are commented on by keyboard, answered, settled, and lead back to the text; nothing half-typed is lost', async ({
  page,
}) => {
  const { id, text, complaints } = await makeTerms(page)
  await expect(talk(page)).toContainText('Nobody has commented yet.')

  // Half-typed, closed, and opened again on other words.
  await page.getByText('We listen.').click({ position: { x: 60, y: 10 } })
  await page.keyboard.press('Control+Alt+m')
  const dialog = page.getByRole('dialog', { name: 'Comment' })
  await expect(dialog).toContainText('About “We are a group')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add the comment' }).click()
  await expect(dialog).toContainText('Write what you want to say.')
  await page.getByRole('textbox', { name: 'What you want to say' }).fill('Do we say this')
  await lookAt(page, 'talk-form')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(text).toBeFocused()
  await page.keyboard.press('Home')
  for (let letter = 0; letter < 'We are a group'.length; letter++)
    await page.keyboard.press('Shift+ArrowRight', { delay: 20 })
  await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toBe('We are a group')
  await page.keyboard.press('Alt+F10')
  await page.getByRole('button', { name: 'Comment', exact: true }).press('Enter')
  await expect(dialog).toContainText('About “We are a group')
  const field = page.getByRole('textbox', { name: 'What you want to say' })
  await expect(field).toHaveValue('Do we say this')
  await field.press('End')
  await page.keyboard.type(' loudly enough?')
  await page.getByRole('button', { name: 'Add the comment' }).press('Enter')
  await expect(page.getByRole('heading', { level: 3, name: 'You, About “We are a group”' })).toBeVisible()
  await expect(text.getByRole('mark')).toHaveText('We are a group')

  // Bob comments elsewhere, edits inside the words of the first, and both meet.
  await page.evaluate((paper) => {
    window.papers.bobComments(paper, 'with time to think it over', 'Two weeks?')
    window.papers.meet(paper)
    window.papers.bobAdds(paper, 'We', ' always')
    window.papers.meet(paper)
  }, id)
  await expect(page.getByRole('heading', { level: 3, name: 'You, about “We always are a group”' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'What changed' })).toContainText('Bob wrote 1 comment.')
  expect(await page.evaluate((paper) => window.papers.text(paper), id)).not.toContain('Two weeks?')
  const bobs = page.getByRole('listitem').filter({ hasText: 'Bob, about “with time to think it over”' })
  await bobs.getByRole('button', { name: /^Reply/ }).press('Enter')
  await page.getByRole('textbox', { name: 'Your reply' }).fill('Two is good.')
  await page.getByRole('button', { name: 'Add the reply' }).press('Enter')
  await expect(bobs).toContainText('Two is good.')
  await lookAt(page, 'talk-comments')

  // From the text to the comment, and back.
  await bobs.getByRole('button', { name: /^Show in the text/ }).press('Enter')
  await expect(text).toBeFocused()
  await page.keyboard.press('Alt+F10')
  const goTo = page.getByRole('button', { name: 'Go to the comment' })
  await expect(goTo).not.toHaveAttribute('aria-disabled')
  await goTo.press('Enter')
  await expect(bobs.getByRole('heading')).toBeFocused()

  // Changed, taken back, settled, opened again.
  const mine = page.getByRole('listitem').filter({ hasText: 'You, about “We always are a group”' })
  await mine.getByRole('button', { name: /^Change/ }).click()
  await page.getByRole('textbox', { name: 'What you want to say' }).fill('Do we say this clearly?')
  await page.getByRole('button', { name: 'Save the change' }).click()
  await expect(mine).toContainText('changed since')
  await bobs.getByRole('button', { name: /^Settle/ }).press('Enter')
  await expect(page.getByRole('heading', { level: 2, name: 'Comments' })).toBeFocused()
  await page.getByText('Settled (1)').click()
  await expect(bobs).toContainText('Settled by you, today at')
  await lookAt(page, 'talk-settled')
  await bobs.getByRole('button', { name: /^Open again/ }).press('Enter')
  await expect(page.getByText('Settled (1)')).toHaveCount(0)
  await mine.getByRole('button', { name: /^Take back/ }).click()
  await page.getByRole('button', { name: 'Take it back' }).click()
  await expect(page.getByText('Do we say this clearly?')).toHaveCount(0)

  // The words go; the comment stays, and says so.
  await page.evaluate((paper) => {
    window.papers.meet(paper)
    window.papers.bobRemoves(paper, 'with time to think it over')
    window.papers.meet(paper)
  }, id)
  await expect(bobs).toContainText('The words this was about have been taken out.')
  await expect(text.getByRole('mark')).toHaveCount(0)

  // Who has left reads only.
  await page.evaluate(() => window.papers.setStanding('group', { state: 'left' }))
  await expect(page.getByRole('document', { name: TITLE })).toBeVisible()
  await expect(bobs).toContainText('Two is good.')
  await expect(talk(page).getByRole('button')).toHaveCount(0)
  expect(complaints).toEqual([])
})
