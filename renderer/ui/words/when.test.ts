import { expect, test } from 'vitest'
import { createI18n } from '../../app/i18n.ts'
import { listNames } from './names.ts'
import { longMoment, when } from './when.ts'

const i18n = createI18n()
const now = new Date(2026, 10, 26, 15, 0).getTime()

test.each([
  [new Date(2026, 10, 26, 9, 5), 'today at 09:05'],
  [new Date(2026, 10, 25, 23, 59), 'yesterday'],
  [new Date(2026, 10, 24, 9, 0), 'on Tuesday'],
  [new Date(2026, 10, 20, 9, 0), 'on Friday'],
  [new Date(2026, 10, 19, 9, 0), 'on 19 November'],
  [new Date(2025, 10, 19, 9, 0), 'on 19 November 2025'],
  // A clock that is wrong elsewhere must not make a sentence that is wrong here.
  [new Date(2026, 11, 1, 9, 0), 'on 1 December'],
])('%s', (time, expected) => {
  expect(when(i18n, time.getTime(), now)).toBe(expected)
})

test('the night the clocks change still has one yesterday', () => {
  const monday = new Date(2026, 9, 26, 0, 30).getTime()
  expect(when(i18n, new Date(2026, 9, 25, 12, 0).getTime(), monday)).toBe('yesterday')
})

test('coming moments are given in full', () => {
  expect(longMoment(i18n, new Date(2026, 11, 1, 9, 5).getTime())).toBe('Tuesday 1 December, 09:05')
})

test('names', () => {
  expect(listNames(i18n, ['Asha'])).toBe('Asha')
  expect(listNames(i18n, ['Asha', 'Bob', 'Cerys'])).toBe('Asha, Bob and Cerys')
  expect(listNames(i18n, ['Asha', 'Bob', 'Cerys', 'Dev'])).toBe('4 people')
})
