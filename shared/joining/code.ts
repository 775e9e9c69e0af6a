/**
 * An invitation code: 64 random bits and a 13-bit checksum as seven words. What is used on the wire and in the log is
 * stretched from it, so that nobody can try codes against the log: at 2^64 codes and 64 MiB each, not for any money.
 */
import { randomBytes, utf8, type Bytes } from '../base/bytes.ts'
import { fail, ok, type Result } from '../base/errors.ts'
import type { InvitationId } from '../base/ids.ts'
import { derive } from '../crypto/derive.ts'
import { hash } from '../crypto/hash.ts'
import { signingKeyPair, type SigningKeyPair } from '../crypto/sign.ts'
import { invitationIdOf } from '../membership/names.ts'
import { readTypedWords, type Reading, type WordsProblem } from '../words/typed.ts'
import { BITS_PER_WORD, fromBits, toBits, WORDS } from '../words/words.ts'

export const CODE_WORDS = 7
const ENTROPY = 8
const CHECK_BITS = CODE_WORDS * BITS_PER_WORD - ENTROPY * 8

export type CodeProblem = WordsProblem

/** 8 random bytes. */
export const newCode = (): Bytes => randomBytes(ENTROPY)

const checkBitsOf = (code: Uint8Array): string => toBits(hash('invitation code', code)).slice(0, CHECK_BITS)

/** Seven words with spaces between them. */
export function formatCode(code: Uint8Array): string {
  const bits = toBits(code) + checkBitsOf(code)
  const places = bits.match(new RegExp(`.{${BITS_PER_WORD}}`, 'g')) ?? []
  return places.map((place) => WORDS[Number.parseInt(place, 2)] ?? '').join(' ')
}

function read(text: string): Reading<Bytes> {
  const typed = readTypedWords(text, CODE_WORDS)
  if (!typed.ok) return typed
  const code = fromBits(typed.value.slice(0, ENTROPY * 8))
  return checkBitsOf(code) === typed.value.slice(ENTROPY * 8) ? ok(code) : { ok: false, error: { problem: 'checksum' } }
}

/** What is wrong with a code as typed, before anything is looked for. Undefined: nothing. Pure; fast enough for every keystroke. */
export function checkCode(text: string): CodeProblem | undefined {
  const reading = read(text)
  return reading.ok ? undefined : reading.error
}

export function readCode(text: string): Result<Bytes, 'code-mistyped'> {
  const reading = read(text)
  return reading.ok ? reading : fail('code-mistyped', reading.error.problem)
}

/** RFC 9106, as the host's implementation offers it (hash-wasm in browsers). */
export type Argon2id = (request: {
  readonly password: Bytes
  readonly salt: Bytes
  readonly memoryKiB: number
  readonly iterations: number
  readonly parallelism: number
  /** Bytes. */
  readonly length: number
}) => Promise<Uint8Array>

/** Fixed for version 1 of the code: both people must come to the same keys with nothing but the words. */
export const STRETCHING = { memoryKiB: 64 * 1024, iterations: 3, parallelism: 1, length: 32 } as const
const SALT = utf8('teatray invitation code v1')

/** All that a code gives. The log holds only the public key, the transports see only what they derive from the room key. */
export interface InvitationSecrets {
  readonly id: InvitationId
  readonly keys: SigningKeyPair
  /** 32 bytes: the room in which the two find each other (sync/link.ts, purpose 'joining'). */
  readonly roomKey: Bytes
}

/** Takes about 0.4 seconds. `code` is 8 bytes: newCode or readCode. */
export async function stretchCode(code: Bytes, argon2id: Argon2id): Promise<InvitationSecrets> {
  const stretched = await argon2id({ password: code, salt: SALT, ...STRETCHING })
  const keys = signingKeyPair(derive(stretched, 'invitation signing'))
  const roomKey = derive(stretched, 'invitation room')
  stretched.fill(0)
  return { id: invitationIdOf(keys.publicKey), keys, roomKey }
}
