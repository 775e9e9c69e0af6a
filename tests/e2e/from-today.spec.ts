/**
 * Somebody comes in from today on: what was written before stays closed to their machine, what is begun since is read by all, every
 * screen says truly who can read what, and an old paper can be given to them.
 */
import { expect, test } from './fixtures.ts'
import { expectNothingForAxe } from './looks.ts'
import {
  action,
  compareWords,
  createGroup,
  createTerms,
  editor,
  footer,
  goTo,
  invite,
  join,
  openPaper,
  setUp,
  TERMS,
  typeCode,
  typeInParagraph,
} from './story.ts'
import { buildWithTap, entriesIn, lettersOf, openEntry, readTap } from './tapped.ts'

/** Random letters, so that nothing else holds them. */
const BEFORE = 'xkvqzjwphtnrbdgmfclsy'
const STILL_THERE = 'wqzxkvjtgphnrbdmfclsy'
const SINCE = 'gtrwmbqxzvkfhpdjnclys'

let built = ''
test.beforeAll(async () => {
  test.setTimeout(180_000)
  built = await buildWithTap()
})

test('who comes in from today on reads what is begun since, and no byte of what was before', async ({ people }) => {
  test.setTimeout(240_000)
  const [alice, bob, cara] = await Promise.all([
    people.start('alice', { built }),
    people.start('bob', { built }),
    people.start('cara', { built }),
  ])
  await Promise.all([setUp(alice), setUp(bob), setUp(cara)])
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await editor(alice.page).locator('p').first().click()
  await alice.page.keyboard.press('Home')
  await alice.page.keyboard.type(`${BEFORE} `, { delay: 10 })
  await join(alice, bob)
  await openPaper(bob, TERMS)
  await expect(editor(bob.page)).toContainText(BEFORE, { timeout: 30_000 })

  const code = await invite(alice, true)
  await typeCode(cara, code)
  await compareWords(alice, cara)
  await action(cara.page, 'Go to Today').click()
  await expect(footer(alice.page)).toContainText('All saved here. Bob and Cara have everything.', { timeout: 60_000 })
  await expect(footer(cara.page)).toContainText('All saved here. Alice and Bob have everything.', { timeout: 60_000 })
  await goTo(cara.page, 'Papers')
  await expect(cara.page.getByRole('link', { name: TERMS })).toHaveCount(0)

  // Bob, who has had the paper open all the while, writes on in it.
  await typeInParagraph(bob, BEFORE, 'end', ` ${STILL_THERE}`)
  await openPaper(alice, TERMS)
  await expect(editor(alice.page)).toContainText(STILL_THERE, { timeout: 30_000 })
  await expect(alice.page.getByText('Cara came in later, from that day on, and does not see this paper.')).toBeVisible()
  await goTo(alice.page, 'Papers')
  await expect(alice.page.getByText('Everybody in the group but Cara')).toBeVisible()

  // Begun since: all three write in it.
  const title = 'Tea rota'
  await action(alice.page, 'Write a new paper').click()
  await alice.page.getByLabel('Start from').selectOption('An empty page')
  await alice.page.getByLabel('Name of the paper').fill(title)
  await alice.page.getByRole('button', { name: 'Make the paper' }).click()
  await editor(alice.page).click()
  await alice.page.keyboard.type(`${SINCE} by Alice.`, { delay: 10 })
  await openPaper(cara, title)
  await expect(editor(cara.page)).toContainText(SINCE, { timeout: 30_000 })
  await expect(cara.page.getByText('You, Alice and Bob can read and change this.')).toBeVisible()
  await typeInParagraph(cara, SINCE, 'end', ' And by Cara.')
  await openPaper(bob, title)
  await expect(editor(bob.page)).toContainText('And by Cara.', { timeout: 30_000 })
  await typeInParagraph(bob, SINCE, 'end', ' And by Bob.')
  await expect(editor(cara.page)).toContainText('And by Bob.', { timeout: 30_000 })

  const [ofAlice, ofCara] = await Promise.all([readTap(alice.page), readTap(cara.page)])
  const opened = (entries: readonly Uint8Array[], keys: typeof ofCara.keys) =>
    lettersOf(entries.flatMap((entry) => openEntry(entry, keys) ?? []))
  const all = ofAlice.circles.flatMap(({ entries }) => entries)
  expect(opened(all, ofAlice.keys)).toContain(BEFORE)
  // Whatever she was sent or holds, and even what only the others hold, with every key that she has.
  const arrived = ofCara.messages.filter(({ direction }) => direction === 'received').flatMap(entriesIn)
  const held = ofCara.circles.flatMap(({ entries }) => entries)
  expect(opened([...arrived, ...held], ofCara.keys)).toContain(SINCE)
  expect(opened([...arrived, ...held], ofCara.keys)).not.toContain(BEFORE)
  expect(opened(all, ofCara.keys)).not.toContain(BEFORE)

  // An old paper is given to her, after its readers were named.
  await openPaper(alice, TERMS)
  await alice.page.getByRole('button', { name: 'Who can read this' }).click()
  await expect(alice.page.getByRole('dialog')).toContainText(
    'Cara came in later, from that day on, and does not see this paper.',
  )
  await expectNothingForAxe(alice.page)
  await alice.page.screenshot({ path: test.info().outputPath('readers.png') })
  await alice.page.getByRole('dialog').getByRole('link', { name: 'Give it to somebody else to read' }).click()
  await expect(alice.page.getByText('Cara: cannot read it now')).toBeVisible()
  await alice.page.screenshot({ path: test.info().outputPath('give.png') })
  await alice.page.getByRole('button', { name: 'Give it to 3 people' }).click()
  await expect(alice.page.getByText('Done. This paper is now for')).toBeVisible()
  await openPaper(cara, TERMS)
  await expect(editor(cara.page)).toContainText(BEFORE, { timeout: 30_000 })
  await goTo(cara.page, 'People')
  await action(cara.page, /^More about Cara/).click()
  await expect(cara.page.getByText('You came in from that day on.')).toBeVisible()
  await cara.page.screenshot({ path: test.info().outputPath('person.png') })
  await expect(footer(alice.page)).toContainText('Bob and Cara have everything.', { timeout: 60_000 })
})
