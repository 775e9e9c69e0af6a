/** What people do with backups, through the screen alone, and what is then in the folder. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { checkArchive } from '../../renderer/backup/archive.ts'
import type { Installation } from './installation.ts'
import { action, PASSPHRASE } from './story.ts'

const heading = (page: Page) => page.getByRole('heading', { level: 1 })
export const backUpNow = (page: Page) => page.getByRole('button', { name: 'Back up now' })
export const BACKED_UP = 'The backup is made. It was read back and is whole.'

export async function openBackups({ page }: Installation): Promise<void> {
  await page.getByRole('link', { name: 'Sync and safety' }).click()
  await action(page, /^(Set up backups|Backups)$/).click()
  await expect(heading(page)).toHaveText('Backups')
}

export async function setUpBackups(installation: Installation, folder: string): Promise<void> {
  const { page } = installation
  await openBackups(installation)
  await page.getByLabel('Folder').fill(folder)
  await page.getByRole('button', { name: 'Keep backups here' }).click()
  await expect(page.getByText(`Folder: ${folder}`)).toBeVisible()
}

export async function backUp({ page }: Installation): Promise<void> {
  await backUpNow(page).click()
  await expect(page.getByText(BACKED_UP)).toBeVisible({ timeout: 30_000 })
}

/** Names of finished backups, oldest first. */
export const backupsIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith('Teatray backup') && name.endsWith('.teatray-backup'))
    .toSorted()

export const newestBackup = (folder: string): string => join(folder, backupsIn(folder).at(-1) ?? 'none')

/** What was begun and never finished. */
export const unfinishedIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.endsWith('.part'))

export async function expectWholeBackups(folder: string): Promise<void> {
  for (const name of backupsIn(folder)) {
    const bytes = readFileSync(join(folder, name))
    const source = { size: bytes.length, read: async (at: number, size: number) => bytes.subarray(at, at + size) }
    expect((await checkArchive(source)).ok, name).toBe(true)
  }
}

export async function toFile({ page }: Installation): Promise<void> {
  await page.getByRole('button', { name: 'I have a backup' }).click()
  await expect(heading(page)).toHaveText('Bring back a backup')
}

export async function pickBackup({ page }: Installation, path: string): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(path)
}

export async function bringBackFrom(installation: Installation, path: string): Promise<void> {
  const { page } = installation
  await pickBackup(installation, path)
  await expect(heading(page)).toHaveText('Open the backup', { timeout: 20_000 })
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await page.getByRole('button', { name: 'Bring everything back' }).click()
  await expect(heading(page)).toHaveText('Everything is back', { timeout: 40_000 })
}

export async function writeNote({ page }: Installation, text: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'My notes', exact: true }).click()
  await action(page, /^Write (the first|a new) note/).click()
  await page.getByRole('textbox', { name: 'Your note' }).click()
  await page.keyboard.type(text)
  await expect(page.getByRole('contentinfo')).toContainText('All saved here')
}
