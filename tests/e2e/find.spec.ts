/** Finding words, people and places from anywhere, on documents of one page, by keyboard. */
import { expect, type Page, test } from '@playwright/test'
import { expectNothingForAxe, picture } from './looks.ts'
import { servePapers } from './papers-page.ts'

const served = servePapers()

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Find' })
const words = (page: Page) => page.getByLabel('Words to look for')
const result = (page: Page, name: string | RegExp) => dialog(page).getByRole('link', { name })

test('from anywhere by keyboard: papers of every circle, notes, people, places; at the words that were found', async ({
  page,
}) => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !message.text().includes('404'))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  const go = (name: string) => page.getByRole('navigation').getByRole('link', { name }).click()
  const write = async (name: string, audience: string, text: string): Promise<void> => {
    await page.getByRole('link', { name: /^Write (a new|the first) paper/ }).click()
    await page.getByLabel('Start from').selectOption('An empty page')
    await page.getByLabel('Who is it for?').selectOption(audience)
    await page.getByLabel('Name of the paper').fill(name)
    await page.getByRole('button', { name: 'Make the paper' }).click()
    await page.getByRole('textbox').click()
    await page.keyboard.insertText(text)
    await page.getByRole('link', { name: 'All papers' }).click()
  }
  await page.goto(`${served.url}papers.html?circles#/papers`)
  const lines = Array.from({ length: 60 }, (_, index) => `Line ${index} about tea.`)
  await write(
    'Minutes',
    'Everybody in the group',
    `${lines.join('\n')}\nDilys brings a <b>marmalade</b> cake.\n${lines.join('\n')}`,
  )
  await write('Who rings whom', 'Welcome team', 'Asha rings the person who asked about marmalade.')
  await go('My notes')
  await page
    .getByRole('button', { name: /^Write/ })
    .first()
    .click()
  await page.getByRole('textbox').click()
  await page.keyboard.insertText('Marmalade makes me think of my mother.')
  await go('Today')

  // By its keys, from the page; the words are ready to be typed.
  await expect(heading(page, 'Today')).toBeFocused()
  await page.keyboard.press('Control+k')
  await expect(words(page)).toBeFocused()
  await expect(result(page, 'Sync and safety')).toBeVisible()
  await page.keyboard.type('marmelade')
  await expect(dialog(page)).toContainText('3 found.')
  await expect(result(page, /^Minutes/)).toContainText('Dilys brings a <b>marmalade</b> cake.')
  await expect(result(page, /^Minutes/).locator('mark')).toHaveText('marmalade')
  await expect(result(page, /^Who rings whom/)).toContainText('Welcome team can read this: 2 people')
  await expect(result(page, /^Marmalade makes me/)).toContainText('Only on this computer')
  await expectNothingForAxe(page)
  await picture(page, 'find-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await expectNothingForAxe(page)
  await picture(page, 'find-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  for (const [width, height] of [
    [640, 400],
    [320, 256],
  ] as const) {
    await page.setViewportSize({ width, height })
    const fits = await dialog(page).evaluate(
      (element) => element.scrollWidth <= element.clientWidth && element.getBoundingClientRect().right <= innerWidth,
    )
    expect(fits).toBe(true)
    await picture(page, `find-${width}`)
  }
  await page.setViewportSize({ width: 1280, height: 720 })

  // Arrows go through the results and back; Escape leaves, and focus is where it was.
  await page.keyboard.press('ArrowDown')
  await expect(dialog(page).getByRole('link').first()).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(dialog(page).getByRole('link').nth(1)).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await expect(words(page)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toBeHidden()
  await expect(heading(page, 'Today')).toBeFocused()

  // By the button; somebody by name; Enter goes to the first.
  await page.getByRole('button', { name: /^Find/ }).press('Enter')
  await words(page).fill('dilys')
  await expect(result(page, /^Dilys/)).toContainText('A person in your group')
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Dilys')).toBeFocused()

  await page.keyboard.press('Control+k')
  await words(page).fill('zebra')
  await expect(dialog(page)).toContainText('Nothing found.')
  await expectNothingForAxe(page)
  await words(page).fill('cake marmalade')
  await result(page, /^Minutes/).click()
  await expect(heading(page, 'Minutes')).toBeVisible()
  await expect(page.getByText('Dilys brings a')).toBeInViewport()
  // From where the person is, in the same paper; typing goes on there.
  await page.getByText('Line 0 about tea.').first().click()
  await expect(page.getByText('Dilys brings a')).not.toBeInViewport()
  await page.keyboard.press('Control+k')
  await words(page).fill('cake marmalade')
  await result(page, /^Minutes/).press('Enter')
  await expect(page.getByText('Dilys brings a')).toBeInViewport()
  await expect(page.getByRole('textbox')).toBeFocused()
  await page.keyboard.insertText('good ')
  await expect(page.getByRole('textbox')).toContainText('a <b>good marmalade</b>')

  // In a text the keys are the app's as long as no words are chosen.
  await page.getByRole('textbox').click()
  await page.keyboard.press('Control+k')
  await expect(words(page)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('textbox')).toBeFocused()
  expect(complaints).toEqual([])
})
