import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNamer, safeName } from './safe-name.ts'

const LONE_HALF = /\p{Cs}/u
const name = (typed: string): string => safeName(typed, { longest: 60, instead: 'Without a title' })

test.each([
  ['Terms of reference', 'Terms of reference'],
  ['Who / what? "Tea": a|b <c> *d*\\e', 'Who what Tea a b c d e'],
  ['../../etc/passwd', 'etc passwd'],
  ['..', 'Without a title'],
  ['   ', 'Without a title'],
  ['a\u0000b\u001b\nc', 'ab c'],
  ['invoice \u202efdp.exe', 'invoice fdp.exe'],
  ['a\u200bb\ufeff', 'ab'],
  ['lone \ud800 half', 'lone half'],
  ['ends with a dot. ', 'ends with a dot'],
  ['.hidden', 'hidden'],
  ['CON', '_CON'],
  ['aux.minutes', '_aux.minutes'],
  ['LPT²', '_LPT²'],
  ['Console', 'Console'],
  ['Réunion'.normalize('NFD'), 'Réunion'],
  ['話し合い', '話し合い'],
])('%j becomes a name that every system keeps', (typed, expected) => {
  expect(name(typed)).toBe(expected)
})

test('a long one is cut between characters as people see them', () => {
  expect(name('x'.repeat(300))).toBe('x'.repeat(60))
  const flags = name('🏳️‍🌈'.repeat(60))
  expect(new TextEncoder().encode(flags).length).toBeLessThanOrEqual(150)
  expect(flags).not.toMatch(LONE_HALF)
})

test('whatever is typed, the name is one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (typed) => {
      const made = name(typed)
      // oxlint-disable-next-line no-control-regex -- control characters are among them
      expect(made).not.toMatch(/[\u0000-\u001f<>:"/\\|?*\u202a-\u202e]|^[.\s]|[.\s]$|^$/)
      expect(made).not.toMatch(LONE_HALF)
      expect(name(made)).toBe(made)
    }),
  )
})

test('each name once, for systems that do not tell large letters from small ones, too', () => {
  const namer = createNamer(['README.txt'])
  expect(['Plan', 'plan', 'PLAN', 'plan (2)', 'readme.TXT', 'ﬁle', 'file'].map(namer)).toEqual([
    'Plan',
    'plan (2)',
    'PLAN (3)',
    'plan (2) (2)',
    'readme.TXT (2)',
    'ﬁle',
    'file (2)',
  ])
})
