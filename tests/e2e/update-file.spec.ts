/**
 * Scenario 5: two people who are never online together exchange update files. The status says what each lacks; twice does no harm;
 * what is damaged, cut off, for somebody else or from somebody who was taken out is refused with the reason.
 */
import { writeFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { expect, test } from './fixtures.ts'
import type { Installation } from './installation.ts'
import {
  action,
  createGroup,
  createPaper,
  createTerms,
  editor,
  footer,
  goTo,
  join,
  makeCircle,
  openPaper,
  setUp,
  takeOut,
  TERMS,
  typeInParagraph,
  unlock,
} from './story.ts'
import { chooseFile, drop, giveFile, goApart, openSafety, savedFile, says } from './story-files.ts'
import { inSomeEncoding } from './tapped.ts'

const GROUP = 'Riverside pain group'
const ALICES = 'kvqxzjwphtnrbdgmfclsy'
const BOBS = 'zrtgwmbqxvkfhpdjnclys'

async function typeFirst({ page }: Installation, words: string): Promise<void> {
  await editor(page).locator('p').first().click()
  await page.keyboard.press('Home')
  await page.keyboard.type(`${words} `, { delay: 10 })
}

test('two who are never online together end with the same, and each is told what is true', async ({ people }) => {
  test.setTimeout(240_000)
  const [alice, bob] = await Promise.all([people.start('alice'), people.start('bob')])
  await Promise.all([setUp(alice), setUp(bob)])
  await createGroup(alice, GROUP)
  await createTerms(alice)
  await join(alice, bob)
  await goApart(alice, bob)

  await openPaper(alice, TERMS)
  await typeFirst(alice, `${ALICES} by Alice.`)
  await makeCircle(alice, 'Planning group', ['Bob'])
  await createPaper(alice, 'Planning group minutes', 'Planning group')
  await typeFirst(alice, `${ALICES} in the minutes.`)
  await expect(footer(alice.page)).toContainText('All saved here', { timeout: 20_000 })

  // Alice to Bob: nothing in the file can be read by whoever carries it.
  const first = await giveFile(alice, 'Bob')
  expect(first.name).toMatch(/^Teatray update for Bob, \d{1,2} \p{Lu}\p{Ll}+\.teatray$/u)
  for (const words of [ALICES, GROUP, 'Planning group', 'Alice', 'Bob']) {
    expect(inSomeEncoding(first.bytes, words)).toBe(false)
  }
  await chooseFile(bob, first.path)
  await says(bob, /^From Alice, made today at/)
  await says(bob, 'You are now in Planning group.')
  await says(bob, /^Alice: \d+ changes? in Planning group$/)
  await says(bob, 'You now have everything that Alice had when this was made.')

  // Bob writes, and comes back to make the reply: opening the same file twice does no harm.
  await openPaper(bob, TERMS)
  await expect(editor(bob.page)).toContainText(ALICES)
  await typeInParagraph(bob, ALICES, 'start', `${BOBS} by Bob. `)
  await openPaper(bob, /minutes/i)
  await expect(editor(bob.page)).toContainText(`${ALICES} in the minutes.`)
  await chooseFile(bob, first.path)
  await says(bob, 'Everything in it was here already. That does no harm.')
  await says(bob, /^Alice lacks \d+ changes? from here\.$/)
  const reply = await savedFile(bob, () => bob.page.getByRole('button', { name: 'Make a reply for Alice' }).click())
  expect(reply.name).toMatch(/^Teatray update for Alice, /)

  // Alice drops it onto a paper that is open.
  await openPaper(alice, TERMS)
  await drop(alice, reply.name, reply.bytes)
  await says(alice, /^From Bob, made today at/)
  await says(alice, /^Bob: \d+ changes? in Riverside pain group$/)
  await expect(footer(alice.page)).toContainText('Not connected to anyone. Bob has everything.')
  await openPaper(alice, TERMS)
  await expect(editor(alice.page)).toContainText(`${BOBS} by Bob. ${ALICES} by Alice.`)
  await openPaper(bob, TERMS)
  expect(await editor(alice.page).innerText()).toBe(await editor(bob.page).innerText())

  // Bob cannot know that his reply was opened, and the app does not claim it.
  await expect(footer(bob.page)).not.toContainText('Alice has everything')
  const last = await giveFile(alice, 'Bob')
  await drop(bob, last.name, last.bytes, 'paste')
  await says(bob, /^From Alice, made today at/)
  await expect(footer(bob.page)).toContainText('Not connected to anyone. Alice has everything.')

  // Told again after locking; a file that is dropped meanwhile waits.
  await alice.page.getByRole('button', { name: 'Lock' }).click()
  await expect(alice.page.getByLabel('Passphrase', { exact: true })).toBeVisible({ timeout: 20_000 })
  await drop(alice, reply.name, reply.bytes)
  await says(alice, 'A file is waiting')
  await unlock(alice)
  await says(alice, 'Everything in it was here already. That does no harm.')
  await openSafety(alice.page)
  await says(alice, /^Today, \d\d:\d\d: a file for Bob: \d+ changes?, \d+ KB\.$/)
  await says(alice, /^Today, \d\d:\d\d( to \d\d:\d\d)?: to Bob, on this network: \d+ changes?, \d+ KB\.$/)
  await openSafety(bob.page)
  await says(bob, /: to whoever gave you a code, on this network: \d+ KB\.$/)
  await action(alice.page, 'Give or open an update file').click()
  await says(alice, /a file for Bob, \d+ changes?, \d+ KB$/)
  await says(alice, /opened a file from Bob, \d+ changes?, \d+ KB$/)
})

test('what is damaged, cut off, for somebody else or from somebody taken out is refused with its reason', async ({
  people,
}) => {
  test.setTimeout(240_000)
  const [alice, bob] = await Promise.all([people.start('alice'), people.start('bob')])
  await Promise.all([setUp(alice), setUp(bob)])
  await createGroup(alice, GROUP)
  await createTerms(alice)
  await join(alice, bob)
  await goApart(alice, bob)
  await chooseFile(bob, (await giveFile(alice, 'Bob')).path)
  await says(bob, 'You now have everything that Alice had when this was made.')
  await openPaper(alice, TERMS)
  await typeFirst(alice, `${ALICES} by Alice.`)
  const file = await giveFile(alice, 'Bob')

  const broken = (change: (bytes: Buffer) => Buffer): string => {
    const path = joinPath(bob.profile, 'broken.teatray')
    writeFileSync(path, change(Buffer.from(file.bytes)))
    return path
  }
  const cases: readonly [string, (bytes: Buffer) => Buffer][] = [
    ['The end of this file is missing', (bytes) => bytes.subarray(0, bytes.length - 100)],
    [
      'This file was damaged on its way',
      (bytes) => {
        bytes[900] = (bytes[900] ?? 0) ^ 1
        return bytes
      },
    ],
    [
      'This file is from a newer Teatray',
      (bytes) => {
        bytes[14] = 2
        return bytes
      },
    ],
    ['This is not an update file', () => Buffer.from('a shopping list')],
  ]
  for (const [sentence, change] of cases) {
    await chooseFile(bob, broken(change))
    await says(bob, sentence)
    await says(bob, 'Nothing here was changed.')
  }
  await openPaper(bob, TERMS)
  await expect(editor(bob.page)).not.toContainText(ALICES)
  // Her own file is for Bob.
  await chooseFile(alice, file.path)
  await says(alice, 'This file is for somebody else')

  // Bob does not know yet that he was taken out.
  await takeOut(alice, 'Bob')
  await openPaper(bob, TERMS)
  await typeFirst(bob, `${BOBS} by Bob.`)
  const late = await giveFile(bob, 'Alice')
  await chooseFile(alice, late.path)
  await says(alice, 'Bob is not in this group any more')
  await says(alice, /^\d+ changes? that Bob wrote (is|are) set aside/)
  await openPaper(alice, TERMS)
  await expect(editor(alice.page)).not.toContainText(BOBS)
  await openSafety(alice.page)
  await expect(alice.page.getByRole('link', { name: 'Give Bob what they lack' })).toHaveCount(0)
  await goTo(alice.page, 'People')
  await expect(alice.page.getByText(/came from there afterwards/).first()).toBeVisible()
})
