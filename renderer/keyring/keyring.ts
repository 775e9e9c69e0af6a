/** Passphrase to keys. The root key is random and never changes; what changes are the wrappers that open it. */
import { equalBytes, randomBytes, type Bytes } from '../../shared/base/bytes.ts'
import { systemClock } from '../../shared/base/clock.ts'
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import type { Database } from '../at-rest/database.ts'
import { calibrate, type Argon2Cost } from './argon2.ts'
import { encodeKeyring, isPassphraseWrapper, type Keyring } from './format.ts'
import { factsOf, openWithPassphrase, openWithWords, type KeyringFacts } from './open-text.ts'
import { changing, load, save, withDatabase, type KeyringProblem, type Where } from './stored.ts'
import { ROOT_KEY_LENGTH, rootCheckOf, wrapWithPassphrase } from './wrapper.ts'

export { KEYRING_NAME, type KeyringProblem } from './stored.ts'

/** Undefined where none was set up yet. */
export const readKeyring = (where: Where = {}): Promise<Result<KeyringFacts | undefined, KeyringProblem>> =>
  withDatabase(where, async (database) => {
    const keyring = await load(database)
    return keyring.ok ? ok(keyring.value && factsOf(keyring.value)) : keyring
  })

/** For a backup: the text that openKeyringText opens. Undefined where none was set up yet. */
export const keyringText = (where: Where = {}): Promise<Result<string | undefined, KeyringProblem>> =>
  withDatabase(where, async (database) => {
    const keyring = await load(database)
    return keyring.ok ? ok(keyring.value && encodeKeyring(keyring.value)) : keyring
  })

export interface SetUpRequest extends Where {
  readonly passphrase: string
  /** Shown before unlocking; stored in clear. At most 200 bytes of UTF-8. */
  readonly label: string
  /** Calibrated to about a second on this computer unless given. */
  readonly cost?: Argon2Cost
}

/** Draws the root key (32 bytes) and wraps it. Refuses to replace a keyring, readable or not. */
export const setUpKeyring = (
  request: SetUpRequest,
): Promise<Result<Bytes, 'already-set-up' | 'storage-failed' | 'newer-version'>> =>
  withDatabase(request, async (database): Promise<Result<Bytes, 'already-set-up' | 'storage-failed'>> => {
    const existing = await load(database)
    if (!existing.ok || existing.value !== undefined) return fail('already-set-up')
    const rootKey = randomBytes(ROOT_KEY_LENGTH)
    const cost = request.cost ?? (await calibrate())
    const wrapper = await wrapWithPassphrase(rootKey, request.passphrase, cost, systemClock.now())
    const saved = await save(database, { label: request.label, rootCheck: rootCheckOf(rootKey), wrappers: [wrapper] })
    return saved.ok ? ok(rootKey) : saved
  })

export type UnlockProblem = 'wrong-passphrase' | 'not-set-up' | KeyringProblem

/** The root key. Nothing is written, whatever the outcome. */
export const unlockKeyring = (
  request: Where & { readonly passphrase: string },
): Promise<Result<Bytes, UnlockProblem>> =>
  withDatabase(request, async (database): Promise<Result<Bytes, UnlockProblem>> => {
    const keyring = await load(database)
    if (!keyring.ok) return keyring
    if (keyring.value === undefined) return fail('not-set-up')
    const opened = await openWithPassphrase(keyring.value, request.passphrase)
    return opened.ok ? ok(opened.value.rootKey) : opened
  })

/**
 * The only passphrase from now on. The new wrapper is stored, read back and opened before the old one goes; in between, both
 * passphrases open. Recovery sheets stay as they are. `rootKey` is the caller's to wipe.
 */
async function replacePassphrase(
  database: Database,
  keyring: Keyring,
  { rootKey, next, cost }: { readonly rootKey: Bytes; readonly next: string; readonly cost: Argon2Cost | undefined },
): Promise<Result<void, KeyringProblem>> {
  const wrapper = await wrapWithPassphrase(rootKey, next, cost ?? (await calibrate()), systemClock.now())
  const both = await save(database, { ...keyring, wrappers: [...keyring.wrappers, wrapper] })
  if (!both.ok) return both
  const back = await load(database)
  if (!back.ok || back.value === undefined) return fail('storage-failed', 'The new wrapper does not read back.')
  const reopened = await openWithPassphrase(back.value, next)
  if (!reopened.ok) return fail('storage-failed', 'The new wrapper does not open.')
  reopened.value.rootKey.fill(0)
  const others = back.value.wrappers.filter((kept) => !isPassphraseWrapper(kept) || equalBytes(kept.id, wrapper.id))
  return save(database, { ...back.value, wrappers: others })
}

export interface ChangeRequest extends Where {
  readonly current: string
  readonly next: string
  readonly cost?: Argon2Cost
}

export const changePassphrase = (request: ChangeRequest): Promise<Result<void, UnlockProblem>> =>
  changing(request, async (database, keyring): Promise<Result<void, UnlockProblem>> => {
    const opened = await openWithPassphrase(keyring, request.current)
    if (!opened.ok) return opened
    const { rootKey } = opened.value
    try {
      return await replacePassphrase(database, keyring, { rootKey, next: request.next, cost: request.cost })
    } finally {
      rootKey.fill(0)
    }
  })

export type SheetProblem = 'words-mistyped' | 'wrong-words' | 'not-set-up' | KeyringProblem

/**
 * For a forgotten passphrase: `words` are those of a recovery sheet, as typed. The root key, once `next` is the passphrase. The
 * sheet goes on opening.
 */
export const setPassphraseWithRecovery = (
  request: Where & { readonly words: string; readonly next: string; readonly cost?: Argon2Cost },
): Promise<Result<Bytes, SheetProblem>> =>
  changing(request, async (database, keyring): Promise<Result<Bytes, SheetProblem>> => {
    const opened = await openWithWords(keyring, request.words)
    if (!opened.ok) return opened
    const { rootKey } = opened.value
    const set = await replacePassphrase(database, keyring, { rootKey, next: request.next, cost: request.cost })
    if (set.ok) return ok(rootKey)
    rootKey.fill(0)
    return set
  })
