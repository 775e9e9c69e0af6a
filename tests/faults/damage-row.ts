/** Does to one row of IndexedDB what a broken disk would, while Teatray is locked. */
import type { Page } from '@playwright/test'

export interface Damage {
  readonly database: string
  readonly table: string
  /** Of all rows of the table, in the order of their keys, as a share: 0 is the first, 1 the last. */
  readonly at: number
  readonly how: 'corrupt' | 'deleted'
}

export const damageRow = (page: Page, damage: Damage): Promise<void> =>
  page.evaluate(
    ({ database, table, at, how }) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open(database)
        opening.addEventListener('error', () => reject(new Error(String(opening.error))))
        opening.addEventListener('success', () => {
          const db = opening.result
          const work = db.transaction(table, 'readwrite')
          work.addEventListener('abort', () => reject(new Error(String(work.error))))
          work.addEventListener('complete', () => {
            db.close()
            resolve()
          })
          const store = work.objectStore(table)
          const keys = store.getAllKeys()
          keys.addEventListener('success', () => {
            const key = keys.result[Math.round(at * (keys.result.length - 1))]
            if (key === undefined) return reject(new Error(`no row in ${table}`))
            if (how === 'deleted') return store.delete(key)
            const getting = store.get(key)
            getting.addEventListener('success', () => {
              const row = getting.result as { readonly sealed: Uint8Array }
              row.sealed[row.sealed.length >> 1]! ^= 1
              store.put(row)
            })
          })
        })
      }),
    damage,
  )
