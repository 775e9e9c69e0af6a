/** Joining with a code that is right, mistyped, used, cancelled, and with words that differ. Each gets its own plain sentence. */
import { expect, test } from './fixtures.ts'
import type { Installation } from './installation.ts'
import { action, createGroup, goTo, invite, join, setUp, shownWords, typeCode } from './story.ts'

async function aliceHasAGroup(alice: Installation, ...others: readonly Installation[]): Promise<void> {
  await Promise.all([setUp(alice), ...others.map((other) => setUp(other))])
  await createGroup(alice, 'Riverside pain group')
}

/** Nobody is in but Alice, and the newcomer is where they were, with a way back. */
async function notIn({ page }: Installation, sentence: RegExp): Promise<void> {
  await expect(page.getByRole('heading', { name: 'You have not joined yet' })).toBeVisible({ timeout: 40_000 })
  await expect(page.getByRole('main').getByText(sentence)).toBeVisible()
  await expect(page.getByRole('main').getByText('Nothing was shared and nothing')).toBeVisible()
  await action(page, 'Back to the start').click()
  await expect(page.getByRole('heading', { level: 1, name: 'Your group' })).toBeVisible()
}

test('a mistyped code is named at once, and a right one goes on', async ({ alice, bob }) => {
  await aliceHasAGroup(alice, bob)
  const code = await invite(alice)
  const words = code.split(' ')
  await bob.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Your group' }).click()
  await action(bob.page, 'Join with a code').click()
  const field = bob.page.getByLabel('The code')

  await field.fill([`${words[0] ?? ''}q`, ...words.slice(1)].join(' '))
  await expect(bob.page.getByText(/Word 1, “.*”, is not one of the words used in codes/).first()).toBeVisible()
  // Too few words are no mistake while they are being typed.
  await field.fill(words.slice(0, 6).join(' '))
  await bob.page.getByRole('button', { name: 'Look for the group' }).click()
  await expect(bob.page.getByText('The code has 7 words. 6 words so far').first()).toBeVisible()
  await field.fill([words[1], words[0], ...words.slice(2)].join(' '))
  await expect(bob.page.getByText('These words do not fit together').first()).toBeVisible()
  await field.fill(code.toUpperCase().replaceAll(' ', ', '))
  await expect(bob.page.getByText('The words fit together.')).toBeVisible()
  await bob.page.getByRole('button', { name: 'Look for the group' }).click()
  expect(await shownWords(bob.page)).toEqual(await shownWords(alice.page))
})

test('a used code', async ({ alice, bob, cara }) => {
  await aliceHasAGroup(alice, bob, cara)
  const code = await join(alice, bob)
  await typeCode(cara, code)
  await notIn(cara, /This code has been used already/)
  await goTo(alice.page, 'People')
  await expect(alice.page.getByRole('main').getByText('Cara')).toHaveCount(0)
  await expect(alice.page.getByText('Used by Bob')).toBeVisible()
})

test('a cancelled code', async ({ alice, bob }) => {
  await aliceHasAGroup(alice, bob)
  const code = await invite(alice)
  await alice.page.getByRole('button', { name: 'Cancel the invitation' }).click()
  await alice.page.getByRole('dialog').getByRole('button', { name: 'Cancel the invitation' }).click()
  await expect(alice.page.getByText('Cancelled').first()).toBeVisible()
  await typeCode(bob, code)
  await notIn(bob, /This invitation was cancelled/)
})

test('words that differ let nobody in and use the code up', async ({ alice, bob }) => {
  await aliceHasAGroup(alice, bob)
  const code = await invite(alice)
  await typeCode(bob, code)
  await shownWords(alice.page)
  await shownWords(bob.page)
  await alice.page.getByRole('button', { name: 'They are different' }).click()
  await notIn(bob, /The words were different/)
  await expect(alice.page.getByRole('heading', { name: 'Nobody has joined' })).toBeVisible()
  await typeCode(bob, code)
  await notIn(bob, /This invitation was cancelled|The words were different/)
})

test('looking can be stopped, and the code stays good', async ({ alice, bob }) => {
  await aliceHasAGroup(alice, bob)
  const code = await invite(alice)
  await alice.page.getByRole('button', { name: 'Stop waiting' }).click()
  await typeCode(bob, code)
  await expect(bob.page.getByText('Looking on this network')).toBeVisible()
  await bob.page.getByRole('button', { name: 'Stop looking' }).click()
  await notIn(bob, /You stopped/)
  await alice.page.getByRole('button', { name: /^Show the code and wait/ }).click()
  await typeCode(bob, code)
  expect(await shownWords(bob.page)).toEqual(await shownWords(alice.page))
})
