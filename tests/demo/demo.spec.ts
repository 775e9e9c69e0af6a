/** The story of two organisers, told by two installations on this computer. Run by run.mjs, which says where its files go. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, type Locator } from '@playwright/test'
import { newProfile, removeProfile, startInstallation, type Installation } from '../e2e/installation.ts'
import {
  compareWords,
  createEmptyPaper,
  createGroup,
  createTerms,
  editor,
  everythingShared,
  footer,
  goTo,
  invite,
  openPaper,
  setUp,
  TERMS,
  typeCode,
} from '../e2e/story.ts'
import { ANSWERS, BY_ALICE, BY_BOB, GROUP, JOBS, NOTE, OTHER_PAPERS, PARAGRAPH } from './content.ts'
import { countCarried, refusals, storedEntries, type Carried } from './measure.ts'
import { sideBySide, takePictures, type Pictures } from './pictures.ts'

const OUT = process.env['TEATRAY_DEMO_OUT'] ?? ''
const README_PICTURES = process.env['TEATRAY_DEMO_PICTURES'] ?? ''

interface Person extends Installation {
  readonly carried: () => Carried
}

const profiles: string[] = []
const people: Person[] = []

async function start(name: string): Promise<Person> {
  const profile = newProfile(name)
  profiles.push(profile)
  let carried: Carried = { bytes: 0, frames: 0 }
  const installation = await startInstallation({
    name,
    profile,
    // Found by each other over this computer's own loopback; nothing goes out to the network.
    environment: { TEATRAY_LAN_LOOPBACK: '1' },
    onPage: (page) => (carried = countCarried(page)),
  })
  const { origin } = new URL(installation.page.url())
  await installation.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin })
  const person = { ...installation, carried: () => carried }
  people.push(person)
  return person
}

async function write({ page }: Installation, paragraphs: readonly string[]): Promise<void> {
  await editor(page).click()
  for (const [index, words] of paragraphs.entries()) {
    if (index > 0) await page.keyboard.press('Enter')
    await page.keyboard.type(words)
  }
}

/** A prompt keeps its place in the text after it has been answered, so the second "Name" is always the second. */
async function answer({ page }: Installation, prompt: Locator, words: string): Promise<void> {
  await prompt.click()
  await page.keyboard.insertText(words)
}

async function fillInTerms(person: Installation): Promise<void> {
  const { page } = person
  const prompts = (start: string): Locator => editor(page).locator(`p[data-prompt^="${start}"]`)
  for (const [start, words] of ANSWERS) await answer(person, prompts(start).first(), words)
  for (const [index, words] of JOBS.entries()) await answer(person, prompts('Name').nth(index), words)
  await expect(footer(page)).toContainText('All saved here')
}

async function writeOtherPapers(person: Installation): Promise<void> {
  for (const [title, words] of OTHER_PAPERS) {
    await createEmptyPaper(person, title)
    await write(person, words)
  }
}

async function writeNote(person: Installation): Promise<void> {
  const { page } = person
  await goTo(page, 'My notes')
  await page.getByRole('button', { name: 'Write the first note' }).click()
  await write(person, NOTE)
  await expect(page.getByRole('heading', { level: 1, name: NOTE[0] ?? '' })).toBeVisible()
  await expect(page.getByText('All saved here.', { exact: true })).toBeVisible()
}

async function carry({ page }: Installation, on: boolean): Promise<void> {
  await page.getByRole('link', { name: 'Sync and safety' }).click()
  const sharing = page.getByRole('switch', { name: 'Share with the group on this network' })
  await expect(sharing).toBeChecked({ checked: !on })
  await sharing.click()
  await expect(sharing).toBeChecked({ checked: on })
  if (!on) await expect(footer(page)).toContainText('Not connected', { timeout: 30_000 })
}

/** The paper as "Copy as plain text" gives it. */
async function exported(person: Installation): Promise<string> {
  const { page } = person
  await openPaper(person, TERMS)
  await page.getByRole('button', { name: `More for ${TERMS}` }).click()
  await page.getByRole('menuitem', { name: 'Copy as plain text' }).click()
  await expect(page.getByText('The words are copied').first()).toBeAttached()
  return page.evaluate(() => navigator.clipboard.readText())
}

async function sameOnBoth(alice: Installation, bob: Installation): Promise<boolean> {
  const texts = [await exported(alice), await exported(bob)] as const
  for (const [index, { name }] of [alice, bob].entries()) writeFileSync(join(OUT, `${name}.txt`), texts[index] ?? '')
  const [mine, theirs] = await Promise.all([editor(alice.page).innerHTML(), editor(bob.page).innerHTML()])
  const whole = texts.every((text) => text.includes(BY_ALICE) && text.includes(BY_BOB))
  return texts[0] === texts[1] && mine === theirs && whole
}

async function begin(alice: Person, pictures: Pictures): Promise<void> {
  await pictures.take(alice, 'first-start')
  await setUp(alice)
  await pictures.take(alice, 'your-group')
  await createGroup(alice, GROUP)
  await pictures.take(alice, 'group-is-ready')
  await createTerms(alice)
  await pictures.take(alice, 'terms-from-the-template')
  await fillInTerms(alice)
  await alice.page.evaluate(() => scrollTo(0, 0))
  await pictures.take(alice, 'terms-filled-in')
  await writeOtherPapers(alice)
  await writeNote(alice)
  await pictures.take(alice, 'private-note', 'note')
}

async function letIn(alice: Person, bob: Person, pictures: Pictures): Promise<void> {
  await setUp(bob)
  const code = await invite(alice)
  await pictures.take(alice, 'the-code')
  await typeCode(bob, code)
  for (const person of [alice, bob]) {
    await expect(person.page.getByRole('heading', { name: 'Compare the words' })).toBeVisible({ timeout: 40_000 })
    await pictures.take(person, 'safety-words')
  }
  if (README_PICTURES !== '') await sideBySide([alice, bob], join(README_PICTURES, 'safety-words.png'))
  await compareWords(alice, bob)
  await pictures.take(bob, 'is-in')
  await bob.page
    .getByRole('button', { name: 'Go to Today' })
    .or(bob.page.getByRole('link', { name: 'Go to Today' }))
    .click()
  await Promise.all([everythingShared(alice, 'Bob'), everythingShared(bob, 'Alice')])
  await pictures.take(bob, 'today')
  await goTo(alice.page, 'People')
  await pictures.take(alice, 'people')
  await openPaper(bob, TERMS)
  await pictures.take(bob, 'sees-the-terms')
  await openPaper(alice, TERMS)
}

/** The paragraph runs over several lines, and Home and End know only the line that was clicked. */
async function typeAtEdge({ page }: Installation, where: 'start' | 'end', words: string): Promise<void> {
  const paragraph = editor(page).locator('p', { hasText: PARAGRAPH })
  const height = (await paragraph.boundingBox())?.height ?? 0
  await paragraph.click({ position: { x: 4, y: where === 'start' ? 4 : height - 4 } })
  await page.keyboard.press(where === 'start' ? 'Home' : 'End')
  await page.keyboard.type(words, { delay: 15 })
}

async function writeApart(alice: Person, bob: Person, pictures: Pictures): Promise<void> {
  // What was on the screen for three seconds counts as looked at (papers/model/visit.ts).
  await alice.page.waitForTimeout(3500)
  await Promise.all([carry(alice, false), carry(bob, false)])
  await pictures.take(alice, 'apart')
  const share = [
    [alice, 'start', BY_ALICE],
    [bob, 'end', BY_BOB],
  ] as const
  for (const [person, where, words] of share) {
    await openPaper(person, TERMS)
    await typeAtEdge(person, where, words)
    await expect(footer(person.page)).toContainText('All saved here')
    await pictures.take(person, 'writes-apart')
    await person.page.waitForTimeout(3500)
    await goTo(person.page, 'Today')
  }
}

async function meetAgain(alice: Person, bob: Person, pictures: Pictures): Promise<void> {
  await Promise.all([carry(alice, true), carry(bob, true)])
  await Promise.all([everythingShared(alice, 'Bob'), everythingShared(bob, 'Alice')])
  await pictures.take(alice, 'together-again')
  await goTo(bob.page, 'Papers')
  await pictures.take(bob, 'papers', 'papers')
  const heard = [
    [alice, BY_BOB],
    [bob, BY_ALICE],
  ] as const
  for (const [person, words] of heard) {
    const { page } = person
    await openPaper(person, TERMS)
    await page.getByRole('button', { name: 'Show what changed' }).click()
    await expect(page.getByText(`Added “${words.trim()}”`)).toBeVisible()
    await pictures.take(person, 'who-wrote-what')
    await page.getByRole('button', { name: 'Mark it in the text' }).click()
    await page.getByRole('button', { name: 'Hide what changed' }).click()
    await page.mouse.move(0, 0)
    await expect(page.getByText(/ added$/).first()).toBeVisible()
    await pictures.take(person, 'marked-in-the-text', person === alice ? 'paper' : undefined)
  }
}

test.afterEach(async () => {
  for (const person of people) await person.close()
  for (const profile of profiles) removeProfile(profile)
})

test('two organisers write the terms of reference, apart and together', async () => {
  const began = Date.now()
  const alice = await start('alice')
  const bob = await start('bob')
  const pictures = takePictures(OUT, README_PICTURES)
  await begin(alice, pictures)
  await letIn(alice, bob, pictures)
  await writeApart(alice, bob, pictures)
  await meetAgain(alice, bob, pictures)
  const converged = await sameOnBoth(alice, bob)
  const refused = (await refusals(alice)) + (await refusals(bob))
  await pictures.take(bob, 'sync-and-safety')
  const entries = { alice: await storedEntries(alice), bob: await storedEntries(bob) }
  const result = {
    converged,
    entries: entries.alice,
    entriesOnTheOther: entries.bob,
    bytesCarried: alice.carried().bytes + bob.carried().bytes,
    framesCarried: alice.carried().frames + bob.carried().frames,
    refusals: refused,
    pictures: pictures.count(),
    seconds: Math.round((Date.now() - began) / 1000),
  }
  writeFileSync(join(OUT, 'result.json'), `${JSON.stringify(result)}\n`)
  expect(result.bytesCarried).toBeGreaterThan(0)
  expect(converged).toBe(true)
})
