/** Recovery sheets of this computer's keyring: made, listed, tried, revoked. */
import { equalBytes, toHex, type Bytes } from '../../shared/base/bytes.ts'
import { systemClock } from '../../shared/base/clock.ts'
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import type { Database } from '../at-rest/database.ts'
import { LEAST_COST, type Argon2Cost } from './argon2.ts'
import { isRecoveryWrapper, type Keyring } from './format.ts'
import type { SheetProblem, UnlockProblem } from './keyring.ts'
import { factsOf, openWithPassphrase, openWithWords, type SheetFacts } from './open-text.ts'
import { newSheetSecret, sheetWordsOf } from './recovery-words.ts'
import { changing, load, save, withDatabase, type KeyringProblem, type Where } from './stored.ts'
import { wrapWithSheet } from './wrapper.ts'

/** Each is tried in turn, and a keyring holds 16 wrappers at most. */
export const MOST_SHEETS = 8

export interface MadeSheet extends SheetFacts {
  /** Twelve; kept nowhere. */
  readonly words: readonly string[]
}

/** A sheet is of use only where its words are known to open what was written. */
async function writeAndProve(
  database: Database,
  keyring: Keyring,
  { rootKey, cost }: { readonly rootKey: Bytes; readonly cost: Argon2Cost },
): Promise<Result<MadeSheet, KeyringProblem>> {
  const secret = newSheetSecret()
  const words = sheetWordsOf(secret)
  const wrapper = await wrapWithSheet(rootKey, secret, cost, systemClock.now())
  secret.fill(0)
  const saved = await save(database, { ...keyring, wrappers: [...keyring.wrappers, wrapper] })
  if (!saved.ok) return saved
  const back = await load(database)
  if (!back.ok || back.value === undefined) return fail('storage-failed', 'The sheet does not read back.')
  const only = { ...back.value, wrappers: back.value.wrappers.filter((kept) => isSheet(kept, toHex(wrapper.id))) }
  const opened = await openWithWords(only, words.join(' '))
  if (!opened.ok || !equalBytes(opened.value.rootKey, rootKey))
    return fail('storage-failed', 'The new sheet does not open.')
  opened.value.rootKey.fill(0)
  return ok({ id: toHex(wrapper.id), createdAt: wrapper.createdAt, words })
}

const isSheet = (wrapper: Keyring['wrappers'][number], id: string): boolean =>
  isRecoveryWrapper(wrapper) && toHex(wrapper.id) === id

export type AddRecoveryProblem = UnlockProblem | 'too-many-sheets'

/**
 * The passphrase is asked for, so that whoever finds an open window cannot make a sheet for themselves. Resolves after the new
 * wrapper was written, read back and opened by the very words.
 */
export const addRecovery = (
  request: Where & { readonly passphrase: string; readonly cost?: Argon2Cost },
): Promise<Result<MadeSheet, AddRecoveryProblem>> =>
  changing(request, async (database, keyring): Promise<Result<MadeSheet, AddRecoveryProblem>> => {
    if (keyring.wrappers.filter(isRecoveryWrapper).length >= MOST_SHEETS) return fail('too-many-sheets')
    const opened = await openWithPassphrase(keyring, request.passphrase)
    if (!opened.ok) return opened
    const { rootKey } = opened.value
    try {
      // Nobody can go through 2^128 sheets, however cheap each is: the least cost is plenty.
      return await writeAndProve(database, keyring, { rootKey, cost: request.cost ?? LEAST_COST })
    } finally {
      rootKey.fill(0)
    }
  })

/** Oldest first. */
export const listRecoveries = (
  where: Where = {},
): Promise<Result<readonly SheetFacts[], 'not-set-up' | KeyringProblem>> =>
  withDatabase(where, async (database): Promise<Result<readonly SheetFacts[], 'not-set-up' | KeyringProblem>> => {
    const keyring = await load(database)
    if (!keyring.ok) return keyring
    return keyring.value === undefined ? fail('not-set-up') : ok(factsOf(keyring.value).sheets)
  })

/** Which sheet the typed words are of. Nothing is written, whatever the outcome. */
export const tryRecovery = (request: Where & { readonly words: string }): Promise<Result<SheetFacts, SheetProblem>> =>
  withDatabase(request, async (database): Promise<Result<SheetFacts, SheetProblem>> => {
    const keyring = await load(database)
    if (!keyring.ok) return keyring
    if (keyring.value === undefined) return fail('not-set-up')
    const opened = await openWithWords(keyring.value, request.words)
    if (!opened.ok) return opened
    opened.value.rootKey.fill(0)
    const { sheet } = opened.value
    return sheet === undefined ? fail('damaged', 'no sheet') : ok(sheet)
  })

/** `id`: as in SheetFacts. Harmless where it is gone already. Copies of the keyring, as in backups, still know the sheet. */
export const revokeRecovery = (
  request: Where & { readonly id: string },
): Promise<Result<void, 'not-set-up' | KeyringProblem>> =>
  changing(request, (database, keyring) =>
    save(database, { ...keyring, wrappers: keyring.wrappers.filter((wrapper) => !isSheet(wrapper, request.id)) }),
  )
