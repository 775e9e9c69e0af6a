/**
 * Two who are never connected: one joins the other's group by three files, over a locked app and with a wrong code, a file opened
 * twice and one that is for somebody else on the way; then an update file goes back.
 */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { drop, giveFile, leaveNetwork, savedFile, says } from './story-files.ts'
import type { Installation } from './installation.ts'
import {
  action,
  createGroup,
  createTerms,
  editor,
  footer,
  goTo,
  invite,
  openPaper,
  setUp,
  TERMS,
  typeInParagraph,
  unlock,
} from './story.ts'
import { inSomeEncoding } from './tapped.ts'

const GROUP = 'Riverside pain group'
const ALICES = 'kvqxzjwphtnrbdgmfclsy'
const BOBS = 'zrtgwmbqxvkfhpdjnclys'

const heading = (page: Page) => page.getByRole('heading', { level: 1 })

async function wordsOn(page: Page): Promise<readonly string[]> {
  const list = page.getByRole('list', { name: 'Words on this screen' })
  await expect(list).toBeVisible({ timeout: 20_000 })
  return list.getByRole('listitem').allInnerTexts()
}

const save = (at: Installation, name: string) => savedFile(at, () => at.page.getByRole('button', { name }).click())

async function lockAndOpen(at: Installation): Promise<void> {
  await at.page.getByRole('button', { name: 'Lock' }).click()
  await expect(at.page.getByLabel('Passphrase', { exact: true })).toBeVisible({ timeout: 20_000 })
  await unlock(at)
}

test('three files let somebody in who is never connected, and an update file goes back', async ({ people }) => {
  test.setTimeout(240_000)
  const [alice, bob] = await Promise.all([people.start('alice'), people.start('bob')])
  await Promise.all([setUp(alice), setUp(bob)])
  await createGroup(alice, GROUP)
  for (const one of [alice, bob]) await leaveNetwork(one)
  await createTerms(alice)
  await editor(alice.page).locator('p').first().click()
  await alice.page.keyboard.press('Home')
  await alice.page.keyboard.type(`${ALICES} by Alice. `, { delay: 10 })
  await expect(footer(alice.page)).toContainText('All saved here', { timeout: 20_000 })

  const code = await invite(alice)
  await action(alice.page, 'Use files instead').click()
  await expect(alice.page.getByText('Three files go back and forth')).toBeVisible()
  const invitation = await save(alice, 'Save the invitation file')
  expect(invitation.name).toMatch(/^Teatray invitation from Alice, \d{1,2} \p{Lu}\p{Ll}+\.teatray$/u)
  for (const words of [GROUP, 'Alice', ...code.split(' ').filter((word) => word.length > 4)])
    expect(inSomeEncoding(invitation.bytes, words)).toBe(false)

  // Bob drops it, and mistypes the code first.
  await drop(bob, invitation.name, invitation.bytes)
  await expect(heading(bob.page)).toHaveText('Open the invitation file')
  const other = 'abandon ability able about above absent absorb'
  await bob.page.getByLabel('The code that was told to you').fill(other)
  await bob.page.getByRole('button', { name: 'Open the invitation' }).click()
  await expect(bob.page.getByRole('alert')).toContainText('These words do not fit together')
  await bob.page.getByLabel('The code that was told to you').fill(code)
  await bob.page.getByRole('button', { name: 'Open the invitation' }).press('Enter')
  await expect(heading(bob.page)).toHaveText(`Your way into “${GROUP}”`, { timeout: 20_000 })
  await says(bob, 'Alice invites you.')
  const request = await save(bob, 'Save the request file')
  expect(request.name).toMatch(/^Teatray request from Bob, /)
  for (const words of [GROUP, 'Alice', 'Bob']) expect(inSomeEncoding(request.bytes, words)).toBe(false)

  // Days pass, and the files go astray: each says where it belongs.
  await lockAndOpen(bob)
  await expect(heading(bob.page)).toHaveText(`Your way into “${GROUP}”`, { timeout: 20_000 })
  await bob.page.getByRole('link', { name: 'Your group' }).click()
  await says(bob, `You are joining “${GROUP}” with files`)
  await drop(bob, request.name, request.bytes)
  await says(bob, 'This is a request to join')
  await drop(bob, invitation.name, invitation.bytes)
  await says(bob, 'You are joining with another invitation already')
  await drop(alice, 'cut off.teatray', request.bytes.subarray(0, 600))
  await says(alice, 'The end of this request is missing')

  // Opened twice, as pasted and as dropped, it is one request.
  await drop(alice, request.name, request.bytes)
  await says(alice, 'A request to join, from somebody called “Bob”')
  await drop(alice, request.name, request.bytes, 'paste')
  await says(alice, 'A request to join, from somebody called “Bob”')
  await lockAndOpen(alice)
  await goTo(alice.page, 'People')
  await expect(alice.page.getByText('Bob', { exact: true })).toHaveCount(0)
  await action(alice.page, /^Look at the request/).click()
  const words = await wordsOn(alice.page)
  expect(words).toHaveLength(8)
  expect(await wordsOn(bob.page)).toEqual(words)
  await alice.page.getByRole('button', { name: 'They are the same' }).click()
  await expect(heading(alice.page)).toHaveText('Bob is let in')
  const welcome = await save(alice, 'Save the welcome file')
  expect(welcome.name).toMatch(/^Teatray welcome for Bob, /)

  // Nothing is taken before Bob himself has said that the words are the same.
  await drop(bob, welcome.name, welcome.bytes)
  await says(bob, 'First compare the words')
  await bob.page.getByRole('button', { name: 'They are the same' }).click()
  await says(bob, 'Waiting for the welcome from Alice.')
  await bob.page.locator('input[type=file]').setInputFiles(welcome.path)
  await expect(heading(bob.page)).toHaveText(`You are in ${GROUP}`, { timeout: 30_000 })
  await action(bob.page, 'Go to Today').click()
  await openPaper(bob, TERMS)
  await expect(editor(bob.page)).toContainText(`${ALICES} by Alice.`)

  // Once more it is an update file like any, and the invitation is used up.
  await drop(bob, welcome.name, welcome.bytes)
  await says(bob, 'Everything in it was here already. That does no harm.')
  await drop(bob, invitation.name, invitation.bytes)
  await bob.page.getByRole('button', { name: 'Join with it' }).click()
  await bob.page.getByLabel('The code that was told to you').fill(code)
  await bob.page.getByRole('button', { name: 'Open the invitation' }).click()
  await says(bob, 'You are in this group already, on this computer')
  await drop(alice, request.name, request.bytes)
  await says(alice, 'Bob is let in already.')

  await openPaper(bob, TERMS)
  await typeInParagraph(bob, ALICES, 'start', `${BOBS} by Bob. `)
  await expect(footer(bob.page)).toContainText('All saved here', { timeout: 20_000 })
  const update = await giveFile(bob, 'Alice')
  await drop(alice, update.name, update.bytes)
  await says(alice, /^From Bob, made today at/)
  await openPaper(alice, TERMS)
  await expect(editor(alice.page)).toContainText(`${BOBS} by Bob. ${ALICES} by Alice.`)
  await openPaper(bob, TERMS)
  expect(await editor(alice.page).innerText()).toBe(await editor(bob.page).innerText())
  await expect(footer(alice.page)).toContainText('Not connected to anyone')
})
