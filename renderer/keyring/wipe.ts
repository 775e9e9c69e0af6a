/**
 * The beginning and the end of wiping. The wrappers go first: from then on nothing on this computer opens, whatever becomes of the
 * rest. In the same transaction a mark is left, so that a start after a crash goes on instead of finding papers without a keyring.
 */
import { ok, type Result } from '../../shared/base/errors.ts'
import { deleteDatabase } from '../at-rest/delete-database.ts'
import { KEYRING_NAME, withDatabase, type Where } from './stored.ts'

/** Beside the keyring's row, in the same table. */
const MARK = 'wiping'

export const beginWipe = (where: Where = {}): Promise<Result<void, 'storage-failed' | 'newer-version'>> =>
  withDatabase(where, async (database): Promise<Result<void, never>> => {
    await database.write('strict', async (db) => {
      await db.table('keyring').clear()
      await db.table('keyring').put({ id: MARK })
    })
    return ok(undefined)
  })

/** Wiping was begun, and its end was not reached. */
export const isWipeUnfinished = (where: Where = {}): Promise<Result<boolean, 'storage-failed' | 'newer-version'>> =>
  withDatabase(where, async (database): Promise<Result<boolean, never>> => {
    const mark = await database.read((db) => db.table('keyring').get(MARK))
    return ok(mark !== undefined)
  })

/** The last step: with it the mark goes, and the next start is a first run. */
export const endWipe = ({ name = KEYRING_NAME }: Where = {}): Promise<void> => deleteDatabase(name)
