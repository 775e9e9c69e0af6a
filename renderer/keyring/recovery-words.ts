/** The words of a recovery sheet: 128 random bits and four of their SHA-256 as twelve words (BIP 39). */
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { randomBytes, type Bytes } from '../../shared/base/bytes.ts'
import { readTypedWords, type Reading, type WordsProblem } from '../../shared/words/typed.ts'
import { BITS_PER_WORD, WORDS } from '../../shared/words/words.ts'

export const SHEET_WORDS = 12
const ENTROPY = 16

/** 16 random bytes. */
export const newSheetSecret = (): Bytes => randomBytes(ENTROPY)

/** `secret`: 16 bytes. Twelve words. */
export const sheetWordsOf = (secret: Bytes): readonly string[] => entropyToMnemonic(secret, [...WORDS]).split(' ')

/** The 16 bytes that twelve typed words stand for. */
export function readSheetWords(text: string): Reading<Bytes> {
  const typed = readTypedWords(text, SHEET_WORDS)
  if (!typed.ok) return typed
  const places = typed.value.match(new RegExp(`.{${BITS_PER_WORD}}`, 'g')) ?? []
  const words = places.map((place) => WORDS[Number.parseInt(place, 2)] ?? '').join(' ')
  try {
    return { ok: true, value: new Uint8Array(mnemonicToEntropy(words, [...WORDS])) }
  } catch {
    // Twelve words of the list: all that can be wrong with them is the checksum.
    return { ok: false, error: { problem: 'checksum' } }
  }
}

/** What is wrong with the words as typed. Undefined: nothing. Pure; fast enough for every keystroke. */
export function checkSheetWords(text: string): WordsProblem | undefined {
  const reading = readSheetWords(text)
  return reading.ok ? undefined : reading.error
}
