/** Where the keyring lies: one row of a database of its own, which is opened before anything else can be. */
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import { openDatabase, type Database } from '../at-rest/database.ts'
import { decodeKeyring, encodeKeyring, type Keyring } from './format.ts'

export const KEYRING_NAME = 'teatray-keyring'
const KEYRING_SCHEMA = [{ version: 1, stores: { keyring: 'id' } }]
const ROW = 'keyring'

export type KeyringProblem = 'newer-version' | 'damaged' | 'storage-failed'

export interface Where {
  /** Name of the database; for tests. */
  readonly name?: string
}

export async function withDatabase<Value, Name extends string>(
  { name = KEYRING_NAME }: Where,
  work: (database: Database) => Promise<Result<Value, Name>>,
): Promise<Result<Value, Name | 'storage-failed' | 'newer-version'>> {
  const opened = await openDatabase({ name, versions: KEYRING_SCHEMA })
  if (!opened.ok) return opened
  try {
    return await work(opened.value)
  } catch (thrown) {
    return fail('storage-failed', describeThrown(thrown))
  } finally {
    await opened.value.close()
  }
}

export async function load(database: Database): Promise<Result<Keyring | undefined, 'newer-version' | 'damaged'>> {
  const row = await database.read((db) => db.table<{ readonly text: unknown }>('keyring').get(ROW))
  if (row === undefined) return ok(undefined)
  return typeof row.text === 'string' ? decodeKeyring(row.text) : fail('damaged', 'no text')
}

/** Written, then read back from the database: a wrapper that was not kept must never replace one that was. */
export async function save(database: Database, keyring: Keyring): Promise<Result<void, 'storage-failed'>> {
  const text = encodeKeyring(keyring)
  await database.write('strict', (db) => db.table('keyring').put({ id: ROW, text }))
  const back = await database.read((db) => db.table<{ readonly text: unknown }>('keyring').get(ROW))
  return back?.text === text ? ok(undefined) : fail('storage-failed', 'The keyring did not read back as written.')
}

let last: Promise<unknown> = Promise.resolve()

/** Two changes at once would each write what the other had not read. */
function oneAtATime<Value>(work: () => Promise<Value>): Promise<Value> {
  const mine = last.then(work, work)
  last = mine
  return mine
}

/** `work` may read, seal and save: nothing else changes the keyring of this window meanwhile. */
export const changing = <Value, Name extends string>(
  where: Where,
  work: (database: Database, keyring: Keyring) => Promise<Result<Value, Name>>,
): Promise<Result<Value, Name | 'not-set-up' | KeyringProblem>> =>
  oneAtATime(() =>
    withDatabase(where, async (database): Promise<Result<Value, Name | 'not-set-up' | KeyringProblem>> => {
      const keyring = await load(database)
      if (!keyring.ok) return keyring
      return keyring.value === undefined ? fail('not-set-up') : work(database, keyring.value)
    }),
  )
