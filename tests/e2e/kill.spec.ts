/** kill -9 of browser or host costs at most a second of typing, and nothing that was called saved. `npm run faults` does it many times. */
import { seededRandom } from '../contracts/faulty-link.ts'
import { killRound, startPair } from '../faults/kill-rounds.ts'
import { expect, test } from './fixtures.ts'
import { createGroup, createTerms, editor, setUp, TERMS, unlock } from './story.ts'

test('killed while two write, browser and host in turn', async ({ people }) => {
  test.setTimeout(240_000)
  const { alice, bob } = await startPair(people)
  const random = seededRandom(1)
  const rounds = [
    await killRound(people, { moment: 'typing', what: 'browser', victim: alice, other: bob, random }),
    await killRound(people, { moment: 'sync burst', what: 'host', victim: alice, other: bob, random }),
  ]
  for (const { acknowledged, missing, late } of rounds) {
    expect(acknowledged).toBeGreaterThan(0)
    expect({ missing, late }).toEqual({ missing: [], late: [] })
  }
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
