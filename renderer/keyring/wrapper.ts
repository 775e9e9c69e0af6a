/** The root key in a box that a passphrase opens, or the words of a recovery sheet, or a key that is kept elsewhere. */
import { concat, equalBytes, randomBytes, utf8, type Bytes } from '../../shared/base/bytes.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { open, seal } from '../../shared/crypto/seal.ts'
import { argon2id, type Argon2Cost } from './argon2.ts'
import type { KeychainWrapper, PassphraseWrapper, RecoveryWrapper } from './format.ts'

export const ROOT_KEY_LENGTH = 32

/**
 * The same passphrase from another keyboard or system: composed and decomposed letters are one (NFKC). The label keeps these
 * keys apart from those of invitation codes, and an empty passphrase from being an error of hash-wasm's.
 */
const passphraseBytes = (passphrase: string): Bytes => utf8(`teatray passphrase\0${passphrase.normalize('NFKC')}`)

const sheetBytes = (secret: Uint8Array): Bytes => concat(utf8('teatray recovery sheet\0'), secret)

export const rootCheckOf = (rootKey: Uint8Array): Bytes => hash('root key check', rootKey)

async function wrappingKey(password: Bytes, salt: Uint8Array, cost: Argon2Cost): Promise<Bytes> {
  try {
    return await argon2id(password, salt, cost)
  } finally {
    password.fill(0)
  }
}

type Box = Omit<PassphraseWrapper, 'type'>

/** Each box names its wrapper inside, so that it opens under no other's name. */
const sealBox = (key: Uint8Array, id: Bytes, rootKey: Uint8Array): Bytes => seal(key, concat(id, rootKey))

function openBox(key: Uint8Array, { id, sealed }: Pick<Box, 'id' | 'sealed'>): Bytes | undefined {
  const plain = open(key, sealed)
  if (plain === undefined || !equalBytes(plain.subarray(0, id.length), id)) return undefined
  const rootKey = plain.slice(id.length)
  plain.fill(0)
  return rootKey
}

async function wrap(
  rootKey: Uint8Array,
  password: Bytes,
  { memoryKiB, passes }: Argon2Cost,
  createdAt: number,
): Promise<Box> {
  const id = randomBytes(16)
  const salt = randomBytes(16)
  const key = await wrappingKey(password, salt, { memoryKiB, passes })
  const sealed = sealBox(key, id, rootKey)
  key.fill(0)
  return { id, createdAt, memoryKiB, passes, salt, sealed }
}

async function unwrap(box: Box, password: Bytes): Promise<Bytes | undefined> {
  const key = await wrappingKey(password, box.salt, box)
  const rootKey = openBox(key, box)
  key.fill(0)
  return rootKey
}

/** `now`: milliseconds of Unix time. */
export const wrapWithPassphrase = async (
  rootKey: Uint8Array,
  passphrase: string,
  cost: Argon2Cost,
  now: number,
): Promise<PassphraseWrapper> => ({
  type: 'passphrase',
  ...(await wrap(rootKey, passphraseBytes(passphrase), cost, now)),
})

/** Undefined where the passphrase is another one. */
export const unwrapWithPassphrase = (wrapper: PassphraseWrapper, passphrase: string): Promise<Bytes | undefined> =>
  unwrap(wrapper, passphraseBytes(passphrase))

/** `secret`: the 16 bytes of the sheet's words. */
export const wrapWithSheet = async (
  rootKey: Uint8Array,
  secret: Uint8Array,
  cost: Argon2Cost,
  now: number,
): Promise<RecoveryWrapper> => ({ type: 'recovery', ...(await wrap(rootKey, sheetBytes(secret), cost, now)) })

/** Undefined where the words are those of another sheet. */
export const unwrapWithSheet = (wrapper: RecoveryWrapper, secret: Uint8Array): Promise<Bytes | undefined> =>
  unwrap(wrapper, sheetBytes(secret))

/** `key`: 32 random bytes, for this wrapper alone. */
export function wrapWithKey(rootKey: Uint8Array, key: Uint8Array, now: number): KeychainWrapper {
  const id = randomBytes(16)
  return { type: 'keychain', id, createdAt: now, sealed: sealBox(key, id, rootKey) }
}

/** Undefined where the key is that of another wrapper. */
export const unwrapWithKey = (wrapper: KeychainWrapper, key: Uint8Array): Bytes | undefined => openBox(key, wrapper)
