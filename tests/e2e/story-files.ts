/** What people do with files that are carried by hand, through the screen alone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import type { Installation } from './installation.ts'
import { action, footer } from './story.ts'

export async function openSafety(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Sync and safety' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sync and safety')
}

export async function leaveNetwork({ page }: Installation): Promise<void> {
  await openSafety(page)
  const lan = page.getByRole('switch', { name: 'Share with the group on this network' })
  await lan.click()
  await expect(lan).not.toBeChecked()
}

/** None looks for the others any more. */
export async function goApart(...everybody: readonly Installation[]): Promise<void> {
  for (const one of everybody) await leaveNetwork(one)
  for (const { page } of everybody)
    await expect(footer(page)).toContainText('Not connected to anyone', { timeout: 30_000 })
}

export interface SavedFile {
  readonly name: string
  readonly path: string
  readonly bytes: Buffer
}

export async function savedFile({ page, profile }: Installation, press: () => Promise<void>): Promise<SavedFile> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  const name = download.suggestedFilename()
  const path = join(profile, `${Date.now()}.teatray`)
  await download.saveAs(path)
  return { name, path, bytes: readFileSync(path) }
}

/** As far as the button that makes the file. */
export async function planFile({ page }: Installation, to: string): Promise<void> {
  await openSafety(page)
  await action(page, `Give ${to} what they lack`).click()
  await expect(page.getByText('My notes are never in it.')).toBeVisible()
}

export const makeTheFile = ({ page }: Installation): Promise<void> =>
  page.getByRole('button', { name: 'Make the file' }).click()

export async function giveFile(from: Installation, to: string): Promise<SavedFile> {
  await planFile(from, to)
  const file = await savedFile(from, () => makeTheFile(from))
  await expect(from.page.getByText('The file is made')).toBeVisible()
  return file
}

export async function chooseFile({ page }: Installation, path: string): Promise<void> {
  await openSafety(page)
  await action(page, 'Give or open an update file').click()
  await page.locator('input[type=file]').setInputFiles(path)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Open a file')
}

/** As from the desktop, onto the middle of the window. */
export async function drop(
  { page }: Installation,
  name: string,
  bytes: Buffer,
  kind: 'drop' | 'paste' = 'drop',
): Promise<void> {
  await page.evaluate(
    ([base64, fileName, how]) => {
      const data = new DataTransfer()
      const content = Uint8Array.from(atob(base64 ?? ''), (one) => one.charCodeAt(0))
      data.items.add(new File([content], fileName ?? ''))
      const options = { bubbles: true, cancelable: true }
      const event =
        how === 'drop'
          ? new DragEvent('drop', { ...options, dataTransfer: data })
          : new ClipboardEvent('paste', { ...options, clipboardData: data })
      ;(document.activeElement ?? document.body).dispatchEvent(event)
    },
    [bytes.toString('base64'), name, kind],
  )
}

export const says = ({ page }: Installation, words: string | RegExp): Promise<void> =>
  expect(page.getByText(words).first()).toBeVisible({ timeout: 20_000 })
