import { expect, test } from 'vitest'
import { createI18n } from '../../../app/i18n.ts'
import { refusalLine } from './refusal.ts'

const i18n = createI18n()
const now = new Date(2026, 10, 26, 15, 0).getTime()
const at = new Date(2026, 10, 26, 9, 5).getTime()

test.each([
  ['bad-signature', undefined, 'Today at 09:05: something not truly written by the person it names'],
  ['too-large', 'Bob', 'Today at 09:05, from Bob: something too large, or too much at once'],
  ['after-removal', 'Dan', 'Today at 09:05, from Dan: something from a computer that was taken out'],
  ['too-many-welcomes', undefined, 'Today at 09:05: something too large, or too much at once'],
  ['never-heard-of', undefined, 'Today at 09:05: something that did not pass the checks (never-heard-of)'],
])('%s', (reason, from, expected) => {
  expect(refusalLine(i18n, { at, reason, ...(from === undefined ? {} : { from }) }, now)).toBe(expected)
})
