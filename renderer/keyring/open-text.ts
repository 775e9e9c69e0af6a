/** Opens a keyring that lies before us as text: the one of this computer, or the one in a backup. */
import { equalBytes, toHex, type Bytes } from '../../shared/base/bytes.ts'
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import {
  decodeKeyring,
  isPassphraseWrapper,
  isRecoveryWrapper,
  type Keyring,
  type PassphraseWrapper,
  type RecoveryWrapper,
} from './format.ts'
import { readSheetWords } from './recovery-words.ts'
import { rootCheckOf, unwrapWithPassphrase, unwrapWithSheet } from './wrapper.ts'

/** What the person knows: the passphrase, or the twelve words of a recovery sheet as typed. */
export type KeyringSecret = { readonly passphrase: string } | { readonly words: string }

export interface SheetFacts {
  /** 32 hexadecimal digits. */
  readonly id: string
  /** Milliseconds of Unix time; what stands on the sheet. */
  readonly createdAt: number
}

export interface KeyringFacts {
  /** Stands in clear in the keyring; may be empty. */
  readonly label: string
  /** Recovery sheets that open it, oldest first. */
  readonly sheets: readonly SheetFacts[]
}

export interface OpenedKeyring extends KeyringFacts {
  /** 32 bytes. */
  readonly rootKey: Bytes
  /** The sheet whose words opened it. Undefined: the passphrase did. */
  readonly sheet?: SheetFacts
}

/** 'words-mistyped': these are no sheet's words at all; checkSheetWords says why. 'wrong-words': another sheet's. */
export type SecretProblem = 'wrong-passphrase' | 'words-mistyped' | 'wrong-words'

const factsOfSheet = ({ id, createdAt }: RecoveryWrapper): SheetFacts => ({ id: toHex(id), createdAt })

export const factsOf = ({ label, wrappers }: Keyring): KeyringFacts => ({
  label,
  sheets: wrappers
    .filter(isRecoveryWrapper)
    .map(factsOfSheet)
    .toSorted((a, b) => a.createdAt - b.createdAt),
})

/** The first of the wrappers that opens. */
async function firstOpened<One extends PassphraseWrapper | RecoveryWrapper>(
  wrappers: readonly One[],
  unwrap: (wrapper: One) => Promise<Bytes | undefined>,
): Promise<{ readonly rootKey: Bytes; readonly wrapper: One } | undefined> {
  for (const wrapper of wrappers) {
    const rootKey = await unwrap(wrapper)
    if (rootKey !== undefined) return { rootKey, wrapper }
  }
  return undefined
}

const checked = (keyring: Keyring, rootKey: Bytes, sheet?: SheetFacts): Result<OpenedKeyring, 'damaged'> =>
  equalBytes(rootCheckOf(rootKey), keyring.rootCheck)
    ? ok({ ...factsOf(keyring), rootKey, ...(sheet === undefined ? {} : { sheet }) })
    : fail('damaged', 'root key')

/** Takes about a second for each wrapper that is tried; mostly there is one. */
export async function openWithPassphrase(
  keyring: Keyring,
  passphrase: string,
): Promise<Result<OpenedKeyring, 'wrong-passphrase' | 'damaged'>> {
  const wrappers = keyring.wrappers.filter(isPassphraseWrapper)
  const opened = await firstOpened(wrappers, (wrapper) => unwrapWithPassphrase(wrapper, passphrase))
  return opened === undefined ? fail('wrong-passphrase') : checked(keyring, opened.rootKey)
}

/** `typed`: the words as somebody typed them. Takes about half a second for each sheet there is. */
export async function openWithWords(
  keyring: Keyring,
  typed: string,
): Promise<Result<OpenedKeyring, 'words-mistyped' | 'wrong-words' | 'damaged'>> {
  const words = readSheetWords(typed)
  if (!words.ok) return fail('words-mistyped', words.error.problem)
  const wrappers = keyring.wrappers.filter(isRecoveryWrapper)
  const opened = await firstOpened(wrappers, (wrapper) => unwrapWithSheet(wrapper, words.value))
  words.value.fill(0)
  return opened === undefined ? fail('wrong-words') : checked(keyring, opened.rootKey, factsOfSheet(opened.wrapper))
}

/** What can be read of a keyring without any secret. `text`: as encodeKeyring makes it. */
export function readKeyringText(text: string): Result<KeyringFacts, 'newer-version' | 'damaged'> {
  const keyring = decodeKeyring(text)
  return keyring.ok ? ok(factsOf(keyring.value)) : keyring
}

/** `text`: as encodeKeyring makes it. Nothing is written anywhere; whoever asks wipes the root key after use. */
export async function openKeyringText(
  text: string,
  secret: KeyringSecret,
): Promise<Result<OpenedKeyring, SecretProblem | 'newer-version' | 'damaged'>> {
  const keyring = decodeKeyring(text)
  if (!keyring.ok) return keyring
  return 'passphrase' in secret
    ? openWithPassphrase(keyring.value, secret.passphrase)
    : openWithWords(keyring.value, secret.words)
}
