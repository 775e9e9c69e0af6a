/** What strangers do to it: three people, restarts, full disks, everything at the same time. */
import { rmSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import type { Page } from '@playwright/test'
import { whyNoNamespaces } from '../netns/namespaces.ts'
import { expect, test } from './fixtures.ts'
import { newProfile, removeProfile, startInstallation, type Installation } from './installation.ts'
import { mountDisk, takeRoom, unmountDisk } from './small-disk.ts'
import {
  action,
  compareWords,
  createGroup,
  createTerms,
  editor,
  everythingShared,
  footer,
  goTo,
  invite,
  join,
  openPaper,
  setUp,
  TERMS,
  typeCode,
  typeInParagraph,
  unlock,
} from './story.ts'

const PARAGRAPH = 'We share what has helped us'
const caret = (page: Page) => page.locator('.t-other-caret')

async function fromMenu(page: Page, entry: string): Promise<void> {
  await page.getByRole('button', { name: `More for ${TERMS}` }).click()
  await page.getByRole('menuitem', { name: entry, exact: true }).click()
}

const showOthers = ({ page }: Installation) => fromMenu(page, 'Show where others are writing')
const hideOthers = ({ page }: Installation) => fromMenu(page, 'Stop showing where others are writing')

async function clickParagraph({ page }: Installation, key: 'Home' | 'End'): Promise<void> {
  await editor(page).locator('p', { hasText: PARAGRAPH }).click()
  await page.keyboard.press(key)
}

test('two in one paragraph at the same time, and where the other one writes', async ({ alice, bob }) => {
  await Promise.all([setUp(alice), setUp(bob)])
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await join(alice, bob)
  await everythingShared(alice, 'Bob')
  await Promise.all([openPaper(alice, TERMS), openPaper(bob, TERMS)])

  // Off until both ask for it.
  await clickParagraph(alice, 'Home')
  await clickParagraph(bob, 'End')
  await showOthers(alice)
  await clickParagraph(alice, 'Home')
  await bob.page.waitForTimeout(1000)
  await expect(caret(bob.page)).toHaveCount(0)
  await expect(caret(alice.page)).toHaveCount(0)
  await showOthers(bob)
  await clickParagraph(bob, 'End')
  await expect(caret(alice.page)).toHaveCount(1, { timeout: 3000 })
  await expect(caret(alice.page)).toContainText('Bob')
  await expect(caret(bob.page)).toContainText('Alice', { timeout: 3000 })

  // Both type.
  const [one, other] = ['abcdefghijklmnopqrstuvwxyz '.repeat(2), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ. '.repeat(2)]
  await Promise.all([alice.page.keyboard.type(one, { delay: 50 }), bob.page.keyboard.type(other, { delay: 50 })])
  await everythingShared(alice, 'Bob')
  await everythingShared(bob, 'Alice')
  const text = ({ page }: Installation) =>
    editor(page)
      .locator('p', { hasText: PARAGRAPH })
      .evaluate((element) => {
        const copy = element.cloneNode(true) as HTMLElement
        for (const each of copy.querySelectorAll('.t-other-caret')) each.remove()
        return copy.textContent ?? ''
      })
  const words = await text(alice)
  expect(await text(bob)).toBe(words)
  expect(words).toContain(one)
  expect(words).toContain(other)

  // Undo takes back one's own words alone.
  await alice.page.keyboard.press('Control+z')
  await expect.poll(() => text(bob)).not.toContain(one)
  expect(await text(alice)).toContain(other)
  await alice.page.keyboard.press('Control+Shift+z')
  await expect.poll(() => text(bob)).toBe(words)

  // The other's caret does not move what one reads.
  const last = editor(alice.page).locator('p').last()
  await last.scrollIntoViewIfNeeded()
  await alice.page.waitForTimeout(700)
  const before = await last.boundingBox()
  await bob.page.keyboard.press('Control+Home')
  await bob.page.keyboard.press('ArrowRight')
  await alice.page.waitForTimeout(500)
  expect(await last.boundingBox()).toEqual(before)

  // Gone when hidden, there again when shown again, gone when the paper is left.
  await hideOthers(bob)
  await expect(caret(alice.page)).toHaveCount(0)
  await expect(caret(bob.page)).toHaveCount(0)
  await showOthers(bob)
  await clickParagraph(bob, 'Home')
  await expect(caret(alice.page)).toHaveCount(1, { timeout: 3000 })
  await expect(caret(bob.page)).toHaveCount(1, { timeout: 3000 })
  await bob.page.getByRole('link', { name: 'All papers' }).click()
  await expect(caret(alice.page)).toHaveCount(0)
})

const everyoneHasEverything = (...all: readonly Installation[]): Promise<unknown> =>
  Promise.all(
    all.map(({ page }) => expect(footer(page)).toContainText(/All saved here.*have everything/, { timeout: 60_000 })),
  )

test('restarts, three people, and everything at the same time', async ({ people, alice, bob, cara }) => {
  test.skip(people.lan === undefined, whyNoNamespaces())
  await Promise.all([setUp(alice), setUp(bob), setUp(cara)])
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)

  // The inviter is not there when the newcomer types the code, and comes back.
  const code = await invite(alice)
  await alice.close()
  await typeCode(bob, code)
  await expect(bob.page.getByText('Teatray must be open there')).toBeVisible()
  const again = await people.start('alice')
  await unlock(again)
  await compareWords(again, bob)
  await action(bob.page, 'Go to Today').click()
  // What is over is not offered as something to go on with.
  await goTo(again.page, 'Today')
  await expect(again.page.getByRole('main')).not.toContainText('Bob is in')

  // Another code, while the one who came with the last is connected.
  await everythingShared(again, 'Bob')
  await join(again, cara)
  await everyoneHasEverything(again, bob, cara)

  // Apart: one changes the name, one moves it to the bin, both make a paper.
  await Promise.all([openPaper(again, TERMS), openPaper(bob, TERMS), openPaper(cara, TERMS)])
  await typeInParagraph(cara, PARAGRAPH, 'end', ' Cara was here.')
  for (const { page } of [again, bob]) await expect(editor(page)).toContainText('Cara was here.')
  people.setCable('bob', false)
  await expect(footer(bob.page)).toContainText('Not connected to anyone.', { timeout: 40_000 })
  await fromMenu(again.page, 'Change the name')
  await again.page.getByRole('textbox', { name: 'Name of the paper' }).fill('How we run things')
  await again.page.keyboard.press('Enter')
  await fromMenu(bob.page, 'Move to the bin')
  await createTerms(again)
  await createTerms(bob)
  await expect(footer(again.page)).toContainText('Bob last matched')
  people.setCable('bob', true)
  await everyoneHasEverything(again, bob, cara)
  for (const { page } of [again, bob, cara]) {
    await goTo(page, 'Papers')
    await expect(page.getByRole('main').getByRole('link', { name: TERMS })).toHaveCount(2)
    await expect(page.getByRole('main').getByRole('link', { name: 'How we run things' })).toHaveCount(0)
  }
  await action(cara.page, '1 paper in the bin').click()
  await cara.page.getByRole('button', { name: 'Put “How we run things” back' }).click()
  await openPaper(bob, 'How we run things')
  await expect(editor(bob.page)).toContainText('Cara was here.')

  await typeInParagraph(bob, PARAGRAPH, 'start', 'Bob’s last words. ')

  // A second window may not write; a window without its host says so.
  const second = await bob.context.newPage()
  await second.goto(bob.page.url())
  await expect(second.getByText('Teatray is already open in another window.')).toBeVisible()
  await second.close()
  // The first goes on as if nothing had been: it writes, and the others get it.
  await typeInParagraph(bob, PARAGRAPH, 'start', 'Bob goes on. ')
  await openPaper(again, 'How we run things')
  await expect(editor(again.page)).toContainText('Bob goes on. ', { timeout: 20_000 })
  bob.host.kill('SIGKILL')
  await expect(bob.page.getByText('The part of Teatray that runs in the background has stopped.')).toBeVisible()
  await expect(bob.page.getByRole('button', { name: 'Try again' })).toHaveCount(0)
  await bob.kill()
  const bobAgain = await people.start('bob')
  await unlock(bobAgain)
  await expect(editor(bobAgain.page)).toContainText('Bob’s last words.', { timeout: 20_000 })
  await everyoneHasEverything(again, bobAgain, cara)
})

const ALONE = { name: 'alice', environment: { TEATRAY_LAN_LOOPBACK: '1' } } as const

test('a disk that fills up loses no words; left alone, it locks by itself', async () => {
  test.skip(whyNoNamespaces() !== '', 'A disk of its own needs the same rights as a network of its own.')
  const profile = newProfile('alice')
  // The reserve is 200 MB (services/storage): 180 are left with the ballast, and the app alone takes a few.
  mountDisk(profile, '420m')
  const ballast = joinPath(profile, 'ballast')
  let alice = await startInstallation({ ...ALONE, profile })
  try {
    await setUp(alice)
    await createGroup(alice, 'Riverside pain group')
    await createTerms(alice)
    takeRoom(ballast, '240M')
    await expect(footer(alice.page)).toContainText(
      'Writing has stopped: this computer’s disk is nearly full. What was saved is safe.',
      { timeout: 15_000 },
    )
    await typeInParagraph(alice, PARAGRAPH, 'end', ' Typed on a full disk.')
    await alice.page.getByRole('button', { name: 'Lock now' }).click()
    await expect(alice.page.getByRole('dialog', { name: 'Some words are not saved yet' })).toBeVisible()
    await alice.page.getByRole('button', { name: 'Stay open' }).click()
    await goTo(alice.page, 'My notes')
    await alice.page.getByRole('button', { name: 'Write the first note' }).click()
    await alice.page.getByRole('textbox', { name: 'Your note' }).click()
    await alice.page.keyboard.type('A note on a full disk')
    await openPaper(alice, TERMS)
    await expect(editor(alice.page)).toContainText('Typed on a full disk.')
    rmSync(ballast)
    await expect(footer(alice.page)).toContainText('All saved here.', { timeout: 15_000 })
    await alice.kill()

    alice = await startInstallation({ ...ALONE, profile })
    const { page } = alice
    await unlock(alice)
    await goTo(page, 'My notes')
    await expect(page.getByRole('main')).toContainText('A note on a full disk')
    await page.clock.install()
    await page.getByRole('link', { name: 'Sync and safety' }).click()
    await page.getByLabel('Lock when nothing was touched for').selectOption('5')
    await openPaper(alice, TERMS)
    await expect(editor(page)).toContainText('Typed on a full disk.')
    await page.clock.fastForward('04:50')
    await page.keyboard.press('Shift')
    await page.clock.fastForward('04:50')
    await expect(editor(page)).toBeVisible()
    await typeInParagraph(alice, PARAGRAPH, 'end', ' Last words.')
    await page.clock.fastForward('05:01')
    await expect(page.getByLabel('Passphrase', { exact: true })).toBeVisible()
    await unlock(alice)
    await expect(editor(page)).toContainText('Last words.', { timeout: 15_000 })
  } finally {
    await alice.close()
    unmountDisk(profile)
    removeProfile(profile)
  }
})
