/**
 * Where the disk fills up in the middle of a write, the log of Chromium's storage ends in half a record. The next start passes over it
 * and writes on behind it; the start after that finds a log that is damaged in the middle, and deletes every database there is
 * (Chromium 156, LevelDB's reuse_logs; tests/faults/disk.spec.ts). Deleting a database, even one that never held anything, makes
 * Chromium put away what the log says and begin a new one, before the deletion is reported.
 */
import { deleteDatabase } from './delete-database.ts'

const NEVER_HOLDS_ANYTHING = 'teatray-turn'

/** Before the first write after a start. Rejects with the storage's own reason. */
export async function turnLog(): Promise<void> {
  if ((await indexedDB.databases()).length === 0) return
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NEVER_HOLDS_ANYTHING)
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('the log was not turned')))
  })
  database.close()
  await deleteDatabase(NEVER_HOLDS_ANYTHING)
}
