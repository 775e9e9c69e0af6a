/**
 * What the keyring's database says of a restoring. A row 'restoring' stands there, and no keyring, from before the first row of a
 * backup is written until the last one is; then, in one moment, the keyring comes and the row 'restored' stands in its place. So a
 * crash leaves a first run or the whole. 'restored' stays until every circle has heard of it.
 */
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import type { Database } from '../at-rest/database.ts'
import { withDatabase, type KeyringProblem } from './stored.ts'

const KEYRING = 'keyring'
const RESTORING = 'restoring'
const RESTORED = 'restored'

type Done = Promise<Result<void, 'storage-failed' | 'newer-version'>>

const has = async (database: Database, id: string): Promise<boolean> =>
  (await database.read((db) => db.table('keyring').get(id))) !== undefined

/** The text of the keyring as it lies, whatever is in it. Undefined: there is none. */
export const readStoredKeyring = (): Promise<Result<string | undefined, KeyringProblem>> =>
  withDatabase({}, async (database): Promise<Result<string | undefined, 'damaged'>> => {
    const row = await database.read((db) => db.table<{ readonly text: unknown }>('keyring').get(KEYRING))
    if (row === undefined) return ok(undefined)
    return typeof row.text === 'string' ? ok(row.text) : fail('damaged', 'no text')
  })

/** `replace`: a keyring that opens nothing yet goes. Without it a keyring is never touched. */
export const beginRestoring = ({
  replace,
}: {
  readonly replace: boolean
}): Promise<Result<void, 'not-empty' | 'storage-failed' | 'newer-version'>> =>
  withDatabase({}, async (database): Promise<Result<void, 'not-empty'>> => {
    if (!replace && (await has(database, KEYRING))) return fail('not-empty')
    await database.write('strict', async (db) => {
      await db.table('keyring').put({ id: RESTORING })
      await db.table('keyring').delete(KEYRING)
    })
    return ok(undefined)
  })

export const endRestoring = (keyring: string): Done =>
  withDatabase({}, async (database): Promise<Result<void, 'storage-failed'>> => {
    await database.write('strict', async (db) => {
      await db.table('keyring').put({ id: KEYRING, text: keyring })
      await db.table('keyring').put({ id: RESTORED })
      await db.table('keyring').delete(RESTORING)
    })
    const back = await database.read((db) => db.table<{ readonly text: unknown }>('keyring').get(KEYRING))
    return back?.text === keyring ? ok(undefined) : fail('storage-failed', 'The keyring did not read back as written.')
  })

export const isRestoring = (): Promise<Result<boolean, 'storage-failed' | 'newer-version'>> =>
  withDatabase({}, async (database) => ok(await has(database, RESTORING)))

/** Only once nothing of what was written is left. */
export const forgetRestoring = (): Done =>
  withDatabase({}, async (database) => {
    await database.write('strict', (db) => db.table('keyring').delete(RESTORING))
    return ok(undefined)
  })

export const wasRestored = (): Promise<Result<boolean, 'storage-failed' | 'newer-version'>> =>
  withDatabase({}, async (database) => ok(await has(database, RESTORED)))

/** Only once the store itself knows of it. */
export const forgetRestored = (): Done =>
  withDatabase({}, async (database) => {
    await database.write('strict', (db) => db.table('keyring').delete(RESTORED))
    return ok(undefined)
  })
