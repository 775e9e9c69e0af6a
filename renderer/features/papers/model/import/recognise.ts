/** What a file is, by its first bytes before its name. Names lie, and mail programs change them. */
import { fail, ok, type Result } from '../../../../../shared/base/errors.ts'
import { type ImportProblem, MOST_BYTES } from './problems.ts'

export type TextKind = 'markdown' | 'html' | 'plain'

export type Recognised = { readonly kind: 'word' } | { readonly kind: TextKind; readonly text: string }

const startsWith = (bytes: Uint8Array, ...first: readonly number[]): boolean =>
  first.every((byte, index) => bytes[index] === byte)

/** Where Word keeps a locked document: the name of a stream of the old container, in UTF-16. */
function holdsUtf16(bytes: Uint8Array, text: string): boolean {
  const wanted = [...new TextEncoder().encode(text)].flatMap((byte) => [byte, 0])
  for (let at = bytes.indexOf(wanted[0] ?? 0); at >= 0; at = bytes.indexOf(wanted[0] ?? 0, at + 1))
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return true
  return false
}

const inEncoding = (bytes: Uint8Array, encoding: string, fatal: boolean): string =>
  new TextDecoder(encoding, { fatal }).decode(bytes)

/** UTF-8, or with a mark at its beginning UTF-16, or else what Windows used before. Undefined: it is no text. */
function textOf(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, 0xff, 0xfe)) return inEncoding(bytes, 'utf-16le', false)
  if (startsWith(bytes, 0xfe, 0xff)) return inEncoding(bytes, 'utf-16be', false)
  if (bytes.includes(0)) return undefined
  try {
    return inEncoding(bytes, 'utf-8', true)
  } catch {
    // Not UTF-8: every byte means something in this one.
    return inEncoding(bytes, 'windows-1252', false)
  }
}

function kindOfText(text: string, name: string): TextKind {
  if (/\.(?:md|markdown|mdown)$/i.test(name)) return 'markdown'
  if (/\.(?:html?|xhtml)$/i.test(name)) return 'html'
  return /^\s*(?:<!doctype html|<html[\s>])/i.test(text.slice(0, 1000)) ? 'html' : 'plain'
}

/** Other ways of writing a letter, an image or a sheet that are text all the same. */
const OTHER_TEXT = /^\s*(?:\{\\rtf|%!PS|<\?xml|<svg[\s>])/

export function recognise(bytes: Uint8Array, name: string): Result<Recognised, ImportProblem> {
  if (bytes.length === 0) return fail('empty')
  if (bytes.length > MOST_BYTES) return fail('too-large')
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04) || startsWith(bytes, 0x50, 0x4b, 0x05, 0x06))
    return ok({ kind: 'word' })
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)) {
    if (holdsUtf16(bytes, 'EncryptedPackage')) return fail('locked')
    return fail(holdsUtf16(bytes, 'WordDocument') ? 'old-word' : 'other-kind')
  }
  if (startsWith(bytes, 0x25, 0x50, 0x44, 0x46)) return fail('pdf')
  if (/\.docx$/i.test(name)) return fail('not-word')
  const text = textOf(bytes)
  if (text === undefined) return fail('other-kind')
  const kind = kindOfText(text, name)
  if (kind !== 'html' && OTHER_TEXT.test(text.slice(0, 1000))) return fail('other-kind')
  return ok({ kind, text })
}
