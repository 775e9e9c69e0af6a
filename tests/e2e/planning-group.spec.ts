/**
 * Scenario 3: the planning group's minutes over the LAN with no way to the internet. Its members have them; the machine of
 * another member of the group holds no readable byte of them: every box is tried with every key that machine has.
 */
import { fromHex } from '../../shared/base/bytes.ts'
import { expect, test } from './fixtures.ts'
import {
  action,
  createGroup,
  createPaper,
  createTerms,
  editor,
  goTo,
  join,
  makeCircle,
  openPaper,
  setUp,
  TERMS,
  typeInParagraph,
} from './story.ts'
import { buildWithTap, circleOf, entriesIn, inSomeEncoding, lettersOf, onDisk, openEntry, readTap } from './tapped.ts'

/** Random letters, so that compression on the disk cannot hide them. */
const MINUTES = 'xkvqzjwphtnrbdgmfclsy'
const SHARED = 'gtrwmbqxzvkfhpdjnclys'
const CIRCLE = 'Planning group'

let built = ''
test.beforeAll(async () => {
  test.setTimeout(180_000)
  built = await buildWithTap()
})

const holds = (bytes: Uint8Array, part: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(Buffer.from(part))

test('the planning group has its minutes; another member’s machine holds no readable byte of them', async ({
  people,
}) => {
  test.setTimeout(240_000)
  const [alice, bob, cara] = await Promise.all([
    people.start('alice', { built }),
    people.start('bob', { built }),
    people.start('cara', { built }),
  ])
  await Promise.all([setUp(alice), setUp(bob), setUp(cara)])
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await join(alice, bob)
  await join(alice, cara)

  await makeCircle(alice, CIRCLE, ['Bob'])
  await createPaper(alice, 'Planning group minutes', CIRCLE)
  await expect(alice.page.getByText('You and Bob can read and change this.')).toBeVisible()
  await editor(alice.page).locator('p').first().click()
  await alice.page.keyboard.press('Home')
  await alice.page.keyboard.type(`${MINUTES} by Alice. `, { delay: 10 })

  await expect(bob.page.getByText(`Alice put you into ${CIRCLE}`)).toBeVisible({ timeout: 30_000 })
  await openPaper(bob, /minutes/i)
  await expect(editor(bob.page)).toContainText(MINUTES, { timeout: 30_000 })
  await typeInParagraph(bob, MINUTES, 'start', 'Checked by Bob. ')
  await expect(editor(alice.page)).toContainText('Checked by Bob.', { timeout: 30_000 })

  // Cara is connected all the while, and gets what is the whole group's.
  await openPaper(alice, TERMS)
  await editor(alice.page).locator('p').first().click()
  await alice.page.keyboard.press('Home')
  await alice.page.keyboard.type(`${SHARED} `, { delay: 10 })
  await openPaper(cara, TERMS)
  await expect(editor(cara.page)).toContainText(SHARED, { timeout: 30_000 })
  await goTo(cara.page, 'Papers')
  await expect(cara.page.getByRole('link', { name: /minutes/i })).toHaveCount(0)
  await expect(cara.page.getByText(CIRCLE)).toHaveCount(0)
  await goTo(cara.page, 'People')
  await expect(cara.page.getByText(CIRCLE)).toHaveCount(0)

  const [ofAlice, ofBob, ofCara] = await Promise.all([readTap(alice.page), readTap(bob.page), readTap(cara.page)])
  const planning = ofAlice.circles.find(({ kind }) => kind === 'circle')
  if (planning === undefined) throw new Error('Alice has no circle')
  const minutes = planning.entries
  const opened = (entries: readonly Uint8Array[], keys: typeof ofCara.keys) =>
    entries.flatMap((entry) => openEntry(entry, keys) ?? [])

  // The same searches find the minutes where they may be read.
  expect(lettersOf(opened(minutes, ofAlice.keys))).toContain(MINUTES)
  expect(
    lettersOf(
      opened(
        ofBob.circles.flatMap(({ entries }) => entries),
        ofBob.keys,
      ),
    ),
  ).toContain(MINUTES)

  expect(ofCara.circles.map(({ kind }) => kind)).toEqual(['group'])
  const arrived = ofCara.messages.filter(({ direction }) => direction === 'received').flatMap(entriesIn)
  const held = ofCara.circles.flatMap(({ entries }) => entries)
  for (const entry of [...arrived, ...held]) expect(circleOf(entry)).not.toBe(planning.circle)
  const readable = lettersOf(opened([...arrived, ...held], ofCara.keys))
  expect(readable).toContain(SHARED)
  expect(readable).not.toContain(MINUTES)
  // Not even what only Alice and Bob hold would open with anything Cara has.
  expect(opened(minutes, ofCara.keys)).toEqual([])
  const carasBytes = [
    ...ofCara.messages.map(({ bytes }) => bytes),
    ...ofCara.circles.flatMap(({ records, entries }) => [...records, ...entries]),
  ]
  expect(carasBytes.length).toBeGreaterThan(10)
  for (const bytes of carasBytes) {
    expect(holds(bytes, fromHex(planning.circle))).toBe(false)
    for (const word of [MINUTES, CIRCLE]) expect(inSomeEncoding(bytes, word)).toBe(false)
  }
  // What Alice and Bob sent to Cara's computer, on the channels they have with it.
  const withCara = new Set(ofCara.messages.map(({ channel }) => channel))
  const sentToCara = [...ofAlice.messages, ...ofBob.messages].filter(
    ({ channel, direction }) => direction === 'sent' && withCara.has(channel),
  )
  expect(sentToCara.length).toBeGreaterThan(3)
  for (const { bytes } of sentToCara) {
    expect(holds(bytes, fromHex(planning.circle))).toBe(false)
    expect(inSomeEncoding(bytes, CIRCLE)).toBe(false)
  }

  await test.step('a paper is given to the whole group only after its readers were named', async () => {
    await createPaper(alice, 'A plan', CIRCLE)
    await editor(alice.page).locator('p').first().click()
    await alice.page.keyboard.press('Home')
    await alice.page.keyboard.type('A walk by the river. ', { delay: 10 })
    await alice.page.getByRole('button', { name: /^More for (?!the text)/ }).click()
    await alice.page.getByRole('menuitem', { name: 'Give it to somebody else to read' }).click()
    await expect(alice.page.getByText('Cara: cannot read it now')).toBeVisible()
    await alice.page.getByRole('button', { name: 'Give it to 3 people' }).click()
    await expect(alice.page.getByText('Done. This paper is now for')).toBeVisible()
    await goTo(cara.page, 'Papers')
    await action(cara.page, /plan/i).click({ timeout: 30_000 })
    await expect(editor(cara.page)).toContainText('A walk by the river.', { timeout: 30_000 })
  })

  await Promise.all([alice.close(), bob.close(), cara.close()])
  for (const { profile } of [alice, bob, cara]) expect(onDisk(profile, MINUTES)).toEqual([])
})
