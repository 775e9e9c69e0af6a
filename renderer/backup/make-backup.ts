/** All of this installation as one sealed file. */
import type { Bytes } from '../../shared/base/bytes.ts'
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import { withoutKeychain } from '../keyring/keychain.ts'
import { readStoredKeyring } from '../keyring/restoring.ts'
import { writeArchive } from './archive.ts'
import { DATABASES } from './databases.ts'
import { dumpDatabase, payloadsOf, type Dump } from './dump.ts'

/** Rejects where `write` does, and then what was written is no backup. */
export async function makeBackup(request: {
  readonly backupKey: Uint8Array
  readonly appVersion: string
  readonly now: number
  /** All of the file, in order, in pieces of any size. */
  readonly write: (bytes: Bytes) => Promise<void>
}): Promise<Result<void, 'storage-failed'>> {
  const { backupKey, appVersion, now, write } = request
  const keyring = await readStoredKeyring()
  if (!keyring.ok) return fail('storage-failed', keyring.error)
  if (keyring.value === undefined) return fail('storage-failed', 'no keyring')
  const dumps: Dump[] = []
  for (const database of DATABASES) {
    const dump = await dumpDatabase(database)
    if (!dump.ok) return fail('storage-failed', dump.detail)
    dumps.push(dump.value)
  }
  await writeArchive({
    header: {
      createdAt: now,
      appVersion,
      databases: dumps.map(({ name, version, tables }) => ({ name, version, tables })),
      // What opens it lies on this computer only, and elsewhere nothing would be offered but a disappointment.
      keyring: withoutKeychain(keyring.value),
    },
    payloads: payloadsOf(dumps),
    backupKey,
    write,
  })
  return ok(undefined)
}
