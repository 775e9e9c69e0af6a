/** Papers of a group and of circles inside it, on documents of one page: who can read each, and giving one to others. */
import { expect, type Page, test } from '@playwright/test'
import { expectNothingForAxe, picture } from './looks.ts'
import { servePapers } from './papers-page.ts'

const served = servePapers()

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
const main = (page: Page) => page.getByRole('main')

async function open(page: Page, path = '/papers'): Promise<readonly string[]> {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !message.text().includes('404'))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`${served.url}papers.html?circles#${path}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  return complaints
}

/** Nothing for axe in light and dark, nothing beside the screen at 200 % and 400 % zoom of 1280 pixels; with pictures. */
async function expectFit(page: Page, name: string): Promise<void> {
  await expectNothingForAxe(page)
  await picture(page, `${name}-light`)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await expectNothingForAxe(page)
  await picture(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
  const size = page.viewportSize()
  for (const [width, height] of [
    [640, 400],
    [320, 256],
  ] as const) {
    await page.setViewportSize({ width, height })
    const widths = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ])
    expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0)
    await picture(page, `${name}-${width}`)
  }
  if (size !== null) await page.setViewportSize(size)
}

/** Makes a paper of this kind for whom the form suggests; returns its id. */
async function make(page: Page, kind: string, audience?: string): Promise<string> {
  await page.getByRole('link', { name: /^Write (a new|the first) paper/ }).click()
  await page.getByLabel('Start from').selectOption(kind)
  if (audience !== undefined) await page.getByLabel('Who is it for?').selectOption(audience)
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(page.getByRole('textbox')).toBeVisible()
  return new URL(page.url()).hash.split('/').at(-1) ?? ''
}

/** A paper's own menu; the text's is 'More for the text'. */
const MORE = /^More for (?!the text)/
const list = (page: Page) => page.getByRole('link', { name: 'All papers' }).click()
const text = (page: Page, id: string) => page.evaluate((paper) => window.papers.text(paper), id)
const choose = async (page: Page, entry: string): Promise<void> => {
  await page.getByRole('button', { name: MORE }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

test('a new paper asks who it is for, with names, suggests by its kind, and remembers', async ({ page }) => {
  const complaints = await open(page)
  await page.getByRole('link', { name: 'Write the first paper' }).click()
  const audience = page.getByLabel('Who is it for?')
  const chosen = audience.locator('option:checked')
  await expect(chosen).toHaveText('Everybody in the group')
  await expect(main(page)).toContainText('You, Bob, Cara and Dilys will be able to read and change it.')
  await page.getByLabel('Start from').selectOption('Planning group minutes')
  await expect(chosen).toHaveText('Planning group')
  await expect(main(page)).toContainText('You, Bob and Cara will be able to read and change it.')
  await expect(main(page)).toContainText('Planning group can read this: 3 people')
  await expectFit(page, 'new')
  await page.getByLabel('Start from').selectOption('An empty page')
  await audience.selectOption('Welcome team')
  await page.getByLabel('Name of the paper').fill('Who rings whom')
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(page.getByText('You and Dilys can read and change this.')).toBeVisible()
  await list(page)
  await page.getByRole('link', { name: 'Write a new paper' }).click()
  await page.getByLabel('Start from').selectOption('An empty page')
  await expect(chosen).toHaveText('Welcome team')
  expect(complaints).toEqual([])
})

test('one list for all, each with its readers; only one circle’s by choice', async ({ page }) => {
  const complaints = await open(page)
  await make(page, 'Terms of reference')
  await list(page)
  await make(page, 'Planning group minutes')
  await list(page)
  const row = (name: RegExp) => page.getByRole('listitem').filter({ has: page.getByRole('link', { name }) })
  await expect(row(/^Terms/)).toContainText('Everybody in the group')
  await expect(row(/^Planning group minutes/)).toContainText('Planning group: you, Bob and Cara')
  await expectFit(page, 'list')
  await page.getByLabel('Which papers to show').selectOption('Planning group')
  await expect(row(/^Terms/)).toHaveCount(0)
  await expect(main(page)).toContainText('Planning group can read this: 3 people')
  await page.getByRole('link', { name: /^Planning group minutes/ }).click()
  await list(page)
  await expect(row(/^Terms/)).toHaveCount(0)
  await page.getByLabel('Which papers to show').selectOption('Welcome team')
  await expect(main(page)).toContainText('There are no papers for Welcome team yet.')
  await expectFit(page, 'list-none')
  await page.getByLabel('Which papers to show').selectOption('All papers')
  await row(/^Planning group minutes/)
    .getByRole('button', { name: MORE })
    .click()
  await page.getByRole('menuitem', { name: 'Move to the bin' }).click()
  await page.getByRole('link', { name: '1 paper in the bin' }).click()
  await expect(main(page)).toContainText('Planning group: you, Bob and Cara')
  await expectFit(page, 'bin')
  expect(complaints).toEqual([])
})

test('minutes and a plan are written from their templates', async ({ page }) => {
  const complaints = await open(page)
  const minutes = await make(page, 'Planning group minutes')
  await expectFit(page, 'minutes')
  expect(await text(page, minutes)).toContain('What we decided, and why')
  await list(page)
  const plan = await make(page, 'A plan')
  await expectFit(page, 'plan')
  expect(await text(page, plan)).toContain('Keep it small')
  expect(complaints).toEqual([])
})

test('who can read this, by name, and who may still have it', async ({ page }) => {
  const complaints = await open(page)
  await make(page, 'Planning group minutes')
  await page.evaluate(() =>
    window.papers.setDepartures('planning', [
      { person: { id: 'e5' as never, name: 'Emrys', isMe: false }, setAside: 0 },
    ]),
  )
  await page.getByRole('button', { name: 'Who can read this' }).click()
  const dialog = page.getByRole('dialog', { name: /^Who can read/ })
  await expect(dialog.getByRole('listitem')).toHaveText(['Asha (you)', 'Bob', 'Cara'])
  await expect(dialog).toContainText('That goes for the group’s organisers too')
  await expect(dialog).toContainText('Emrys used to be in Planning group.')
  await expectFit(page, 'readers')
  await dialog.getByRole('link', { name: 'Go to People' }).click()
  await expect(heading(page, 'People')).toBeVisible()
  expect(complaints).toEqual([])
})

test('a paper is given to everybody by keyboard: who, their names, done; the old one stays readable and comes back', async ({
  page,
}) => {
  const complaints = await open(page)
  const id = await make(page, 'Planning group minutes')
  const title = await page.locator('.t-page-title h1').innerText()
  await page.getByRole('button', { name: MORE }).focus()
  await page.keyboard.press('Enter')
  for (let step = 0; step < 9; step++) {
    if ((await page.locator('[role=menuitem]:focus').innerText()).startsWith('Give it')) break
    await page.keyboard.press('ArrowDown')
  }
  await page.keyboard.press('Enter')
  await expect(heading(page, /^Give “Planning group minutes/)).toBeFocused()
  await expect(main(page)).toContainText('You, Bob, Cara and Dilys will be able to read and change it.')
  await expectFit(page, 'move-choose')
  await page.keyboard.press('Tab')
  await expect(page.getByLabel('Who is to read it?')).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(heading(page, /^Give “Planning group minutes/)).toBeFocused()
  await expect(main(page).getByRole('listitem')).toContainText([
    'Asha (you)',
    'Bob',
    'Cara',
    'Dilys: cannot read it now',
  ])
  await expect(main(page)).toContainText('who wrote what, stay here')
  await expectFit(page, 'move-look')
  for (let step = 0; step < 3; step++) await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Give it to 4 people' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(main(page)).toContainText('Done. This paper is now for everybody in the group.')
  const copy = new URL(page.url()).hash.split('/').at(-1) ?? ''
  expect(copy).not.toBe(id)
  expect(await text(page, copy)).toBe(await text(page, id))
  await expectFit(page, 'move-done')
  await page.getByRole('link', { name: 'Moved papers' }).click()
  await expect(main(page)).toContainText('You gave this paper to everybody in the group today')
  await expectFit(page, 'moved-list')
  // The old address, as somebody's last place has it.
  await page.evaluate((paper) => void (location.hash = `/papers/${paper}`), id)
  await expect(main(page)).toContainText('This paper goes on somewhere else')
  await expect(main(page)).toContainText('You, Bob and Cara can read this.')
  await expect(page.getByRole('textbox')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Bold' })).toHaveCount(0)
  await expect(page.getByRole('toolbar').getByRole('button')).toHaveText(['Find', /^Headings/, 'Read aloud'])
  await expect(main(page).getByRole('document', { name: title })).toContainText('Who was there')
  await expectFit(page, 'moved-paper')
  await page.getByRole('link', { name: 'Go to the paper for everybody in the group' }).click()
  await expect(page.getByRole('textbox')).toBeVisible()
  await list(page)
  await expect(main(page).getByRole('link', { name: title })).toHaveCount(1)
  await page.getByRole('link', { name: '1 moved paper' }).click()
  await page.getByRole('button', { name: `Bring “${title}” back` }).click()
  await expect(main(page)).toContainText('No paper has been moved.')
  await list(page)
  await expect(main(page).getByRole('link', { name: title })).toHaveCount(2)
  expect(complaints).toEqual([])
})

test('words written in the old paper after the move are told of', async ({ page }) => {
  await open(page)
  const id = await make(page, 'Planning group minutes')
  await page.evaluate((paper) => window.papers.meet(paper), id)
  await choose(page, 'Give it to somebody else to read')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Give it to 4 people' }).click()
  await expect(main(page)).toContainText('Done.')
  await page.evaluate((paper) => {
    window.papers.bobAdds(paper, 'Jobs go on to the next meeting', ' or the one after')
    window.papers.meet(paper)
  }, id)
  await page.evaluate((paper) => void (location.hash = `/papers/${paper}`), id)
  await expect(main(page)).toContainText('This one was changed after that, by Bob. Those words may be only here.')
  await expect(main(page).getByRole('document')).toContainText('or the one after')
  // What arrives is shown there too.
  await page.evaluate((paper) => {
    window.papers.bobAdds(paper, 'or the one after', ' that')
    window.papers.meet(paper)
  }, id)
  await expect(main(page).getByRole('document')).toContainText('or the one after that')
})

for (const withCopy of [true, false])
  test(`a move that was cut short is finished, ${withCopy ? 'with the copy there is' : 'from the start'}`, async ({
    page,
  }) => {
    await open(page)
    const id = await make(page, 'Planning group minutes')
    await page.evaluate(([paper, has]) => window.papers.interruptMove(paper, { withCopy: has }), [
      id,
      withCopy,
    ] as const)
    await expect(main(page)).toContainText('You began to give this paper to everybody in the group.')
    await expectFit(page, 'unfinished')
    await page.getByRole('button', { name: 'Finish it now' }).click()
    await expect(main(page)).toContainText('Riverside Pain Group can read this: 4 people')
    expect(await page.evaluate(() => window.papers.count('group'))).toBe(1)
    await list(page)
    await expect(page.getByRole('link', { name: '1 moved paper' })).toBeVisible()
  })

test('what one may not write any more is there to read, with the reason', async ({ page }) => {
  const complaints = await open(page)
  const id = await make(page, 'Planning group minutes')
  await page.getByRole('textbox').getByText('Jobs go on').click()
  await page.evaluate(() =>
    window.papers.setSave('planning', { state: 'stopped', reason: 'not-a-member', unsaved: true }),
  )
  await expect(main(page)).toContainText('Not saved: this computer is no longer in Planning group.')
  await page.evaluate(() => window.papers.setStanding('planning', { state: 'removed', by: 'Bob', computerOnly: false }))
  await expect(main(page)).toContainText('Bob took you out of Planning group.')
  await expect(main(page).getByRole('document')).toContainText('Who was there')
  await expect(page.getByRole('textbox')).toHaveCount(0)
  const before = await text(page, id)
  await main(page).getByRole('document').getByText('Jobs go on').click()
  await page.keyboard.type('typed where nothing can be typed')
  expect(await text(page, id)).toBe(before)
  await expectFit(page, 'read-only')
  await list(page)
  await expect(main(page)).toContainText('Only to read: Bob took you out of Planning group.')
  await expect(page.getByRole('button', { name: MORE })).toHaveCount(0)
  await page.getByRole('link', { name: 'Write a new paper' }).click()
  await expect(page.getByLabel('Who is it for?').getByRole('option')).toHaveText([
    'Everybody in the group',
    'Welcome team',
  ])
  await page.evaluate(() => window.papers.setStanding('group', { state: 'removed', by: 'Bob', computerOnly: true }))
  await expect(main(page)).toContainText('You cannot write new papers here just now.')
  await expect(main(page)).toContainText('Bob took this computer out of Riverside Pain Group.')
  await expectFit(page, 'new-nowhere')
  await list(page)
  await expectFit(page, 'list-read-only')
  await expect(page.getByRole('link', { name: /^Write/ })).toHaveCount(0)
  expect(complaints).toEqual([])
})

test('two papers with one address: the person chooses, knowing who reads which; what is open stays open', async ({
  page,
}) => {
  await open(page)
  const id = await make(page, 'Planning group minutes')
  await page.evaluate((paper) => window.papers.squat(paper), id)
  await expect(main(page)).toContainText('Planning group can read this: 3 people')
  await list(page)
  await page.evaluate((paper) => void (location.hash = `/papers/${paper}`), id)
  await expect(heading(page, 'Which of these papers?')).toBeVisible()
  await expectFit(page, 'which')
  await page.getByRole('button', { name: /Planning group: you, Bob and Cara/ }).click()
  await expect(page.getByRole('textbox')).toContainText('Who was there')
})

test('labels: put on, added, shown only, named anew on all papers, given along; then a template of the group’s own', async ({
  page,
}) => {
  const complaints = await open(page)
  await make(page, 'Terms of reference')
  await list(page)
  const minutes = await make(page, 'Planning group minutes')
  await choose(page, 'Labels')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Add a label' }).fill('  Mony ')
  await dialog.getByRole('button', { name: 'Add it' }).click()
  await expect(dialog.getByRole('checkbox', { name: 'Mony' })).toBeChecked()
  // Typed, and not added: meant all the same.
  await dialog.getByRole('textbox', { name: 'Add a label' }).fill('First meetings')
  await expectFit(page, 'labels')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(main(page)).toContainText('Labels: First meetings, Mony.')
  await list(page)
  await expect(main(page)).toContainText('Labels: First meetings, Mony.')

  await page.getByLabel('Show only papers with this label').selectOption('Mony')
  await expect(main(page)).toContainText('1 other paper is not shown.')
  await expect(page.getByRole('link', { name: 'Terms of reference' })).toBeHidden()
  await expectFit(page, 'labels-shown')
  await page.getByRole('button', { name: 'Change this label’s name' }).click()
  await dialog.getByRole('textbox', { name: 'New name of the label' }).fill('first MEETINGS')
  await expect(dialog).toContainText('There is a label “First meetings” already.')
  await dialog.getByRole('textbox', { name: 'New name of the label' }).fill('Money')
  await expectFit(page, 'labels-rename')
  await page.keyboard.press('Enter')
  await expect(main(page)).toContainText('Labels: First meetings, Money.')
  // Kept on this computer, and found by Ctrl+K.
  await page.getByRole('link', { name: 'Today' }).click()
  await page.getByRole('link', { name: 'Papers', exact: true }).click()
  await expect(page.getByLabel('Show only papers with this label').locator('option:checked')).toHaveText('Money')
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Words to look for' }).fill('money')
  await expect(dialog.getByRole('link', { name: /Planning group minutes/ })).toContainText(
    'Labels: First meetings, Money',
  )
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show all papers' }).click()
  await expect(page.getByRole('link', { name: 'Terms of reference' })).toBeVisible()

  await page.getByRole('button', { name: 'More for Planning group minutes' }).click()
  await page.getByRole('menuitem', { name: 'Use as a template' }).click()
  await expect(main(page)).toContainText(/“Planning group minutes, .*” is a template now\./)
  await expect(page.getByRole('heading', { name: 'Templates of Planning group' })).toBeVisible()
  await expectFit(page, 'templates-list')
  await page.getByRole('link', { name: 'Write a new paper' }).click()
  const option = page.getByLabel('Start from').locator('optgroup[label="Templates of Planning group"] option')
  await page.getByLabel('Start from').selectOption((await option.textContent()) ?? '')
  await expect(page.getByLabel('Who is it for?').locator('option:checked')).toHaveText('Planning group')
  await page.getByLabel('Who is it for?').selectOption('Everybody in the group')
  await expect(main(page)).toContainText('Dilys will be able to read the words that come from it.')
  await expectFit(page, 'templates-new')
  await page.getByLabel('Name of the paper').fill('Tuesday')
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(heading(page, 'Tuesday')).toBeVisible()
  const made = new URL(page.url()).hash.split('/').at(-1) ?? ''
  expect(await text(page, made)).toBe(await text(page, minutes))
  await list(page)
  await page.getByRole('link', { name: /^Planning group minutes/ }).click()
  await choose(page, 'Give it to somebody else to read')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(main(page)).toContainText('Its labels go along, and those who will read the paper will see them')
  expect(complaints).toEqual([])
})
