/**
 * One more way to the root key: a random key that the host has the operating system keep. It is never the only way, and nothing here
 * touches the passphrase's wrapper. Where the system does not give the key back any more, the wrapper stays and opens nothing, until
 * another one was proved or the person does without.
 */
import { equalBytes, randomBytes, toHex, type Bytes } from '../../shared/base/bytes.ts'
import { systemClock } from '../../shared/base/clock.ts'
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import type { Database } from '../at-rest/database.ts'
import { decodeKeyring, encodeKeyring, isKeychainWrapper, type Keyring, type KeychainWrapper } from './format.ts'
import type { UnlockProblem } from './keyring.ts'
import { openWithPassphrase } from './open-text.ts'
import { changing, load, save, withDatabase, type KeyringProblem, type Where } from './stored.ts'
import { ROOT_KEY_LENGTH, rootCheckOf, unwrapWithKey, wrapWithKey } from './wrapper.ts'

/** 'weak': not kept safely there. 'changed': what comes back is not what was kept, or nothing does. 'not-saved': nothing was kept. */
export type KeeperProblem = 'weak' | 'unavailable' | 'changed' | 'not-saved'

/** Who keeps the keys; `id`: of the wrapper, 32 hexadecimal digits. The session hands it in. */
export interface KeyKeeper {
  keep(id: string, key: Bytes): Promise<Result<void, KeeperProblem>>
  give(id: string): Promise<Result<Bytes, KeeperProblem>>
  /** All but those of these wrappers. What cannot be forgotten now is asked for again by the next findKeychain. */
  forgetAllBut(ids: readonly string[]): Promise<void>
}

interface WithKeeper extends Where {
  readonly keeper: KeyKeeper
}

/** Newest first: an older one is there only where a change was cut off. */
const keychainsOf = ({ wrappers }: Keyring): readonly KeychainWrapper[] =>
  wrappers.filter(isKeychainWrapper).toReversed()

const idOf = ({ id }: KeychainWrapper): string => toHex(id)

/** Which wrapper there is. What is kept for wrappers that are not there, or no more, is forgotten: so ask after each change, too. */
export const findKeychain = ({
  keeper,
  ...where
}: WithKeeper): Promise<Result<string | undefined, 'not-set-up' | KeyringProblem>> =>
  changing(where, async (_, keyring): Promise<Result<string | undefined, never>> => {
    const ids = keychainsOf(keyring).map(idOf)
    await keeper.forgetAllBut(ids)
    return ok(ids[0])
  })

type Proved = Promise<Result<void, KeyringProblem | KeeperProblem>>

/** The new wrapper is stored beside the old one, read back, and opened by what the system gave back. Then the old one goes. */
async function storeAndProve(
  database: Database,
  keyring: Keyring,
  {
    wrapper,
    rootKey,
    keeper,
  }: { readonly wrapper: KeychainWrapper; readonly rootKey: Bytes; readonly keeper: KeyKeeper },
): Proved {
  const given = await keeper.give(idOf(wrapper))
  if (!given.ok) return given
  const saved = await save(database, { ...keyring, wrappers: [...keyring.wrappers, wrapper] })
  if (!saved.ok) return saved
  const back = await load(database)
  const stored = back.ok
    ? back.value?.wrappers.filter(isKeychainWrapper).find(({ id }) => equalBytes(id, wrapper.id))
    : undefined
  const opened = stored && unwrapWithKey(stored, given.value)
  given.value.fill(0)
  const opens = opened !== undefined && equalBytes(opened, rootKey)
  opened?.fill(0)
  if (!opens || !back.ok || back.value === undefined) {
    await save(database, keyring)
    return fail('changed')
  }
  const others = back.value.wrappers.filter((kept) => !isKeychainWrapper(kept) || equalBytes(kept.id, wrapper.id))
  return save(database, { ...back.value, wrappers: others })
}

/**
 * The passphrase is asked for, so that whoever finds an open window cannot make a way in for themselves, and so that somebody who has
 * forgotten it notices now.
 */
export const addKeychain = ({
  keeper,
  passphrase,
  ...where
}: WithKeeper & { readonly passphrase: string }): Promise<Result<void, UnlockProblem | KeeperProblem>> =>
  changing(where, async (database, keyring): Promise<Result<void, UnlockProblem | KeeperProblem>> => {
    const unlocked = await openWithPassphrase(keyring, passphrase)
    if (!unlocked.ok) return unlocked
    const { rootKey } = unlocked.value
    const key = randomBytes(ROOT_KEY_LENGTH)
    const wrapper = wrapWithKey(rootKey, key, systemClock.now())
    try {
      const kept = await keeper.keep(idOf(wrapper), key)
      return kept.ok ? await storeAndProve(database, keyring, { wrapper, rootKey, keeper }) : kept
    } finally {
      rootKey.fill(0)
      key.fill(0)
    }
  })

/** The wrapper goes first: from then on what is kept opens nothing. */
export const removeKeychain = ({
  keeper,
  ...where
}: WithKeeper): Promise<Result<void, 'not-set-up' | KeyringProblem>> =>
  changing(where, async (database, keyring): Promise<Result<void, 'storage-failed'>> => {
    const wrappers = keyring.wrappers.filter((wrapper) => !isKeychainWrapper(wrapper))
    const saved = await save(database, { ...keyring, wrappers })
    if (saved.ok) await keeper.forgetAllBut([])
    return saved
  })

/** The root key. Nothing is written, whatever the outcome. */
export const openWithKeychain = ({
  keeper,
  ...where
}: WithKeeper): Promise<Result<Bytes, KeeperProblem | 'not-set-up' | KeyringProblem>> =>
  withDatabase(where, async (database): Promise<Result<Bytes, KeeperProblem | 'not-set-up' | KeyringProblem>> => {
    const keyring = await load(database)
    if (!keyring.ok) return keyring
    if (keyring.value === undefined) return fail('not-set-up')
    let problem: Result<Bytes, KeeperProblem> = fail('changed')
    for (const wrapper of keychainsOf(keyring.value)) {
      const given = await keeper.give(idOf(wrapper))
      if (!given.ok) {
        problem = given
        continue
      }
      const rootKey = unwrapWithKey(wrapper, given.value)
      given.value.fill(0)
      if (rootKey === undefined) continue
      return equalBytes(rootCheckOf(rootKey), keyring.value.rootCheck) ? ok(rootKey) : fail('damaged', 'root key')
    }
    return problem
  })

/** For backups. A text that does not read is left as it lies. */
export function withoutKeychain(text: string): string {
  const keyring = decodeKeyring(text)
  if (!keyring.ok || !keyring.value.wrappers.some(isKeychainWrapper)) return text
  const wrappers = keyring.value.wrappers.filter((wrapper) => !isKeychainWrapper(wrapper))
  return encodeKeyring({ ...keyring.value, wrappers })
}
