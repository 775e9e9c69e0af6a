/** Only for wiping, for a restoring that was cut off, and for the one of turn-log.ts: no database is deleted for any other reason. */

/** Resolves when it is gone, or was never there. Waits while somebody has it open; rejects with the storage's own reason. */
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.addEventListener('success', () => resolve())
    request.addEventListener('error', () => reject(request.error ?? new Error(`${name} could not be deleted`)))
  })
}
