/** What the demo counts, from the product as it is: its host link, its database and its screens. */
import { expect, type Page } from '@playwright/test'
import { decodeEnvelope } from '../../shared/host/envelope.ts'
import { METHODS } from '../../shared/host/schemas.ts'
import * as v from 'valibot'
import type { Installation } from '../e2e/installation.ts'

export interface Carried {
  /** Sealed bytes that this window gave its host to carry over the LAN. */
  bytes: number
  frames: number
}

/** Counts from now on; call before the page is opened. */
export function countCarried(page: Page): Carried {
  const carried: Carried = { bytes: 0, frames: 0 }
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (typeof payload === 'string') return
      const message = decodeEnvelope(new Uint8Array(payload))
      if (!message.ok || message.value.kind !== 'request' || message.value.method !== 'lan.send') return
      const { frame } = v.parse(METHODS['lan.send'].params, message.value.params)
      carried.bytes += frame.length
      carried.frames += 1
    }),
  )
  return carried
}

/** Rows of signed entries in the group's database on this computer's disk. */
export const storedEntries = ({ page }: Installation): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('teatray')
        opening.addEventListener('error', () => reject(new Error(String(opening.error))))
        opening.addEventListener('success', () => {
          const database = opening.result
          const counting = database.transaction('entries').objectStore('entries').count()
          counting.addEventListener('error', () => reject(new Error(String(counting.error))))
          counting.addEventListener('success', () => {
            resolve(counting.result)
            database.close()
          })
        })
      }),
  )

/** What Sync and safety says was turned away, and what the host refused before it reached the window. */
export async function refusals({ page, hostLog }: Installation): Promise<number> {
  await page.getByRole('link', { name: 'Sync and safety' }).click()
  const section = page.locator('section', { has: page.getByRole('heading', { name: 'What was turned away' }) })
  await expect(section).toBeVisible()
  return (await section.getByRole('listitem').count()) + (hostLog().match(/refused/g) ?? []).length
}
