/** Rows on the disk that were bent or are gone. What the others have comes back from them; what was written since is not lost either. */
import type { Page } from '@playwright/test'
import { expect, test } from '../e2e/fixtures.ts'
import { editor, everythingShared, footer } from '../e2e/story.ts'
import { damageRow } from './damage-row.ts'
import { startPair } from './kill-rounds.ts'
import { report, tellSentences } from './report.ts'
import { randomFor } from './settings.ts'
import { lacking, lineOf, paperWords, promised, reopen } from './writer.ts'

const TABLES = ['entries', 'snapshots', 'records', 'entries', 'values', 'entries'] as const

/** With that a snapshot is taken. */
async function lock(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Lock now' }).click()
  await expect(page.getByLabel('Passphrase', { exact: true })).toBeVisible()
}

test('a row is bent or gone', async ({ people }) => {
  const random = randomFor('rows')
  const { alice, bob } = await startPair(people)
  for (const how of ['corrupt', 'deleted'] as const) {
    const sentences: string[] = []
    const reopened: number[] = []
    let missing = 0
    let apart = 0
    for (const table of TABLES) {
      const typing = await Promise.all([alice.type('beginning'), bob.type('end')])
      await alice.page().waitForTimeout(1200)
      for (const each of typing) await each.stop()
      await Promise.all([everythingShared(alice.current(), 'Bob'), everythingShared(bob.current(), 'Alice')])
      if (table === 'snapshots') await lock(alice.page())
      await alice.current().close()
      const acknowledged = new Set([...alice.said.saved, ...bob.said.saved, ...promised(bob.said, 'Alice')])

      if (people.lan !== undefined) people.setCable('alice', false)
      const began = Date.now()
      await alice.start()
      await expect(alice.page().getByLabel('Passphrase', { exact: true })).toBeVisible()
      await damageRow(alice.page(), { database: 'teatray', table, at: random(), how })
      await reopen(alice.current())
      reopened.push(Date.now() - began)
      sentences.push(await lineOf(alice.page()))
      apart = Math.max(apart, lacking(acknowledged, await paperWords(alice.page())).length)
      // Written on before it hears of anybody.
      const alone = await alice.type('beginning')
      await alice.page().waitForTimeout(600)
      await alone.stop()
      await expect(footer(alice.page())).toContainText('All saved here.')
      people.setCable('alice', true)
      await Promise.all([everythingShared(alice.current(), 'Bob'), everythingShared(bob.current(), 'Alice')])
      const due = new Set([...acknowledged, ...alone.typed.map(({ word }) => word)])
      const gone = [alice, bob].map(async ({ page }) => lacking(due, await paperWords(page())))
      for (const each of await Promise.all(gone)) {
        if (each.length > 0) process.stderr.write(`${how} ${table}: ${each.join(' ')}\n`)
        missing += each.length
      }
      expect(await editor(alice.page()).innerText()).toBe(await editor(bob.page()).innerText())
    }
    report({
      fault: `row ${how}`,
      times: TABLES.length,
      acknowledged: alice.said.saved.size,
      missing,
      sentence: tellSentences(sentences),
      reopened,
      note: `${[...new Set(TABLES)].join(', ')}; until it met Bob, at the most ${apart} words could not be read`,
    })
  }
})
