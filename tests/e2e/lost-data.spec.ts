/**
 * The data under the app is not what it was: rows that are damaged, an old copy of the browser's folder, and nothing at all. In a real
 * Chromium; after each, what is said on the screen is true, and what can be there is there.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import type { Installation } from './installation.ts'
import { picture } from './looks.ts'
import {
  action,
  createGroup,
  createTerms,
  editor,
  footer,
  openPaper,
  PASSPHRASE,
  setUp,
  TERMS,
  typeInParagraph,
  unlock,
} from './story.ts'

const PARAGRAPH = 'We share what has helped us'
const heading = (page: Page) => page.getByRole('heading', { level: 1 })

let folder: string
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'teatray-lost-'))
})
test.afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function backUp({ page }: Installation): Promise<void> {
  await page.getByRole('link', { name: 'Sync and safety', exact: true }).click()
  await action(page, /^(Set up backups|Backups)$/).click()
  await page.getByLabel('Folder').fill(folder)
  await page.getByRole('button', { name: 'Keep backups here' }).click()
  await page.getByRole('button', { name: 'Back up now' }).click()
  await expect(page.getByText('The backup is made. It was read back and is whole.')).toBeVisible({ timeout: 30_000 })
}

/** One bit of every row; while it is locked, so that nobody has it open. */
const damage = (page: Page, table: string): Promise<void> =>
  page.evaluate(
    (name) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('teatray')
        opening.addEventListener('error', () => reject(new Error('not opened')))
        opening.addEventListener('success', () => {
          const db = opening.result
          const change = db.transaction(name, 'readwrite')
          const rows = change.objectStore(name).openCursor()
          rows.addEventListener('success', () => {
            const cursor = rows.result
            if (cursor === null) return
            const row = cursor.value as { readonly sealed: Uint8Array }
            row.sealed[30] = (row.sealed[30] ?? 0) ^ 1
            cursor.update(row)
            cursor.continue()
          })
          change.addEventListener('complete', () => {
            db.close()
            resolve()
          })
        })
      }),
    table,
  )

test('rows that are damaged, an old copy put back, and nothing left at all', async ({ people, alice, host }) => {
  test.skip(host === 'electron', 'the folder of its own storage lies elsewhere')
  test.setTimeout(240_000)
  await setUp(alice)
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await backUp(alice)

  // The row that says that there is a group: nobody notices, for the group's own records say it, too.
  await alice.page.getByRole('button', { name: 'Lock now' }).click()
  await damage(alice.page, 'circles')
  await unlock(alice)
  await openPaper(alice, TERMS)
  await expect(editor(alice.page)).toContainText(PARAGRAPH)
  await expect(alice.page.getByText('does not open')).toHaveCount(0)
  await alice.close()

  // The browser's folder as it was a session ago.
  const storage = join(alice.profile, 'test-browser')
  const copy = join(folder, 'copy')
  cpSync(storage, copy, { recursive: true })
  const later = await people.start('alice')
  await unlock(later)
  await openPaper(later, TERMS)
  await typeInParagraph(later, PARAGRAPH, 'start', 'Written after the copy. ')
  await expect(footer(later.page)).toContainText('All saved here')
  await later.close()
  rmSync(storage, { recursive: true })
  cpSync(copy, storage, { recursive: true })
  const old = await people.start('alice')
  await unlock(old)
  await expect(old.page.getByText('Teatray’s data on this computer is older than it was.')).toBeVisible()
  await openPaper(old, TERMS)
  await expect(editor(old.page)).not.toContainText('Written after the copy.')
  await typeInParagraph(old, PARAGRAPH, 'start', 'Written on. ')
  await expect(footer(old.page)).toContainText('All saved here')
  await old.page.getByRole('button', { name: 'I have read this' }).click()
  await expect(old.page.getByText('is older than it was')).toHaveCount(0)

  // The records themselves.
  await old.page.getByRole('button', { name: 'Lock now' }).click()
  await damage(old.page, 'records')
  await unlock(old)
  await expect(old.page.getByText('1 group or circle on this computer does not open.')).toBeVisible()
  await expect(old.page.getByText('is older than it was')).toHaveCount(0)
  await picture(old.page, 'unopened')
  await old.kill()

  rmSync(storage, { recursive: true })
  const empty = await people.start('alice')
  await expect(heading(empty.page)).toHaveText('Teatray’s data on this computer is gone')
  await expect(empty.page.getByText(`is in the folder ${folder}`)).toBeVisible()
  await picture(empty.page, 'gone')
  await empty.page.getByRole('button', { name: 'Bring this backup back' }).click()
  await expect(heading(empty.page)).toHaveText('Open the backup', { timeout: 20_000 })
  await empty.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await empty.page.getByRole('button', { name: 'Bring everything back' }).click()
  await expect(heading(empty.page)).toHaveText('Everything is back', { timeout: 40_000 })
  await expect(empty.page.getByText('is older than it was')).toHaveCount(0)
  await openPaper(empty, TERMS)
  await expect(editor(empty.page)).toContainText(PARAGRAPH)
})
