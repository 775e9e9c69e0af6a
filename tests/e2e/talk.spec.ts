/** What is said about a paper, on documents of one page, with a second organiser who writes elsewhere. */
import { expect, type Page, test } from '@playwright/test'
import { pictureFile } from '../fixtures/pictures/read.ts'
import { expectNothingForAxeInBoth, lookAt, picture } from './looks.ts'
import { makeTerms, servePapers } from './papers-page.ts'

const served = servePapers()

const TITLE = 'Terms of reference'

/** The terms of reference, and the other organiser has them too. */
async function sharedTerms(page: Page) {
  const made = await makeTerms(page, served.url)
  await page.evaluate((paper) => window.papers.meet(paper), made.id)
  return made
}

const talk = (page: Page) => page.getByRole('region', { name: 'Comments' })

test('words are commented on by keyboard, answered, settled, and lead back to the text; nothing half-typed is lost', async ({
  page,
}) => {
  const { id, text, complaints } = await sharedTerms(page)
  await expect(talk(page)).toContainText('Nobody has commented yet.')

  // Half-typed, closed, and opened again on other words.
  await page.getByText('We listen.').click({ position: { x: 60, y: 10 } })
  // Nobody presses the next key within the same frame; the editor hears of a moved caret a moment after the click.
  await page.waitForTimeout(60)
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
  await expect(text.locator('.t-passage')).toHaveText('We are a group')

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
  await expectNothingForAxeInBoth(page)
  await picture(page, 'talk-reply')
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
  await expectNothingForAxeInBoth(page)
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
  await expectNothingForAxeInBoth(page)
  await picture(page, 'talk-take-back')
  await page.getByRole('button', { name: 'Take it back' }).click()
  await expect(page.getByText('Do we say this clearly?')).toHaveCount(0)

  // The words go; the comment stays, and says so.
  await page.evaluate((paper) => {
    window.papers.meet(paper)
    window.papers.bobRemoves(paper, 'with time to think it over')
    window.papers.meet(paper)
  }, id)
  await expect(bobs).toContainText('The words this was about have been taken out.')
  await expect(text.locator('.t-passage')).toHaveCount(0)

  // Who has left reads only.
  await page.evaluate(() => window.papers.setStanding('group', { state: 'left' }))
  await expect(page.getByRole('document', { name: TITLE })).toBeVisible()
  await expect(bobs).toContainText('Two is good.')
  await expect(talk(page).getByRole('button')).toHaveCount(0)
  expect(complaints).toEqual([])
})

test('other words are proposed for a paragraph, used, amended and declined; who has read it says so', async ({
  page,
}) => {
  const { id, text, complaints } = await sharedTerms(page)
  const words = 'What matters to everybody is put to everybody'
  await page.evaluate(
    ([paper, old]) => {
      window.papers.bobProposes(
        paper ?? '',
        old ?? '',
        'What matters to us all is put to everybody, with two weeks to think it over.',
        'Two weeks is what we agreed.',
      )
      window.papers.bobProposes(paper ?? '', 'Those who run the group', 'Those who lead are living with this too.', '')
      window.papers.meet(paper ?? '')
    },
    [id, words],
  )
  const bobs = page.getByRole('listitem').filter({ hasText: `Bob proposes other words for “${words}` })
  await expect(bobs).toContainText('Why: Two weeks is what we agreed.')
  await expect(bobs.locator('del').first()).toContainText('Takes out: everybody')
  await expect(bobs.locator('ins').first()).toContainText('Puts in: us all')
  await lookAt(page, 'talk-proposal')

  // The cable is out: both use the words. Then they meet.
  await page.evaluate((paper) => window.papers.bobAccepts(paper), id)
  await bobs.getByRole('button', { name: /^Use these words/ }).press('Enter')
  await expect(page.getByRole('heading', { level: 2, name: 'Comments' })).toBeFocused()
  await expect(text).toContainText('What matters to us all is put to everybody, with two weeks to think it over.')
  await page.evaluate((paper) => window.papers.meet(paper), id)
  await expect(text).toContainText('What matters to us all is put to everybody, with two weeks to think it over.')
  await page.evaluate((paper) => window.papers.meet(paper), id)
  expect((await page.evaluate((paper) => window.papers.text(paper), id)).match(/us all/g)).toHaveLength(1)
  await page.getByText('Settled (1)').click()
  await expect(bobs).toContainText('You put these words into the paper, today at')

  // Mine, half-typed and closed, then proposed in place of Bob's second; then declined, with why.
  const second = page.getByRole('listitem').filter({ hasText: 'Bob proposes other words for “Those who run' })
  await second.getByRole('button', { name: /^Change the words/ }).press('Enter')
  const field = page.getByRole('textbox', { name: 'How it could be said' })
  await expect(field).toHaveValue('Those who lead are living with this too.')
  await field.fill('Those who lead live with this too.')
  await lookAt(page, 'talk-propose')
  await page.keyboard.press('Escape')
  await second.getByRole('button', { name: /^Change the words/ }).press('Enter')
  await expect(field).toHaveValue('Those who lead live with this too.')
  await page.getByRole('button', { name: 'Propose it' }).press('Enter')
  await expect(
    page.getByRole('heading', { level: 3, name: /^You propose other words for “Those who run/ }),
  ).toBeVisible()
  await expect(second).toContainText('You proposed other words in place of these')
  await page.evaluate((paper) => {
    window.papers.bobProposes(paper, 'We listen.', 'We only listen.', '')
    window.papers.meet(paper)
  }, id)
  const third = page.getByRole('listitem').filter({ hasText: 'Bob proposes other words for “We are a group' })
  await third.getByRole('button', { name: /^Leave it as it is/ }).press('Enter')
  await page.getByRole('textbox', { name: 'Why, if you like' }).fill('It says more.')
  await expectNothingForAxeInBoth(page)
  await picture(page, 'talk-decline')
  await page.getByRole('button', { name: 'Leave it as it is' }).press('Enter')
  await expect(third).toContainText('You wanted to leave it as it was, today at')
  await expect(third).toContainText('It says more.')

  // From the text.
  await page.getByText('You do not have to explain yourself').click()
  await page.getByRole('button', { name: 'More for the text' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Propose other words' }).press('Enter')
  await expect(field).toHaveValue(/^You do not have to explain yourself/)
  await page.keyboard.press('Escape')

  // Who has read it.
  const readers = page.getByRole('region', { name: 'Who has read this' })
  await readers.getByRole('button', { name: 'I’ve read this' }).press('Enter')
  await expect(readers).toContainText(/You have read this, as it was today at .*\. It still says the same\./)
  await page.evaluate((paper) => {
    window.papers.meet(paper)
    window.papers.bobAdds(paper, 'Day-to-day things', ' and nights')
    window.papers.meet(paper)
  }, id)
  await expect(readers).toContainText('It has been changed since.')
  await lookAt(page, 'talk-read')
  await readers.getByRole('button', { name: /^Take this back/ }).press('Enter')
  await expect(readers).not.toContainText('You have read this')
  expect(complaints).toEqual([])
})

test('where the system chooses the colours, lines and words still tell apart what is marked in a text', async ({
  page,
}) => {
  const { id, text, complaints } = await sharedTerms(page)
  await page.evaluate((paper) => {
    window.papers.bobComments(paper, 'We are a group', 'Are we?')
    window.papers.bobAdds(paper, 'We share what has helped us', ' and what has not')
    window.papers.meet(paper)
  }, id)
  await page.getByRole('button', { name: 'Mark it in the text' }).click()
  await page.getByRole('button', { name: 'More for the text' }).click()
  await page.getByRole('menuitem', { name: 'Add a summary first' }).click()
  await expect(text).toBeFocused()
  await page.keyboard.type('All have a voice.')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Picture', exact: true }).click()
  await (await chooser).setFiles({ name: 'cup.png', mimeType: '', buffer: Buffer.from(pictureFile('cup.png')) })
  await page.getByLabel('What does this picture show?').fill('A cup')
  await page.getByRole('button', { name: 'Put it in' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await text.getByRole('img', { name: 'A cup' }).click()
  await page.emulateMedia({ forcedColors: 'active' })
  const looks: string[] = []
  for (const marked of ['.t-passage', '.t-change', 'figure.ProseMirror-selectednode', 'aside[data-summary]'])
    looks.push(
      await text
        .locator(marked)
        .first()
        .evaluate((element) => {
          const { borderBottomStyle, borderBottomWidth, outlineStyle, textDecorationLine, textDecorationStyle } =
            getComputedStyle(element)
          const border = borderBottomWidth === '0px' ? 'none' : borderBottomStyle
          return `border ${border}, outline ${outlineStyle}, text ${textDecorationLine} ${textDecorationStyle}`
        }),
    )
  expect(looks).toEqual([
    'border dotted, outline none, text none solid',
    'border none, outline none, text underline solid',
    'border none, outline solid, text none solid',
    'border solid, outline none, text none solid',
  ])
  await expect(text.getByText('Bob added')).toBeVisible()
  const prompt = text.locator('p[data-prompt]').filter({ hasNotText: /./ }).first()
  expect(await prompt.evaluate((element) => getComputedStyle(element, '::before').fontStyle)).toBe('italic')
  await picture(page, 'talk-forced')
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' })
  await picture(page, 'talk-forced-dark')
  expect(complaints).toEqual([])
})
