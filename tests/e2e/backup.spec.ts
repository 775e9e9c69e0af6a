/**
 * Scenario 6: a laptop dies, and a backup brings everything back on another one, private notes included; it goes on writing, meets the
 * others, and nothing forks. And whatever can be wrong with a backup or its folder, each with its sentence.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { type Served, serveHarness } from '../ui/serve.ts'
import { whyNoNamespaces } from '../netns/namespaces.ts'
import { expect, test } from './fixtures.ts'
import type { Installation } from './installation.ts'
import { expectNothingForAxe } from './looks.ts'
import { fillDisk, mountDisk, unmountDisk } from './small-disk.ts'
import {
  action,
  createGroup,
  createPaper,
  createTerms,
  editor,
  everythingShared,
  footer,
  goTo,
  join as joinGroup,
  makeCircle,
  openPaper,
  PASSPHRASE,
  setUp,
  TERMS,
  typeInParagraph,
  unlock,
} from './story.ts'
import {
  BACKED_UP,
  backUp,
  backUpNow,
  backupsIn,
  bringBackFrom,
  expectWholeBackups,
  newestBackup,
  openBackups,
  pickBackup,
  setUpBackups,
  toFile,
  unfinishedIn,
  writeNote,
} from './story-backups.ts'

const PARAGRAPH = 'We share what has helped us'
const heading = (page: Page) => page.getByRole('heading', { level: 1 })

let folder: string
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'teatray-kept-'))
})
test.afterEach(() => rmSync(folder, { recursive: true, force: true }))

const newest = (): string => newestBackup(folder)

async function bringBack(installation: Installation, path = newest()): Promise<void> {
  await toFile(installation)
  await bringBackFrom(installation, path)
}

async function nothingTurnedAway({ page }: Installation): Promise<void> {
  await page.getByRole('link', { name: 'Sync and safety' }).click()
  await expect(page.getByText('Nothing has been turned away since Teatray was opened.')).toBeVisible()
}

test.describe('screens', () => {
  let served: Served
  test.beforeAll(async () => {
    served = await serveHarness(resolve(import.meta.dirname, '../ui/harness'))
  })
  test.afterAll(() => served.close())

  /** Nothing for axe, light and dark, and nothing to scroll sideways for at 400 %. */
  async function sound(page: Page): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
      await expectNothingForAxe(page)
    }
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    await page.setViewportSize({ width: 1280, height: 800 })
  }

  test('of bringing one back, by keyboard', async ({ page }) => {
    await page.goto(`${served.url}?scene=first-run`)
    await page.getByRole('button', { name: 'I have a backup' }).press('Enter')
    await expect(heading(page)).toBeFocused()
    await expect(heading(page)).toHaveText('Bring back a backup')
    await sound(page)
    const picked = (size: number) => ({ name: 'b', mimeType: '', buffer: Buffer.alloc(size) })
    await page.locator('input[type=file]').setInputFiles(picked(3))
    await expect(page.getByRole('alert')).toContainText('This file ends too early')
    await sound(page)
    await page.locator('input[type=file]').setInputFiles(picked(100))
    await expect(heading(page)).toHaveText('Open the backup')
    await page.getByRole('button', { name: 'Bring everything back' }).press('Enter')
    await expect(page.getByRole('alert')).toContainText('Enter the passphrase')
    await sound(page)
    await page.getByRole('radio', { name: 'With a recovery sheet' }).check()
    await sound(page)
    await page.getByRole('radio', { name: 'With the passphrase' }).check()
    await page.getByLabel('Passphrase', { exact: true }).fill('garden kettle lemon ribbon')
    await page.keyboard.press('Enter')
    await expect(heading(page)).toHaveText('Everything is back')
    await sound(page)
  })

  test('of setting them up and stopping', async ({ page }) => {
    await page.goto(`${served.url}?scene=backups-none`)
    await expect(page.getByLabel('Folder')).toHaveValue('/home/asha/Documents/Teatray backups')
    await page.getByLabel('Folder').fill('/gone')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toContainText('The folder is not there.')
    await sound(page)
    await page.getByLabel('Folder').fill('/media/stick')
    await page.keyboard.press('Enter')
    await backUpNow(page).press('Enter')
    await expect(page.getByText(BACKED_UP)).toBeVisible()
    await sound(page)
    await page.getByRole('button', { name: 'Stop making backups' }).press('Enter')
    await sound(page)
    await page.getByRole('button', { name: 'Go on making them' }).press('Enter')
    await expect(backUpNow(page)).toBeVisible()
  })
})

test('a dead laptop: papers, circle and notes are back on another one, which goes on and meets the others', async ({
  people,
  alice,
  bob,
}) => {
  test.skip(whyNoNamespaces() !== '', whyNoNamespaces())
  test.setTimeout(240_000)
  await Promise.all([setUp(alice), setUp(bob)])
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await joinGroup(alice, bob)
  await makeCircle(alice, 'Planning', ['Bob'])
  await createPaper(alice, 'A plan', 'Planning')
  await editor(alice.page).click()
  await alice.page.keyboard.type('Soup first. ')
  await writeNote(alice, 'Slept badly before the meeting')
  await everythingShared(alice, 'Bob')
  await setUpBackups(alice, folder)
  await backUp(alice)

  // After the backup: words that reach Bob, and words that reach nobody.
  await openPaper(alice, TERMS)
  await typeInParagraph(alice, PARAGRAPH, 'start', 'Written after the backup. ')
  await everythingShared(alice, 'Bob')
  people.setCable('alice', false)
  await expect(footer(alice.page)).toContainText('Not connected', { timeout: 40_000 })
  await typeInParagraph(alice, PARAGRAPH, 'end', ' Lost with the laptop.')
  await expect(footer(alice.page)).toContainText('All saved here')
  await alice.kill()

  const laptop = await people.start('laptop')
  await bringBack(laptop)
  await goTo(laptop.page, 'My notes')
  await expect(laptop.page.getByRole('main')).toContainText('Slept badly before the meeting')
  // At once, and before Bob has been heard for certain.
  await openPaper(laptop, TERMS)
  await typeInParagraph(laptop, PARAGRAPH, 'start', 'From the new laptop. ')
  await everythingShared(laptop, 'Bob')
  await everythingShared(bob, 'Alice')
  await Promise.all([openPaper(laptop, TERMS), openPaper(bob, TERMS)])
  await expect(editor(bob.page)).toContainText('From the new laptop. ')
  for (const { page } of [laptop, bob]) {
    await expect(editor(page)).toContainText('Written after the backup. ')
    await expect(editor(page)).not.toContainText('Lost with the laptop')
  }
  expect(await editor(laptop.page).innerText()).toBe(await editor(bob.page).innerText())

  // The circle too, both ways.
  await goTo(laptop.page, 'Papers')
  await openPaper(laptop, /plan/i)
  await expect(editor(laptop.page)).toContainText('Soup first. ')
  await openPaper(bob, /plan/i)
  await editor(bob.page).click()
  await bob.page.keyboard.type('Bob brings bread. ')
  await expect(editor(laptop.page)).toContainText('Bob brings bread. ', { timeout: 30_000 })
  await editor(laptop.page).click()
  await laptop.page.keyboard.type('Alice brings cups. ')
  await expect(editor(bob.page)).toContainText('Alice brings cups. ', { timeout: 30_000 })
  await nothingTurnedAway(bob)
  await nothingTurnedAway(laptop)

  // And once more from the start: it stays as it is, under one passphrase.
  await laptop.kill()
  const again = await people.start('laptop')
  await unlock(again)
  await everythingShared(again, 'Bob')
  await openPaper(again, TERMS)
  await expect(editor(again.page)).toContainText('From the new laptop. ')
  // Backups of this computer go where this computer's person says, not where the old one's went.
  await again.page.getByRole('link', { name: 'Sync and safety' }).click()
  await expect(again.page.getByText('There are no backups yet.')).toBeVisible()
})

test('a file that is not whole, not ours, or not openable is refused, and the next try works', async ({
  people,
  alice,
}) => {
  await setUp(alice)
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await setUpBackups(alice, folder)
  await backUp(alice)
  await alice.close()
  const whole = readFileSync(newest())
  const broken = (name: string, bytes: Uint8Array): string => {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    return path
  }
  const flipped = Buffer.from(whole)
  flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 1

  const laptop = await people.start('laptop')
  const { page } = laptop
  await toFile(laptop)
  for (const [path, sentence] of [
    [broken('half', whole.subarray(0, whole.length >> 1)), 'This file ends too early, so part of it is missing.'],
    [broken('flipped', flipped), 'Something in this file was changed or damaged.'],
    [broken('diary', Buffer.from('Dear diary')), 'This file is not a Teatray backup.'],
    [
      broken('newer', Buffer.concat([Buffer.from('teatray-backup 2\n'), whole.subarray(17)])),
      'This backup was made by a newer Teatray.',
    ],
  ] as const) {
    await pickBackup(laptop, path)
    await expect(page.getByRole('alert')).toContainText(sentence)
    await expect(page.getByRole('alert')).toContainText('Nothing on this computer was changed.')
  }
  await pickBackup(laptop, newest())
  await expect(heading(page)).toHaveText('Open the backup')
  await expect(page.getByText(/^The backup was made today at/)).toBeVisible()
  await page.getByLabel('Passphrase', { exact: true }).fill('somebody else’s passphrase')
  await page.getByRole('button', { name: 'Bring everything back' }).click()
  await expect(page.getByText(/That is not the passphrase this backup was made with/).first()).toBeVisible({
    timeout: 20_000,
  })
  // Nothing was written: the first run is still there after a kill.
  await laptop.kill()
  const again = await people.start('laptop')
  await expect(again.page.getByLabel('Your name')).toBeVisible()
  await bringBack(again)
  await openPaper(again, TERMS)
  await expect(editor(again.page)).toContainText(PARAGRAPH)
})

test('with the words of a recovery sheet', async ({ people, alice }) => {
  await setUp(alice)
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  const { page } = alice
  await page.getByRole('link', { name: 'Sync and safety' }).click()
  await action(page, /^(Make a recovery sheet|Recovery sheet)/).click()
  await action(page, /^Make a/).click()
  await page.getByLabel('Your passphrase', { exact: true }).fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await expect(heading(page)).toHaveText('Print it or copy it', { timeout: 30_000 })
  const words = await page
    .getByRole('region', { name: 'Teatray recovery sheet' })
    .getByRole('list', { name: 'The twelve words' })
    .getByRole('listitem')
    .allInnerTexts()
  expect(words).toHaveLength(12)
  await setUpBackups(alice, folder)
  await backUp(alice)
  await alice.close()

  const laptop = await people.start('laptop')
  await toFile(laptop)
  await pickBackup(laptop, newest())
  await laptop.page.getByRole('radio', { name: 'With a recovery sheet' }).check()
  const field = laptop.page.locator('#sheet-words')
  await field.fill(words.toReversed().join(' '))
  await laptop.page.getByRole('button', { name: 'Bring everything back' }).click()
  await expect(laptop.page.getByRole('alert')).toBeVisible({ timeout: 20_000 })
  await field.fill(words.join(' '))
  await laptop.page.getByRole('button', { name: 'Bring everything back' }).click()
  await expect(heading(laptop.page)).toHaveText('Everything is back', { timeout: 40_000 })
  await openPaper(laptop, TERMS)
  await expect(editor(laptop.page)).toContainText(PARAGRAPH)
})

test('a folder that is gone says so, and the next try works', async ({ alice }) => {
  await setUp(alice)
  const { page } = alice
  await openBackups(alice)
  await page.getByLabel('Folder').fill(join(folder, 'not', 'there'))
  await page.getByRole('button', { name: 'Keep backups here' }).click()
  await expect(page.getByRole('alert')).toContainText('The folder is not there.')
  await page.getByLabel('Folder').fill(alice.profile)
  await page.getByRole('button', { name: 'Keep backups here' }).click()
  await expect(page.getByRole('alert')).toContainText('inside Teatray’s own folder')
  await page.getByLabel('Folder').fill(folder)
  await page.getByRole('button', { name: 'Keep backups here' }).click()
  await backUp(alice)

  renameSync(folder, `${folder}-away`)
  await backUpNow(page).click()
  await expect(page.getByText('The folder is not there.', { exact: false }).first()).toBeVisible()
  await expect(page.getByText('Backups made before are still there.', { exact: false })).toBeVisible()
  await expect(footer(page)).toContainText('All saved here')
  renameSync(`${folder}-away`, folder)
  await page.waitForTimeout(1100)
  await backUp(alice)
  await expect(page.getByText('The folder is not there.', { exact: false })).toHaveCount(0)
  expect(backupsIn(folder).length).toBeGreaterThanOrEqual(1)
})

test('a full disk says so, leaves nothing half, and keeps what was there', async ({ people }) => {
  test.skip(process.getuid?.() !== 0, 'a small disk can only be made by root')
  mountDisk(folder, '512k')
  try {
    const alice = await people.start('alice')
    const { page } = alice
    await setUp(alice)
    await createGroup(alice, 'Riverside pain group')
    await createTerms(alice)
    await setUpBackups(alice, folder)
    await backUp(alice)
    const before = backupsIn(folder)
    writeFileSync(join(folder, 'holiday.jpg'), Buffer.alloc(16 * 1024))
    fillDisk(join(folder, 'film.mkv'))
    await page.waitForTimeout(1100)
    await backUpNow(page).click()
    await expect(page.getByText('The disk with this folder is full.', { exact: false }).first()).toBeVisible()
    expect(readdirSync(folder).toSorted()).toEqual([...before, 'film.mkv', 'holiday.jpg'].toSorted())
    rmSync(join(folder, 'film.mkv'))
    await backUp(alice)
    expect(backupsIn(folder).at(-1)).not.toBe(before.at(-1))
    await alice.close()
  } finally {
    unmountDisk(folder)
  }
})

test('killed while it writes a backup, and while it brings one back: what is there is whole', async ({
  people,
  alice,
}) => {
  test.setTimeout(240_000)
  await setUp(alice)
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await setUpBackups(alice, folder)
  await backUp(alice)
  let current = alice
  for (const after of [0, 40, 120]) {
    await backUpNow(current.page).click()
    await current.page.waitForTimeout(after)
    await current.kill()
    await expectWholeBackups(folder)
    current = await people.start('alice')
    await unlock(current)
    await openBackups(current)
  }
  await backUp(current)
  // One that begins by itself after a start may be under way.
  await expect.poll(() => unfinishedIn(folder), { timeout: 30_000 }).toEqual([])
  await current.close()

  let laptop = await people.start('laptop')
  for (const after of [300, 900, 1500]) {
    const isFirstRun = laptop.page.getByRole('button', { name: 'I have a backup' })
    await expect(isFirstRun.or(laptop.page.getByRole('button', { name: 'Open', exact: true }))).toBeVisible()
    if (!(await isFirstRun.isVisible())) break
    await toFile(laptop)
    await pickBackup(laptop, newest())
    await laptop.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
    await laptop.page.getByRole('button', { name: 'Bring everything back' }).click()
    await laptop.page.waitForTimeout(after)
    await laptop.kill()
    laptop = await people.start('laptop')
  }
  // Either the first run, untouched, or all of it.
  const isFirstRun = laptop.page.getByRole('button', { name: 'I have a backup' })
  await expect(isFirstRun.or(laptop.page.getByRole('button', { name: 'Open', exact: true }))).toBeVisible()
  if (await isFirstRun.isVisible()) await bringBack(laptop)
  else await unlock(laptop)
  await openPaper(laptop, TERMS)
  await expect(editor(laptop.page)).toContainText(PARAGRAPH)
})

test('a second backup goes into a folder of its own kind beside others’ things', async ({ alice }) => {
  mkdirSync(join(folder, 'photos'))
  writeFileSync(join(folder, 'Teatray backup of my recipes.txt'), 'x')
  await setUp(alice)
  await setUpBackups(alice, folder)
  await backUp(alice)
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['photos', 'Teatray backup of my recipes.txt']))
  await alice.page.getByRole('button', { name: 'Stop making backups' }).click()
  await alice.page.getByRole('dialog').getByRole('button', { name: 'Stop making backups' }).click()
  await expect(alice.page.getByRole('button', { name: 'Keep backups here' })).toBeVisible()
  expect(backupsIn(folder)).toHaveLength(1)
})
