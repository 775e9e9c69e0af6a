/**
 * Scenario 1: two organisers edit one paragraph apart, comment on the same words and use the same proposal, and meet again with nothing lost,
 * and nothing twice. Over the LAN, then over WebRTC.
 */
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
