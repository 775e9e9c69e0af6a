/** Passphrase to keys. The root key is random and never changes; what changes are the wrappers that open it. */
import { equalBytes, randomBytes, type Bytes } from '../../shared/base/bytes.ts'
import { systemClock } from '../../shared/base/clock.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import { openDatabase, type Database } from '../at-rest/database.ts'
import { calibrate, type Argon2Cost } from './argon2.ts'
import { decodeKeyring, encodeKeyring, isPassphraseWrapper, type Keyring, type PassphraseWrapper } from './format.ts'
import { ROOT_KEY_LENGTH, rootCheckOf, unwrapWithPassphrase, wrapWithPassphrase } from './wrapper.ts'

/** A database of its own: it is opened before anything else can be, and hardly ever written. */
export const KEYRING_NAME = 'teatray-keyring'
const KEYRING_SCHEMA = [{ version: 1, stores: { keyring: 'id' } }]
const ROW = 'keyring'

export type KeyringProblem = 'newer-version' | 'damaged' | 'storage-failed'

interface Where {
  /** Name of the database; for tests. */
  readonly name?: string
}

async function withDatabase<Value, Name extends string>(
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

async function load(database: Database): Promise<Result<Keyring | undefined, 'newer-version' | 'damaged'>> {
  const row = await database.read((db) => db.table<{ readonly text: unknown }>('keyring').get(ROW))
  if (row === undefined) return ok(undefined)
  return typeof row.text === 'string' ? decodeKeyring(row.text) : fail('damaged', 'no text')
}

/** Written, then read back from the database: a wrapper that was not kept must never replace one that was. */
async function save(database: Database, keyring: Keyring): Promise<Result<void, 'storage-failed'>> {
  const text = encodeKeyring(keyring)
  await database.write('strict', (db) => db.table('keyring').put({ id: ROW, text }))
  const back = await database.read((db) => db.table<{ readonly text: unknown }>('keyring').get(ROW))
  return back?.text === text ? ok(undefined) : fail('storage-failed', 'The keyring did not read back as written.')
}

/** Undefined where none was set up yet. */
export const readKeyring = (
  where: Where = {},
): Promise<Result<{ readonly label: string } | undefined, KeyringProblem>> =>
  withDatabase(where, async (database) => {
    const keyring = await load(database)
    return keyring.ok ? ok(keyring.value && { label: keyring.value.label }) : keyring
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

interface Opened {
  readonly rootKey: Bytes
  readonly wrapper: PassphraseWrapper
}

async function openWith(keyring: Keyring, passphrase: string): Promise<Result<Opened, 'wrong-passphrase' | 'damaged'>> {
  for (const wrapper of keyring.wrappers.filter(isPassphraseWrapper)) {
    const rootKey = await unwrapWithPassphrase(wrapper, passphrase)
    if (rootKey === undefined) continue
    return equalBytes(rootCheckOf(rootKey), keyring.rootCheck) ? ok({ rootKey, wrapper }) : fail('damaged', 'root key')
  }
  return fail('wrong-passphrase')
}

export type UnlockProblem = 'wrong-passphrase' | 'not-set-up' | KeyringProblem

/** The root key. Nothing is written, whatever the outcome. */
export const unlockKeyring = (
  request: Where & { readonly passphrase: string },
): Promise<Result<Bytes, UnlockProblem>> =>
  withDatabase(request, async (database): Promise<Result<Bytes, UnlockProblem>> => {
    const keyring = await load(database)
    if (!keyring.ok) return keyring
    if (keyring.value === undefined) return fail('not-set-up')
    const opened = await openWith(keyring.value, request.passphrase)
    return opened.ok ? ok(opened.value.rootKey) : opened
  })

export interface ChangeRequest extends Where {
  readonly current: string
  readonly next: string
  readonly cost?: Argon2Cost
}

/** The new wrapper is stored, read back and opened before the old one goes. In between, both passphrases open. */
export const changePassphrase = (request: ChangeRequest): Promise<Result<void, UnlockProblem>> =>
  withDatabase(request, async (database): Promise<Result<void, UnlockProblem>> => {
    const keyring = await load(database)
    if (!keyring.ok) return keyring
    if (keyring.value === undefined) return fail('not-set-up')
    const opened = await openWith(keyring.value, request.current)
    if (!opened.ok) return opened
    const { rootKey } = opened.value
    try {
      const cost = request.cost ?? (await calibrate())
      const wrapper = await wrapWithPassphrase(rootKey, request.next, cost, systemClock.now())
      const both = await save(database, { ...keyring.value, wrappers: [...keyring.value.wrappers, wrapper] })
      if (!both.ok) return both
      const back = await load(database)
      const reopened = back.ok && back.value !== undefined ? await openWith(back.value, request.next) : fail('damaged')
      if (!back.ok || back.value === undefined || !reopened.ok)
        return fail('storage-failed', 'The new wrapper does not open.')
      const others = back.value.wrappers.filter((kept) => !isPassphraseWrapper(kept) || equalBytes(kept.id, wrapper.id))
      return await save(database, { ...back.value, wrappers: others })
    } finally {
      rootKey.fill(0)
    }
  })
