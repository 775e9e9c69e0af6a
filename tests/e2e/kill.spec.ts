/** kill -9 of browser and host in the middle of a sentence costs at most a second of typing, and nothing that was called saved. */
import { expect, test } from './fixtures.ts'
import { createGroup, createTerms, editor, footer, setUp, TERMS, unlock } from './story.ts'

/** Longer than can be typed before the end, and without two equal stretches. */
const SENTENCE = Array.from({ length: 200 }, (_, index) => `word${index} `).join('')
const KEY_EVERY = 40

test('killed in the middle of a sentence', async ({ people, alice }) => {
  await setUp(alice)
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await editor(alice.page).locator('p').first().click()
  await alice.page.keyboard.press('Home')

  const typed: { readonly at: number; readonly length: number }[] = []
  let typing = true
  const type = (async () => {
    for (let length = 1; typing && length <= SENTENCE.length; length++) {
      await alice.page.keyboard.type(SENTENCE[length - 1] ?? '')
      typed.push({ at: Date.now(), length })
      await alice.page.waitForTimeout(KEY_EVERY)
    }
  })().catch(() => undefined)
  await alice.page.waitForTimeout(4000)
  const killedAt = Date.now()
  await alice.kill()
  typing = false
  await type

  const again = await people.start('alice')
  await unlock(again)
  // It reopens where she was.
  await expect(again.page.getByRole('heading', { level: 1, name: TERMS })).toBeVisible({ timeout: 20_000 })
  const text = (await editor(again.page).locator('p').first().innerText()).replaceAll('\u00a0', ' ')
  const kept = SENTENCE.split('').findIndex((letter, index) => text[index] !== letter)
  const dueBy = killedAt - 1000
  const due = typed.filter(({ at }) => at <= dueBy).at(-1)?.length ?? 0
  expect(due).toBeGreaterThan(20)
  expect(kept).toBeGreaterThanOrEqual(due)
  await expect(footer(again.page)).toContainText('All saved here')
})

test('a wrong passphrase loses nothing and may be tried again', async ({ alice }) => {
  await setUp(alice)
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await alice.page.getByRole('button', { name: 'Lock now' }).click()
  await unlock(alice, 'kettle otter window blankett')
  await expect(alice.page.getByText(/That is not the passphrase. Nothing is lost/).first()).toBeVisible({
    timeout: 20_000,
  })
  await unlock(alice)
  await expect(alice.page.getByRole('heading', { level: 1, name: TERMS })).toBeVisible({ timeout: 20_000 })
  await expect(editor(alice.page)).toContainText('Who we are and why we meet')
})
