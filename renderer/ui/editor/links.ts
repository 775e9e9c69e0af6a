/** Links that a paper may hold. Everything else is shown as plain text, whoever wrote it and however it came in. */
import { fail, ok, type Result } from '../../../shared/base/errors.ts'

export type LinkProblem = 'empty' | 'not-a-link' | 'not-allowed'

const ALLOWED = /^(?:https:\/\/[^\s/]+\S*|mailto:[^\s@]+@[^\s@]+|tel:\+?[\d\s().-]{3,})$/i
// Browsers ignore these inside an address, so a check that sees them would check another address than the one opened.
// oxlint-disable-next-line no-control-regex
const IGNORED_BY_BROWSERS = /[\u0000-\u001f\u007f\u200b-\u200f\u2028-\u202f\ufeff]/

/** The one question asked before an address is shown as a link: of typed, pasted and received text alike. */
export const isSafeLink = (address: string): boolean => !IGNORED_BY_BROWSERS.test(address) && ALLOWED.test(address)

/** What a person typed, made into an address: 'example.org' and 'ann@example.org' and '020 7946 0000' are enough. */
export function linkFromText(typed: string): Result<string, LinkProblem> {
  const text = typed.trim()
  if (text === '') return fail('empty')
  if (isSafeLink(text)) return ok(text)
  if (/^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/.test(text)) return ok(`mailto:${text}`)
  if (/^\+?[\d\s().-]{6,}$/.test(text)) return ok(`tel:${text.replaceAll(/[\s().-]/g, '')}`)
  if (/^[a-z][a-z\d+.-]*:(?!\d)/i.test(text)) return fail('not-allowed')
  const guess = `https://${text}`
  return /^[^\s/.]+(?:\.[^\s/.]+)+/.test(text) && isSafeLink(guess) ? ok(guess) : fail('not-a-link')
}
