/**
 * Scenario 1: two organisers edit one paragraph apart, comment on the same words and use the same proposal, and meet again with nothing lost,
 * and nothing twice. Over the LAN, then over WebRTC.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { whyNoNamespaces } from '../netns/namespaces.ts'
import { expect, test, type People } from './fixtures.ts'
import type { Installation } from './installation.ts'
import {
  createGroup,
  createTerms,
  editor,
  everythingShared,
  footer,
  goTo,
  join,
  meetOverInternet,
  openPaper,
  setUp,
  TERMS,
  typeInParagraph,
} from './story.ts'

const PARAGRAPH = 'We share what has helped us'

async function editApart(alice: Installation, bob: Installation): Promise<void> {
  await Promise.all([openPaper(alice, TERMS), openPaper(bob, TERMS)])
  await typeInParagraph(alice, PARAGRAPH, 'start', 'Alice says tea comes first. ')
  await typeInParagraph(bob, PARAGRAPH, 'end', ' Bob says rest comes first.')
  await talkApart(alice, 'Alice says yes')
  await talkApart(bob, 'Bob says why')
  // What was on the screen for three seconds counts as looked at (papers/model/visit.ts).
  await alice.page.waitForTimeout(3500)
  for (const { page } of [alice, bob]) {
    await expect(footer(page)).toContainText('All saved here')
    await goTo(page, 'Today')
  }
}

const PROPOSED = 'Those who run the group'
const BETTER = 'Those who lead the group live with this too.'
const TALKED_ABOUT = 'You do not have to explain yourself'

async function proposeOtherWords({ page }: Installation): Promise<void> {
  await editor(page).getByText(PROPOSED).click()
  await page.getByRole('button', { name: 'More for the text' }).click()
  await page.getByRole('menuitem', { name: 'Propose other words' }).click()
  await page.getByRole('textbox', { name: 'How it could be said' }).fill(BETTER)
  await page.getByRole('button', { name: 'Propose it' }).click()
}

/** Comments on what the other comments on, and uses the words that the other uses. */
async function talkApart({ page }: Installation, comment: string): Promise<void> {
  await editor(page).getByText(TALKED_ABOUT).click()
  await page.keyboard.press('Control+Alt+m')
  await page.getByRole('textbox', { name: 'What you want to say' }).fill(comment)
  await page.getByRole('button', { name: 'Add the comment' }).click()
  await page.getByRole('button', { name: /^Use these words/ }).click()
  await expect(editor(page)).toContainText(BETTER)
}

async function talkedOnce({ page }: Installation): Promise<void> {
  await expect.poll(async () => (await editor(page).innerText()).split(BETTER).length - 1).toBe(1)
  const talk = page.getByRole('region', { name: 'Comments' })
  await expect(talk).toContainText('Alice says yes')
  await expect(talk).toContainText('Bob says why')
  await page.getByText('Settled (1)').click()
  await expect(talk).toContainText('put these words into the paper')
}

async function sameAndWhole(alice: Installation, bob: Installation): Promise<void> {
  await Promise.all([openPaper(alice, TERMS), openPaper(bob, TERMS)])
  for (const one of [alice, bob]) await talkedOnce(one)
  const [mine, theirs] = await Promise.all([editor(alice.page).innerText(), editor(bob.page).innerText()])
  expect(theirs).toBe(mine)
  expect(mine).toContain('Alice says tea comes first. ')
  expect(mine).toContain(' Bob says rest comes first.')
}

/** No conflict copy: one paper in the list, on both computers. */
async function onePaper({ page }: Installation): Promise<void> {
  await goTo(page, 'Papers')
  await expect(page.getByRole('main').getByRole('link', { name: TERMS })).toHaveCount(1)
}

async function seesWhoWroteWhat({ page }: Installation, by: string, words: string): Promise<void> {
  await expect(page.getByText(/^Since you last looked/).first()).toBeVisible()
  await page.getByRole('button', { name: 'Show what changed' }).click()
  await expect(page.getByText(new RegExp(`Added “.*${words}.*”`)).first()).toBeVisible()
  await expect(page.getByRole('main').getByText(new RegExp(by)).first()).toBeVisible()
}

async function apartThenTogether(people: People, alice: Installation, bob: Installation): Promise<void> {
  await openPaper(alice, TERMS)
  await proposeOtherWords(alice)
  await everythingShared(alice, 'Bob')
  for (const name of ['alice', 'bob'] as const) people.setCable(name, false)
  await expect(alice.page.getByRole('contentinfo')).toContainText('Not connected', { timeout: 40_000 })
  await editApart(alice, bob)
  for (const name of ['alice', 'bob'] as const) people.setCable(name, true)
  await everythingShared(alice, 'Bob')
  await everythingShared(bob, 'Alice')
  await sameAndWhole(alice, bob)
  await seesWhoWroteWhat(alice, 'Bob', 'Bob says rest comes first')
  await seesWhoWroteWhat(bob, 'Alice', 'Alice says tea comes first')
  await onePaper(alice)
  await onePaper(bob)
}

test.skip(whyNoNamespaces() !== '', whyNoNamespaces())

test('over the LAN, with no internet', async ({ people, alice, bob }) => {
  await Promise.all([setUp(alice), setUp(bob)])
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await join(alice, bob)
  await apartThenTogether(people, alice, bob)
})

test("over WebRTC, meeting at the app's own meeting place", async ({ people, alice, bob }) => {
  await Promise.all([setUp(alice), setUp(bob)])
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  const address = `ws://${people.address('alice')}:4455`
  await meetOverInternet(alice, address, { isMeetingPlace: true })
  await meetOverInternet(bob, address)
  await join(alice, bob)
  await apartThenTogether(people, alice, bob)
})

const SECTIONS = 60
const LONG = 'A year of our group'
const DECIDED = 'In section 30 we decide over tea'
const PICTURES = resolve(import.meta.dirname, '../fixtures/pictures')

/** Some forty pages: headings, paragraphs, a list and a table in each section, and one picture. */
function longPage(): string {
  const sentence = 'Whoever is tired today does less today, and nobody asks why. '
  const sections = Array.from({ length: SECTIONS }, (_, index) => {
    const rows = Array.from(
      { length: 4 },
      (_, row) => `<tr><td>Job ${index}.${row}</td><td>Who ${index}.${row}</td><td>When ${index}.${row}</td></tr>`,
    )
    return `<h2>Section ${index}</h2><p>In section ${index} we decide over tea.</p><p>${sentence.repeat(11)}</p>
<ul><li>One of ${index}</li><li>Two of ${index}</li></ul><table><tr><th>Job</th><th>Who</th><th>When</th></tr>${rows.join('')}</table>`
  })
  const cup = readFileSync(resolve(PICTURES, 'cup.png')).toString('base64')
  return `<h1>${LONG}</h1><p><img alt="A cup" src="data:image/png;base64,${cup}"></p>${sections.join('\n')}`
}

async function bringInLongPaper({ page }: Installation): Promise<void> {
  await goTo(page, 'Papers')
  await page.getByRole('link', { name: /^Write (a new|the first) paper/ }).click()
  await page.getByRole('link', { name: 'Bring in a file' }).click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a file' }).click()
  await (await chooser).setFiles({ name: 'year.html', mimeType: 'text/html', buffer: Buffer.from(longPage()) })
  await page.getByRole('button', { name: 'Make the paper' }).click({ timeout: 30_000 })
  await expect(editor(page).getByRole('table')).toHaveCount(SECTIONS)
}

async function typeInCell({ page }: Installation, cell: string, text: string): Promise<void> {
  await editor(page).getByRole('cell', { name: cell, exact: true }).locator('p').click()
  await page.keyboard.press('End')
  await page.keyboard.type(text, { delay: 15 })
}

test('a long paper with tables and pictures, edited apart in one paragraph and one row', async ({
  people,
  alice,
  bob,
}) => {
  await Promise.all([setUp(alice), setUp(bob)])
  await createGroup(alice, 'Riverside pain group')
  await bringInLongPaper(alice)
  await join(alice, bob)
  await everythingShared(alice, 'Bob')
  for (const name of ['alice', 'bob'] as const) people.setCable(name, false)
  await expect(footer(alice.page)).toContainText('Not connected', { timeout: 40_000 })
  await Promise.all([openPaper(alice, LONG), openPaper(bob, LONG)])
  await typeInParagraph(alice, DECIDED, 'start', 'Alice first. ')
  await typeInCell(alice, 'Job 30.2', ' by Alice')
  await typeInCell(bob, 'Who 30.2', ' with Bob')
  await typeInParagraph(bob, DECIDED, 'end', ' Bob last.')
  const pictures = bob.page.waitForEvent('filechooser')
  await bob.page.getByRole('button', { name: 'Picture', exact: true }).click()
  await (await pictures).setFiles(resolve(PICTURES, 'lake.jpg'))
  await bob.page.getByLabel('What does this picture show?').fill('The lake')
  await bob.page.getByRole('button', { name: 'Put it in' }).click()
  await expect(editor(bob.page).getByRole('img', { name: 'The lake' })).toBeVisible()
  for (const { page } of [alice, bob]) await expect(footer(page)).toContainText('All saved here')
  for (const name of ['alice', 'bob'] as const) people.setCable(name, true)
  await everythingShared(alice, 'Bob')
  await everythingShared(bob, 'Alice')
  await expect.poll(() => editor(alice.page).innerText()).toBe(await editor(bob.page).innerText())
  for (const { page } of [alice, bob]) {
    const words = await editor(page).innerText()
    for (const written of ['Alice first. In section 30', ' Bob last.', 'Job 30.2 by Alice', 'Who 30.2 with Bob'])
      expect(words.split(written).length - 1, written).toBe(1)
    await expect(editor(page).getByRole('table')).toHaveCount(SECTIONS)
    for (const name of ['A cup', 'The lake']) {
      const shown = editor(page).getByRole('img', { name })
      await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
    }
  }
})
