/** The root key in a box that a passphrase opens. */
import { concat, equalBytes, randomBytes, utf8, type Bytes } from '../../shared/base/bytes.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { open, seal } from '../../shared/crypto/seal.ts'
import { argon2id, type Argon2Cost } from './argon2.ts'
import type { PassphraseWrapper } from './format.ts'

export const ROOT_KEY_LENGTH = 32

/**
 * The same passphrase from another keyboard or system: composed and decomposed letters are one (NFKC). The label keeps these
 * keys apart from those of invitation codes, and an empty passphrase from being an error of hash-wasm's.
 */
const passphraseBytes = (passphrase: string): Bytes => utf8(`teatray passphrase\0${passphrase.normalize('NFKC')}`)

export const rootCheckOf = (rootKey: Uint8Array): Bytes => hash('root key check', rootKey)

async function wrappingKey(passphrase: string, salt: Uint8Array, cost: Argon2Cost): Promise<Bytes> {
  const password = passphraseBytes(passphrase)
  try {
    return await argon2id(password, salt, cost)
  } finally {
    password.fill(0)
  }
}

export async function wrapWithPassphrase(
  rootKey: Uint8Array,
  passphrase: string,
  { memoryKiB, passes }: Argon2Cost,
  now: number,
): Promise<PassphraseWrapper> {
  const id = randomBytes(16)
  const salt = randomBytes(16)
  const key = await wrappingKey(passphrase, salt, { memoryKiB, passes })
  const sealed = seal(key, concat(id, rootKey))
  key.fill(0)
  return { type: 'passphrase', id, createdAt: now, memoryKiB, passes, salt, sealed }
}

/** Undefined where the passphrase is another one. */
export async function unwrapWithPassphrase(wrapper: PassphraseWrapper, passphrase: string): Promise<Bytes | undefined> {
  const key = await wrappingKey(passphrase, wrapper.salt, wrapper)
  const plain = open(key, wrapper.sealed)
  key.fill(0)
  if (plain === undefined || !equalBytes(plain.subarray(0, wrapper.id.length), wrapper.id)) return undefined
  const rootKey = plain.slice(wrapper.id.length)
  plain.fill(0)
  return rootKey
}
