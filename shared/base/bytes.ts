/** Byte strings: joining, comparing, and the text forms used in file names and tables. */

export type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export const utf8 = (text: string): Bytes => encoder.encode(text)

/** Throws a TypeError where the bytes are not UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes)

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** For public values only; secrets are compared inside tweetnacl, in constant time. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

const DIGITS = utf8('0123456789abcdef')

// By tables: every row and entry that is read names its devices and hashes this way, so opening a large log stands on it.
export function toHex(bytes: Uint8Array): string {
  const digits = new Uint8Array(2 * bytes.length)
  let at = 0
  for (const byte of bytes) {
    digits[at++] = DIGITS[byte >> 4] ?? 0
    digits[at++] = DIGITS[byte & 15] ?? 0
  }
  return fromUtf8(digits)
}

/** By character code; -1 for what is no hexadecimal digit. */
const VALUES = new Int8Array(128).fill(-1)
for (const [value, code] of DIGITS.entries()) VALUES[code] = value
for (const [value, code] of utf8('ABCDEF').entries()) VALUES[code] = 10 + value

const digitAt = (text: string, index: number): number => {
  const value = VALUES[text.charCodeAt(index)] ?? -1
  if (value < 0) throw new RangeError('not hexadecimal')
  return value
}

/** Throws a RangeError where the text is not an even number of hexadecimal digits. */
export function fromHex(text: string): Bytes {
  if (text.length % 2 !== 0) throw new RangeError('not hexadecimal')
  const bytes = new Uint8Array(text.length / 2)
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = digitAt(text, 2 * index) * 16 + digitAt(text, 2 * index + 1)
  }
  return bytes
}

export const randomBytes = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length))
