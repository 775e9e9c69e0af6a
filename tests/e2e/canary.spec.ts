/**
 * Scenario 2, the canary: a marker typed in a private note is in nothing that could leave (every message before it is sealed,
 * every box in it opened with all the keys this computer has), in nothing the other has, and not on the disk in clear. Each
 * search must find a marker that is shared, or it would prove nothing. Uses a build with a tap (renderer/session/tap.ts).
 */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import {
  action,
  createGroup,
  createTerms,
  editor,
  everythingShared,
  goTo,
  join,
  makeCircle,
  openPaper,
  setUp,
  TERMS,
} from './story.ts'
import {
  buildWithTap,
  entriesIn,
  inSomeEncoding,
  lettersOf,
  onDisk,
  openEntry,
  readTap,
  type Tapped,
} from './tapped.ts'

/** Random letters, so that compression on the disk cannot hide them. */
const PRIVATE = 'qzvkxjwtnphqfdbmrcgy'
const SHARED = 'mfhgwtxqvkzrpbjndclk'
/** Names: of the group, and of a circle. */
const GROUP = 'jkwqhzvxtrplmbgndfcs'
const CIRCLE = 'hdxwqkzvjtnmprbglfsc'

let built = ''

test.beforeAll(async () => {
  test.setTimeout(180_000)
  built = await buildWithTap()
})

const sentBytes = ({ messages }: Tapped): number =>
  messages.reduce((sum, { direction, bytes }) => sum + (direction === 'sent' ? bytes.length : 0), 0)

/** What Sync and safety says of it all, in bytes; `to` is among those it names. */
async function sentByThePage(page: Page, to: string): Promise<{ readonly total: number; readonly lines: number }> {
  await page.getByRole('link', { name: 'Sync and safety' }).click()
  await action(page, 'All that left this computer').click()
  await page.getByRole('button', { name: 'Show as a table' }).click()
  const rows = page.getByRole('row').filter({ has: page.getByRole('cell') })
  await expect(rows.filter({ hasText: `to ${to}` }).first()).toContainText(/on this network\s*[1-9]\d*\s*\d+ KB/)
  const sizes = (await rows.allInnerTexts()).map((text) => Number(/(\d+) KB\s*$/.exec(text)?.[1]))
  return { total: sizes.reduce((sum, size) => sum + size, 0) * 1024, lines: sizes.length }
}

const expectOpened = (update: Uint8Array | undefined): Uint8Array => {
  if (update === undefined) throw new Error('a box that does not open')
  return update
}

test('a private note is in nothing that could leave, in nothing the other has, and not readable on the disk', async ({
  people,
}) => {
  const alice = await people.start('alice', { built })
  const bob = await people.start('bob', { built })
  await Promise.all([setUp(alice), setUp(bob)])
  await createGroup(alice, GROUP)
  await createTerms(alice)
  await join(alice, bob)

  await goTo(alice.page, 'My notes')
  await action(alice.page, /^Write (the first|a new) note/).click()
  await editor(alice.page).click()
  await alice.page.keyboard.type(`${PRIVATE} is for me alone.`, { delay: 10 })
  await expect(alice.page.getByText('Only on this computer').first()).toBeVisible()

  await openPaper(alice, TERMS)
  await editor(alice.page).locator('p').first().click()
  await alice.page.keyboard.press('Home')
  await alice.page.keyboard.type(`${SHARED} `, { delay: 10 })
  await openPaper(bob, TERMS)
  await expect(editor(bob.page)).toContainText(SHARED, { timeout: 20_000 })
  await everythingShared(alice, 'Bob')

  for (const { page } of [alice, bob]) {
    const tapped = await readTap(page)
    expect(tapped.messages.length).toBeGreaterThan(5)
    for (const { bytes } of tapped.messages) expect(inSomeEncoding(bytes, PRIVATE)).toBe(false)
    const openAll = (entries: readonly Uint8Array[]) =>
      entries.map((entry) => expectOpened(openEntry(entry, tapped.keys)))
    const sent = openAll(tapped.messages.filter(({ direction }) => direction === 'sent').flatMap(entriesIn))
    const held = openAll(tapped.circles.flatMap(({ entries }) => entries))
    for (const update of [...sent, ...held]) expect(inSomeEncoding(update, PRIVATE)).toBe(false)
    expect(lettersOf(held)).toContain(SHARED)
    expect(lettersOf(held)).not.toContain(PRIVATE)
    expect(lettersOf(sent)).not.toContain(PRIVATE)
    if (page === alice.page) expect(lettersOf(sent)).toContain(SHARED)
  }

  const before = sentBytes(await readTap(alice.page))
  const { total, lines } = await sentByThePage(alice.page, 'Bob')
  const after = await readTap(alice.page)
  // What the page counts are frames: messages, their seals, the first words of a connection, and its signs of life. It rounds up.
  const seals = after.messages.length * 20 + 4096
  expect(before).toBeGreaterThan(0)
  expect(total).toBeGreaterThanOrEqual(before)
  expect(total).toBeLessThanOrEqual(sentBytes(after) + seals + lines * 1024)

  await makeCircle(alice, CIRCLE, [])
  await goTo(alice.page, 'My notes')
  await action(alice.page, new RegExp(PRIVATE)).click()
  await expect(editor(alice.page)).toContainText(PRIVATE)
  // A browser puts the pages it has been on, with the titles of their windows, on the disk some seconds later.
  await alice.page.waitForTimeout(12_000)

  const control = 'wpxqjzkvbnthgfrdmcly'
  await alice.page.evaluate((marker) => localStorage.setItem('control', marker), control)
  await Promise.all([alice.close(), bob.close()])
  // The search finds what is there in clear, so what it does not find is sealed.
  expect(onDisk(alice.profile, control)).not.toEqual([])
  for (const { profile } of [alice, bob]) {
    for (const marker of [PRIVATE, SHARED, GROUP, CIRCLE]) expect(onDisk(profile, marker)).toEqual([])
  }
})
