/**
 * A paper from the first word to the file that it leaves in, by keys alone, on a window of 1280 pixels at 400 %: at each step the focus is
 * somewhere, can be seen, and nothing needs scrolling sideways.
 */
import { expect, type Locator, type Page, test } from '@playwright/test'
import { expectNothingForAxe, picture } from './looks.ts'
import { servePapers } from './papers-page.ts'

const served = servePapers()

/** What is wrong with where the focus is; empty where nothing is. */
const wrongWithFocus = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: focused, documentElement: root } = document
    if (root.scrollWidth > root.clientWidth) return `sideways: ${root.scrollWidth} of ${root.clientWidth}`
    if (!(focused instanceof HTMLElement) || focused === document.body) return 'focus is nowhere'
    // The text's ring is around its frame.
    const ringed = focused.closest('.t-editor-text')?.closest('.t-editor') ?? focused
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(ringed)
    const name = focused.outerHTML.slice(0, 120)
    // A heading is where one arrives, and nothing to press.
    const isRinged = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
    if (!isRinged && focused.tabIndex >= 0) return `cannot be seen: ${name}`
    const { top, bottom, left, right } = focused.getBoundingClientRect()
    const inSight = { x: (Math.max(left, 0) + Math.min(right, innerWidth)) / 2, top: Math.max(top, 0) }
    const y = (inSight.top + Math.min(bottom, innerHeight)) / 2
    if (bottom <= 0 || top >= innerHeight) return `out of sight: ${name}`
    const there = document.elementFromPoint(inSight.x, y)
    return there !== null && (focused.contains(there) || there.contains(focused)) ? '' : `covered: ${name}`
  })

const expectFocusSeen = (page: Page): Promise<void> => expect.poll(() => wrongWithFocus(page)).toBe('')

async function pressUntil(page: Page, key: string, wanted: Locator, most = 40): Promise<void> {
  const isThere = (): Promise<boolean> =>
    wanted.evaluateAll((found) => found.some((element) => element === document.activeElement))
  await expect(wanted.first()).toBeAttached()
  for (let presses = 0; presses < most && !(await isThere()); presses++) {
    await page.keyboard.press(key)
    await expectFocusSeen(page)
  }
  await expect(wanted).toBeFocused()
}

const NAME = 'Tea on Tuesday'

test('a paper, by keys alone at 400 %', async ({ page }) => {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.setViewportSize({ width: 320, height: 256 })
  await page.goto(`${served.url}papers.html#/papers`)
  const press = async (key: string): Promise<void> => {
    await page.keyboard.press(key)
    await expectFocusSeen(page)
  }
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const link = (name: string) => page.getByRole('link', { name, exact: true })
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name })
  const text = page.getByRole('textbox', { name: NAME })
  const dialog = page.getByRole('dialog')
  const more = button(`More for ${NAME}`)
  const choose = async (entry: string): Promise<void> => {
    await page.keyboard.press('Enter')
    await pressUntil(page, 'ArrowDown', page.getByRole('menuitem', { name: entry, exact: true }))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('menu')).toHaveCount(0)
  }

  // From a template.
  await expect(heading('Papers')).toBeFocused()
  await pressUntil(page, 'Tab', link('Write the first paper'))
  await page.keyboard.press('Enter')
  await expect(heading(/./)).toBeFocused()
  await pressUntil(page, 'Tab', page.getByLabel('Start from'))
  await page.keyboard.type('Agenda')
  await expect(page.getByLabel('Start from').locator('option:checked')).toHaveText('Agenda for a meeting')
  await pressUntil(page, 'Tab', page.getByLabel('Name of the paper'))
  await page.keyboard.press('Control+a')
  await page.keyboard.type(NAME)
  await page.keyboard.press('Enter')
  await expect(heading(NAME)).toBeFocused()

  // Words, a heading, a table; few buttons at this size, the others under More.
  await pressUntil(page, 'Tab', text)
  await press('Control+End')
  await press('Enter')
  await page.keyboard.type('Money')
  await press('Alt+F10')
  await choose('Heading')
  await expect(text).toBeFocused()
  await expect(page.getByRole('heading', { name: 'Money' })).toBeVisible()
  await press('Enter')
  await page.keyboard.type('We share the rent of the hall.')
  await press('Enter')
  await press('Alt+F10')
  await pressUntil(page, 'ArrowRight', button('More for the text'))
  await picture(page, 'keys-toolbar-400')
  await choose('Insert a table')
  await expect(text).toBeFocused()
  await page.keyboard.type('Who pays')
  await expect(
    text.getByRole('cell', { name: 'Who pays' }).or(text.getByRole('columnheader', { name: 'Who pays' })),
  ).toBeVisible()
  await expectFocusSeen(page)
  // Out of a table, forwards and back.
  await press('Tab')
  await expect(text).not.toBeFocused()
  await press('Shift+Tab')
  await expect(text).toBeFocused()

  // What somebody says about three words.
  const isBeforeWords = (): Promise<boolean> =>
    page.evaluate(() => {
      const { anchorNode, anchorOffset } = getSelection() ?? {}
      return anchorOffset === 0 && anchorNode?.textContent?.startsWith('We share') === true
    })
  // Lines are short at this size: as many as it takes.
  for (let lines = 0; lines < 6 && !(await isBeforeWords()); lines++) {
    await press('ArrowUp')
    await press('Home')
  }
  for (let letter = 0; letter < 'We share'.length; letter++)
    await page.keyboard.press('Shift+ArrowRight', { delay: 20 })
  await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toBe('We share')
  // The editor hears of it a moment after the browser; nobody presses the next key within that time.
  await page.waitForTimeout(60)
  await page.keyboard.press('Control+Alt+m')
  await expect(dialog).toContainText('About “We share”')
  await expectFocusSeen(page)
  await page.keyboard.type('Since when?')
  await picture(page, 'keys-comment-400')
  await pressUntil(page, 'Tab', button('Add the comment'))
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(text).toBeFocused()
  await expect(text.locator('.t-passage')).toHaveText('We share')
  await expectFocusSeen(page)

  // A version, a label, Start here: from one menu, which has the focus again each time.
  await pressUntil(page, 'Shift+Tab', more)
  await picture(page, 'keys-paper-400')
  await choose('Keep this version')
  await expect(dialog).toBeVisible()
  await expectFocusSeen(page)
  await page.keyboard.type('First words')
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(more).toBeFocused()
  await choose('Labels')
  await expect(dialog).toBeVisible()
  await pressUntil(page, 'Tab', page.getByRole('textbox', { name: 'Add a label' }))
  await page.keyboard.type('Halls')
  await picture(page, 'keys-labels-400')
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(page.getByText('Label: Halls.')).toBeVisible()
  await expect(more).toBeFocused()
  await choose('Put under “Start here”')
  await expect(more).toBeFocused()
  await expectFocusSeen(page)

  // Found from elsewhere, by words in it.
  await pressUntil(page, 'Shift+Tab', link('Today'))
  await page.keyboard.press('Enter')
  await expect(heading('Today')).toBeFocused()
  await page.keyboard.press('Control+k')
  await expect(page.getByLabel('Words to look for')).toBeFocused()
  await page.keyboard.type('rent hall')
  await expect(dialog.getByRole('link', { name: new RegExp(`^${NAME}`) })).toBeVisible()
  await expectFocusSeen(page)
  await page.keyboard.press('Enter')
  await expect(heading(NAME)).toBeVisible()
  await expect(text).toBeFocused()
  await expect(page.getByText('We share the rent')).toBeInViewport()
  await expectFocusSeen(page)

  // Out as Markdown, and back to the list.
  await pressUntil(page, 'Shift+Tab', more)
  await choose('Print it or save a copy')
  await expect(heading(/^Print/)).toBeFocused()
  await pressUntil(page, 'Tab', button('Markdown file'))
  const download = page.waitForEvent('download')
  await page.keyboard.press('Enter')
  expect((await download).suggestedFilename()).toBe(`${NAME}.md`)
  await expect(button('Markdown file')).toBeFocused()
  await expectFocusSeen(page)
  await pressUntil(page, 'Shift+Tab', page.getByRole('link', { name: 'Back to the paper' }))
  await page.keyboard.press('Enter')
  await expect(heading(NAME)).toBeFocused()
  await pressUntil(page, 'Tab', link('All papers'), 60)
  await page.keyboard.press('Enter')
  await expect(heading('Papers')).toBeFocused()
  await expect(page.getByRole('heading', { level: 2, name: 'Start here' })).toBeVisible()

  // Into the bin, and back.
  await pressUntil(page, 'Tab', more)
  await choose('Move to the bin')
  await expect(heading('Papers')).toBeFocused()
  await pressUntil(page, 'Tab', button('Put it back'))
  await page.keyboard.press('Enter')
  await expect(heading('Papers')).toBeFocused()
  await pressUntil(page, 'Tab', link(NAME))
  await expectNothingForAxe(page)
  await picture(page, 'keys-list-400')
  expect(complaints).toEqual([])
})

test('what others say, what can be opened in the text, and versions, by keys alone at 400 %', async ({ page }) => {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.setViewportSize({ width: 320, height: 256 })
  await page.goto(`${served.url}papers.html#/papers/new`)
  const TITLE = 'Terms of reference'
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const text = page.getByRole('textbox', { name: TITLE })
  const dialog = page.getByRole('dialog')
  const more = button(`More for ${TITLE}`)
  const headingOf = (name: string) => page.getByRole('heading', { name, exact: true }).first()
  const go = async (to: Locator, key = 'Tab'): Promise<void> => {
    await pressUntil(page, key, to, 80)
    await page.keyboard.press('Enter')
  }
  const choose = async (entry: string): Promise<void> => {
    await page.keyboard.press('Enter')
    await pressUntil(page, 'ArrowDown', page.getByRole('menuitem', { name: entry, exact: true }))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('menu')).toHaveCount(0)
  }
  const textMenu = async (entry: string): Promise<void> => {
    await page.keyboard.press('Alt+F10')
    await pressUntil(page, 'ArrowRight', button('More for the text'))
    await choose(entry)
  }
  await go(button('Make the paper'))
  await expect(headingOf(TITLE)).toBeFocused()
  const id = new URL(page.url()).hash.split('/').at(-1) ?? ''
  await page.evaluate((paper) => {
    window.papers.meet(paper)
    window.papers.bobComments(paper, 'with time to think it over', 'Two weeks?')
    window.papers.bobProposes(paper, 'Those who run the group', 'Those who lead are living with this too.', '')
    window.papers.bobAdds(paper, 'We listen', ' well')
    window.papers.meet(paper)
  }, id)

  // What changed.
  await go(button('Show what changed'))
  await expectFocusSeen(page)
  await go(button('Mark it in the text'))
  await go(button('I have seen this'))
  await expect(headingOf(TITLE)).toBeFocused()

  // What the text opens, and closes again.
  await pressUntil(page, 'Tab', text)
  await page.keyboard.press('Control+f')
  await page.keyboard.type('listen')
  await page.keyboard.press('Enter')
  await expectFocusSeen(page)
  await page.keyboard.press('Escape')
  await expect(text).toBeFocused()
  await textMenu('Read aloud')
  await expect(page.getByRole('region', { name: 'Reading aloud' })).toBeVisible()
  await expectFocusSeen(page)
  await page.keyboard.press('Escape')
  await expect(text).toBeFocused()
  await textMenu('Keys you can use')
  await expect(dialog).toBeVisible()
  await expectFocusSeen(page)
  await page.keyboard.press('Escape')
  await expect(text).toBeFocused()
  await textMenu('Link')
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(text).toBeFocused()
  await expectFocusSeen(page)

  // What others said.
  await go(button(/^Reply to Bob, about “with time/))
  await expect(page.getByLabel('Your reply')).toBeFocused()
  await page.keyboard.type('Two is good.')
  await go(button('Add the reply'))
  await expectFocusSeen(page)
  await go(button(/^Settle Bob/))
  await expect(headingOf('Comments')).toBeFocused()
  await expectFocusSeen(page)
  await go(button(/^Change the words/))
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(button(/^Change the words/)).toBeFocused()
  await go(button(/^Leave it as it is/))
  await expect(page.getByLabel('Why, if you like')).toBeFocused()
  await go(button('Leave it as it is'))
  await expect(page.getByText('Settled (2)')).toBeVisible()
  await expectFocusSeen(page)
  await go(button('Comment on the whole paper'))
  await page.keyboard.type('Well said.')
  await go(button('Add the comment'))
  await expect(dialog).toHaveCount(0)
  await expectFocusSeen(page)
  await go(button(/^Change what you wrote: Well said/), 'Shift+Tab')
  await page.keyboard.type('Indeed. ')
  await go(button('Save the change'))
  await expectFocusSeen(page)
  await go(button(/^Take back what you wrote: /))
  await go(button('Take it back'))
  await expect(dialog).toHaveCount(0)
  await expectFocusSeen(page)
  await go(button('I’ve read this'), 'Shift+Tab')
  await expect(page.getByText(/^You have read this/)).toBeVisible()
  await expectFocusSeen(page)
  await go(button('Take this back: that you have read it'))
  await expectFocusSeen(page)

  // Versions.
  await pressUntil(page, 'Shift+Tab', more, 80)
  await choose('Choose a day to look at it again')
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(more).toBeFocused()
  await choose('Change the name')
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(more).toBeFocused()
  await choose('Keep this version')
  await page.keyboard.type('As agreed')
  await page.keyboard.press('Enter')
  await expect(more).toBeFocused()
  await pressUntil(page, 'Tab', text)
  await page.keyboard.press('Control+End')
  await page.keyboard.type('We laugh.')
  await pressUntil(page, 'Shift+Tab', more, 80)
  await choose('Earlier versions')
  await go(page.getByRole('link', { name: 'As agreed' }))
  await expect(headingOf('As agreed')).toBeFocused()
  await go(button('Write down that we agreed on this'))
  await expect(dialog).toBeVisible()
  await pressUntil(page, 'Tab', page.getByRole('checkbox', { name: 'I was there, and I agree' }))
  await page.keyboard.press('Space')
  await go(button('Write it down'))
  await expect(dialog).toHaveCount(0)
  await expectFocusSeen(page)
  await go(button('Show what changed'))
  await expectFocusSeen(page)
  await go(button('Bring this version back'))
  await expect(dialog).toBeVisible()
  await go(button('Bring it back'))
  await expect(headingOf('As agreed')).toBeFocused()
  await go(button('Take this back'))
  await expect(button('Take this back')).toHaveCount(0)
  await expectFocusSeen(page)
  await go(page.getByRole('link', { name: `Back to “${TITLE}”` }))
  await expect(headingOf(TITLE)).toBeFocused()
  expect(complaints).toEqual([])
})
