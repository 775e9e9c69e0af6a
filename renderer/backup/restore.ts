/** From a checked backup to an installation that is whole, or to the first run as it was. */
import { type Bytes } from '../../shared/base/bytes.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import { derive } from '../../shared/crypto/derive.ts'
import { databaseExists, openDatabase, type Database } from '../at-rest/database.ts'
import { deleteDatabase } from '../at-rest/delete-database.ts'
import { openRow } from '../at-rest/sealed-row.ts'
import { withoutKeychain } from '../keyring/keychain.ts'
import { openKeyringText, type KeyringSecret, type SecretProblem } from '../keyring/open-text.ts'
import { beginRestoring, endRestoring, forgetRestoring, isRestoring } from '../keyring/restoring.ts'
import { openStore } from '../store/store.ts'
import { VAULT_NAME } from '../vault/vault.ts'
import { VAULT_VERSIONS } from '../vault/vault-store.ts'
import { backupKeyOf, readRows, verifyArchive, type ArchiveProblem, type CheckedArchive } from './archive.ts'
import { DATABASES } from './databases.ts'
import { newestOf, type DatabaseName } from './dump.ts'

/** 'not-empty': something is set up on this computer, and nothing is ever written over it. */
export type RestoreProblem = SecretProblem | ArchiveProblem | 'not-empty' | 'storage-failed'

export interface RestoreRequest {
  readonly archive: CheckedArchive
  readonly secret: KeyringSecret
  /** A set-up that was cut off before anything was stored gives way. */
  readonly replacesUnfinished: boolean
}

/** The root key, for opening what is there now. Whatever fails, this computer is as it was before. */
export async function restoreBackup(request: RestoreRequest): Promise<Result<Bytes, RestoreProblem>> {
  const { archive, secret, replacesUnfinished } = request
  const known = findDatabases(archive)
  if (!known.ok) return known
  const opened = await openKeyringText(archive.header.keyring, secret)
  if (!opened.ok) return opened
  const { rootKey } = opened.value
  const backupKey = backupKeyOf(rootKey)
  const isGenuine = verifyArchive(archive, backupKey)
  backupKey.fill(0)
  // Whole, but put together by somebody who has not the keys: it is not what was backed up.
  if (!isGenuine) return fail('damaged', 'MAC')
  if (!replacesUnfinished && (await anyExists())) return fail('not-empty')
  const begun = await beginRestoring({ replace: replacesUnfinished })
  if (!begun.ok) return begun
  const restored = await write(archive, known.value, rootKey).catch((thrown: unknown) =>
    fail('storage-failed', describeThrown(thrown)),
  )
  if (restored.ok) return ok(rootKey)
  rootKey.fill(0)
  await undoRestoring()
  return restored
}

/** At every start: a restoring that was cut off leaves the first run as it was. Rejects where it cannot be cleared away. */
export async function finishInterruptedRestoring(): Promise<void> {
  const found = await isRestoring()
  if (!found.ok || !found.value) return
  await undoRestoring()
}

async function undoRestoring(): Promise<void> {
  for (const { name } of DATABASES) await deleteDatabase(name)
  const forgotten = await forgetRestoring()
  if (!forgotten.ok) throw new Error(forgotten.detail ?? forgotten.error)
}

async function anyExists(): Promise<boolean> {
  for (const { name } of DATABASES) if (await databaseExists(name)) return true
  return false
}

/** With the versions up to the archived one: what came later is then done by opening it, as for any older database. */
function findDatabases({ header }: CheckedArchive): Result<readonly DatabaseName[], 'newer-version' | 'damaged'> {
  const found: DatabaseName[] = []
  for (const { name, version } of header.databases) {
    const known = DATABASES.find((database) => database.name === name)
    // A program that came later may keep something of another kind as well.
    if (known === undefined || version > newestOf(known.versions)) return fail('newer-version', `${name} ${version}`)
    found.push({ name, versions: known.versions.filter((one) => one.version <= version) })
  }
  const isEach = DATABASES.every(({ name }) => found.filter((one) => one.name === name).length === 1)
  return isEach ? ok(found) : fail('damaged', 'databases')
}

async function write(
  archive: CheckedArchive,
  databases: readonly DatabaseName[],
  rootKey: Bytes,
): Promise<Result<void, RestoreProblem>> {
  for (const { name } of DATABASES) await deleteDatabase(name)
  const rows = await writeRows(archive, databases)
  if (!rows.ok) return rows
  const opens = await checkOpens(rootKey)
  if (!opens.ok) return opens
  // A program that did not know of it may have made the backup.
  const ended = await endRestoring(withoutKeychain(archive.header.keyring))
  return ended.ok ? ended : fail('storage-failed', ended.detail)
}

async function writeRows(
  archive: CheckedArchive,
  databases: readonly DatabaseName[],
): Promise<Result<void, ArchiveProblem | 'storage-failed'>> {
  const open = new Map<string, Database>()
  try {
    for (const database of databases) {
      const opened = await openDatabase(database)
      if (!opened.ok) return fail('storage-failed', opened.detail)
      open.set(database.name, opened.value)
    }
    return await readRows(archive, async ({ database, table, rows }) => {
      // Known by now: the header names it, and so do we.
      await open.get(database)?.write('strict', (db) => db.table(table).bulkAdd([...rows]))
    })
  } finally {
    for (const database of open.values()) await database.close()
  }
}

/** A row that did not open when the backup was made is restored as it lay. Without these two nothing would open at all. */
async function checkOpens(rootKey: Bytes): Promise<Result<void, 'damaged' | 'storage-failed'>> {
  const store = await openStore({ rootKey })
  if (!store.ok) return fail('storage-failed', store.detail)
  const identity = await store.value.identity()
  await store.value.close()
  if (!identity.ok || identity.value === undefined) return fail('damaged', 'identity')
  const vault = await openDatabase({ name: VAULT_NAME, versions: VAULT_VERSIONS })
  if (!vault.ok) return fail('storage-failed', vault.detail)
  const row = await vault.value.read((db) => db.table<{ readonly sealed: unknown }>('key').get('vault'))
  await vault.value.close()
  if (row === undefined) return ok(undefined)
  const key = openRow(derive(rootKey, 'vault'), 'key/vault', row.sealed)
  return key.ok ? ok(undefined) : fail('damaged', 'notes')
}
