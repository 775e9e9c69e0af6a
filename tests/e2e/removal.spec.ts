/**
 * Scenario 7: somebody is taken out. Their installation, unmodified and connected, opens nothing that is written later; the rest
 * go on without a hitch; what the screens say about it is true.
 */
import { expect, test } from './fixtures.ts'
import {
  createGroup,
  createPaper,
  createTerms,
  editor,
  goTo,
  join,
  makeCircle,
  openPaper,
  setUp,
  takeOut,
  TERMS,
  typeInParagraph,
} from './story.ts'
import { buildWithTap, entriesIn, epochOf, lettersOf, openEntry, readTap } from './tapped.ts'

const BEFORE = 'vkqxzjwphtnrbdgmfclsy'
const AFTER = 'zrtgwmbqxvkfhpdjnclys'
const CIRCLE = 'Planning group'

let built = ''
test.beforeAll(async () => {
  test.setTimeout(180_000)
  built = await buildWithTap()
})

test('who was taken out opens nothing written later, and the other three go on', async ({ people }) => {
  test.setTimeout(300_000)
  const [alice, bob, cara, dan] = await Promise.all(
    (['alice', 'bob', 'cara', 'dan'] as const).map((name) => people.start(name, { built })),
  )
  if (alice === undefined || bob === undefined || cara === undefined || dan === undefined)
    throw new Error('four people')
  await Promise.all([alice, bob, cara, dan].map((one) => setUp(one)))
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  for (const other of [bob, cara, dan]) await join(alice, other)
  await makeCircle(alice, CIRCLE, ['Bob', 'Cara', 'Dan'])
  await createPaper(alice, 'Planning group minutes', CIRCLE)
  await editor(alice.page).locator('p').first().click()
  await alice.page.keyboard.press('Home')
  await alice.page.keyboard.type(`${BEFORE} for all four. `, { delay: 10 })
  for (const other of [bob, cara, dan]) {
    await openPaper(other, /minutes/i)
    await expect(editor(other.page)).toContainText(BEFORE, { timeout: 40_000 })
  }

  await takeOut(alice, 'Dan')
  await expect(dan.page.getByText(/Alice took you out of/).first()).toBeVisible({ timeout: 40_000 })
  for (const other of [bob, cara]) {
    await goTo(other.page, 'People')
    await expect(other.page.getByRole('heading', { level: 1 })).toBeVisible()
  }

  await openPaper(alice, /minutes/i)
  await typeInParagraph(alice, BEFORE, 'start', `${AFTER} `)
  for (const other of [bob, cara]) {
    await openPaper(other, /minutes/i)
    await expect(editor(other.page)).toContainText(AFTER, { timeout: 40_000 })
  }
  await typeInParagraph(cara, AFTER, 'start', 'Cara too. ')
  await expect(editor(alice.page)).toContainText('Cara too.', { timeout: 30_000 })
  await openPaper(bob, TERMS)
  await editor(bob.page).locator('p').first().click()
  await bob.page.keyboard.press('Home')
  await bob.page.keyboard.type(`${AFTER} for the group. `, { delay: 10 })
  await openPaper(cara, TERMS)
  await expect(editor(cara.page)).toContainText(AFTER, { timeout: 30_000 })

  // Dan's own screen: all he had is there, and nothing new.
  await openPaper(dan, /minutes/i)
  await expect(editor(dan.page)).toContainText(BEFORE)
  await expect(editor(dan.page)).not.toContainText(AFTER)
  await expect(editor(dan.page)).toHaveAttribute('contenteditable', 'false')

  const [ofAlice, ofDan] = await Promise.all([readTap(alice.page), readTap(dan.page)])
  const all = ofAlice.circles.flatMap(({ entries }) => entries)
  const later = all.filter((entry) => !ofDan.keys.has(epochOf(entry)))
  const open = (entries: readonly Uint8Array[], keys: typeof ofDan.keys) =>
    entries.flatMap((entry) => openEntry(entry, keys) ?? [])
  expect(lettersOf(open(later, ofAlice.keys))).toContain(AFTER)
  // Every box in every log the others have, tried with every key Dan has.
  const dans = lettersOf(open(all, ofDan.keys))
  expect(dans).toContain(BEFORE)
  expect(dans).not.toContain(AFTER)
  expect(open(later, ofDan.keys)).toEqual([])
  const arrived = lettersOf(open(ofDan.messages.flatMap(entriesIn), ofDan.keys))
  expect(arrived).toContain(BEFORE)
  expect(arrived).not.toContain(AFTER)
})

test('what was written elsewhere after the removal is set aside, shown, and can be put into the papers', async ({
  people,
}) => {
  test.skip(people.lan === undefined, 'cables can only be pulled where there are namespaces')
  test.setTimeout(240_000)
  const [alice, bob] = await Promise.all([people.start('alice'), people.start('bob')])
  await Promise.all([setUp(alice), setUp(bob)])
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await join(alice, bob)
  await openPaper(bob, TERMS)
  await editor(bob.page).locator('p').first().click()
  await bob.page.keyboard.press('Home')
  await bob.page.keyboard.type('Bob was here. ', { delay: 10 })
  await openPaper(alice, TERMS)
  await expect(editor(alice.page)).toContainText('Bob was here.', { timeout: 30_000 })

  people.setCable('bob', false)
  await bob.page.keyboard.type('Bob apart. ', { delay: 10 })
  await takeOut(alice, 'Bob')
  people.setCable('bob', true)
  await expect(bob.page.getByText(/Alice took you out of/).first()).toBeVisible({ timeout: 60_000 })
  // His words are on his own screen still.
  await openPaper(bob, TERMS)
  await expect(editor(bob.page)).toContainText('Bob apart.')

  await openPaper(alice, TERMS)
  await expect(editor(alice.page)).not.toContainText('Bob apart.')
  await goTo(alice.page, 'People')
  await expect(alice.page.getByText(/came from there afterwards/).first()).toBeVisible({ timeout: 30_000 })
  await alice.page.getByRole('button', { name: 'Put these changes into the papers: those by Bob' }).click()
  await alice.page.getByRole('button', { name: 'Put them into the papers' }).click()
  await openPaper(alice, TERMS)
  await expect(editor(alice.page)).toContainText('Bob apart.', { timeout: 30_000 })
})
