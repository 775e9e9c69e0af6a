/** Scenario 1: two organisers edit one paragraph apart, and meet again with nothing lost. Over the LAN, then over WebRTC. */
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
  // What was on the screen for three seconds counts as looked at (papers/model/visit.ts).
  await alice.page.waitForTimeout(3500)
  for (const { page } of [alice, bob]) {
    await expect(footer(page)).toContainText('All saved here')
    await goTo(page, 'Today')
  }
}

async function sameAndWhole(alice: Installation, bob: Installation): Promise<void> {
  await Promise.all([openPaper(alice, TERMS), openPaper(bob, TERMS)])
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
