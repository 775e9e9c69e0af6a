/** Joining with a code that is right, mistyped, used, cancelled, and with words that differ. Each gets its own plain sentence. */
import { expect, test } from './fixtures.ts'
import type { Installation } from './installation.ts'
import { action, compareWords, createGroup, goTo, invite, setUp, shownWords, typeCode } from './story.ts'

/** Nobody is in but Alice, and the newcomer is where they were, with a way back. */
async function notIn({ page }: Installation, sentence: RegExp): Promise<void> {
  await expect(page.getByRole('heading', { name: 'You have not joined yet' })).toBeVisible({ timeout: 40_000 })
  await expect(page.getByRole('main').getByText(sentence)).toBeVisible()
  await expect(page.getByRole('main').getByText('Nothing was shared and nothing')).toBeVisible()
  await action(page, 'Back to the start').click()
  await expect(page.getByRole('heading', { level: 1, name: 'Your group' })).toBeVisible()
}

test('codes that let nobody in, each with its reason, and the one that does', async ({ alice, bob, cara }) => {
  test.setTimeout(240_000)
  await Promise.all([setUp(alice), setUp(bob), setUp(cara)])
  await createGroup(alice, 'Riverside pain group')

  await test.step('a cancelled code', async () => {
    const code = await invite(alice)
    await alice.page.getByRole('button', { name: 'Cancel the invitation' }).click()
    await alice.page.getByRole('dialog').getByRole('button', { name: 'Cancel the invitation' }).click()
    await expect(alice.page.getByText('Cancelled').first()).toBeVisible()
    await typeCode(bob, code)
    await notIn(bob, /This invitation was cancelled/)
  })

  const compared = await invite(alice)
  await test.step('looking can be stopped, and the code stays good', async () => {
    await alice.page.getByRole('button', { name: 'Stop waiting' }).click()
    await typeCode(bob, compared)
    await expect(bob.page.getByText('Looking on this network')).toBeVisible()
    await bob.page.getByRole('button', { name: 'Stop looking' }).click()
    await notIn(bob, /You stopped/)
    await alice.page.getByRole('button', { name: /^Show the code and wait/ }).click()
    await typeCode(bob, compared)
    expect(await shownWords(bob.page)).toEqual(await shownWords(alice.page))
  })

  await test.step('words that differ let nobody in and use the code up', async () => {
    await alice.page.getByRole('button', { name: 'They are different' }).click()
    await notIn(bob, /The words were different/)
    await expect(alice.page.getByRole('heading', { name: 'Nobody has joined' })).toBeVisible()
    await typeCode(bob, compared)
    await notIn(bob, /This invitation was cancelled|The words were different/)
  })

  const code = await invite(alice)
  await test.step('a mistyped code is named at once, and a right one goes on', async () => {
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
    await compareWords(alice, bob)
  })

  await test.step('a used code', async () => {
    await typeCode(cara, code)
    await notIn(cara, /This code has been used already/)
    await goTo(alice.page, 'People')
    await expect(alice.page.getByRole('main').getByText('Cara')).toHaveCount(0)
    await expect(alice.page.getByText('Used by Bob')).toBeVisible()
  })
})
