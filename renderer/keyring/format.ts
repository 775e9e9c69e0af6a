/**
 * The keyring as text: one row in IndexedDB now, a line of a backup later. A first line "teatray-keyring VERSION SUM" tells a
 * newer format and a damaged one apart from a wrong passphrase; the rest is JSON. It holds an array of wrappers, each of
 * which opens the one root key; a kind of wrapper this version does not know is kept as it is.
 */
import * as v from 'valibot'
import { fromHex, toHex, utf8, type Bytes } from '../../shared/base/bytes.ts'
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { isBearable } from './argon2.ts'

export const KEYRING_VERSION = 1

const bytes = (least: number, most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^(?:[0-9a-f]{2})*$/),
    v.transform((text): Bytes => fromHex(text)),
    v.check((value) => value.length >= least && value.length <= most),
  )

const box = {
  /** Binds the box to this wrapper. */
  id: bytes(16, 16),
  createdAt: v.number(),
  memoryKiB: v.number(),
  passes: v.number(),
  salt: bytes(16, 64),
  sealed: bytes(72, 256),
}

const PassphraseWrapper = v.object({ type: v.literal('passphrase'), ...box })
/** Opened by the words of a recovery sheet (recovery-words.ts). The day it was made on is the sheet's name. */
const RecoveryWrapper = v.object({ type: v.literal('recovery'), ...box })

/** Opened by a random key that the operating system's own store of secrets keeps (keychain.ts): nothing to stretch. */
const KeychainWrapper = v.object({
  type: v.literal('keychain'),
  id: box.id,
  createdAt: box.createdAt,
  sealed: box.sealed,
})

const OtherWrapper = v.looseObject({ type: v.pipe(v.string(), v.notValues(['passphrase', 'recovery', 'keychain'])) })

const KeyringSchema = v.object({
  /** Shown before unlocking, so it is not a secret: whose computer this is. */
  label: v.pipe(v.string(), v.maxBytes(200)),
  /** Tells that a wrapper gave the right root key: a secretbox does not commit to its key. */
  rootCheck: bytes(32, 32),
  wrappers: v.pipe(
    v.array(v.union([PassphraseWrapper, RecoveryWrapper, KeychainWrapper, OtherWrapper])),
    v.minLength(1),
    v.maxLength(16),
  ),
})

export type PassphraseWrapper = v.InferOutput<typeof PassphraseWrapper>
export type RecoveryWrapper = v.InferOutput<typeof RecoveryWrapper>
export type KeychainWrapper = v.InferOutput<typeof KeychainWrapper>
export type Wrapper = PassphraseWrapper | RecoveryWrapper | KeychainWrapper | v.InferOutput<typeof OtherWrapper>
export type Keyring = Omit<v.InferOutput<typeof KeyringSchema>, 'wrappers'> & { readonly wrappers: readonly Wrapper[] }

export const isPassphraseWrapper = (wrapper: Wrapper): wrapper is PassphraseWrapper => wrapper.type === 'passphrase'
export const isRecoveryWrapper = (wrapper: Wrapper): wrapper is RecoveryWrapper => wrapper.type === 'recovery'
export const isKeychainWrapper = (wrapper: Wrapper): wrapper is KeychainWrapper => wrapper.type === 'keychain'

const sumOf = (body: string): string => toHex(hash('keyring text', utf8(body)))

const HEADER = /^teatray-keyring (\d{1,6}) ([0-9a-f]{64})$/

export function encodeKeyring(keyring: Keyring): string {
  const body = JSON.stringify(keyring, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value), 1)
  return `teatray-keyring ${KEYRING_VERSION} ${sumOf(body)}\n${body}`
}

export function decodeKeyring(text: string): Result<Keyring, 'newer-version' | 'damaged'> {
  const end = text.indexOf('\n')
  const header = HEADER.exec(text.slice(0, end))
  if (end < 0 || header === null) return fail('damaged', 'no header')
  if (Number(header[1]) > KEYRING_VERSION) return fail('newer-version', header[1])
  const body = text.slice(end + 1)
  if (sumOf(body) !== header[2]) return fail('damaged', 'sum')
  const parsed = v.safeParse(KeyringSchema, parseJson(body))
  if (!parsed.success) return fail('damaged', v.summarize(parsed.issues))
  const unbearable = parsed.output.wrappers.some(
    (wrapper) => (isPassphraseWrapper(wrapper) || isRecoveryWrapper(wrapper)) && !isBearable(wrapper),
  )
  return unbearable ? fail('damaged', 'Argon2 cost out of bounds') : ok(parsed.output)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the schema refuses undefined and names the damage.
    return undefined
  }
}
