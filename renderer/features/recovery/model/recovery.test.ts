import { expect, test } from 'vitest'
import { pickPlaces, isSameWord } from './ask-words.ts'
import { qrOf } from './qr.ts'
import { isRehearsalDue } from './rehearsal.ts'
import { decodeQr, matrixOf } from '../../../../tests/e2e/read-qr.ts'

const DAY = 86_400_000
const NEVER = { triedAt: 0, putOffAt: 0 }

test('a sheet is to be tried after a month, and again a month after each answer', () => {
  const sheets = [{ id: 'a', createdAt: 100 * DAY }]
  expect(isRehearsalDue([], NEVER, 1000 * DAY)).toBe(false)
  expect(isRehearsalDue(sheets, NEVER, 130 * DAY)).toBe(false)
  expect(isRehearsalDue(sheets, NEVER, 131 * DAY)).toBe(true)
  expect(isRehearsalDue(sheets, { triedAt: 120 * DAY, putOffAt: 0 }, 131 * DAY)).toBe(false)
  expect(isRehearsalDue(sheets, { triedAt: 0, putOffAt: 131 * DAY }, 160 * DAY)).toBe(false)
  expect(isRehearsalDue(sheets, { triedAt: 0, putOffAt: 131 * DAY }, 162 * DAY)).toBe(true)
  expect(isRehearsalDue([...sheets, { id: 'b', createdAt: 130 * DAY }], NEVER, 131 * DAY)).toBe(false)
})

test('three different words are asked for, in order', () => {
  const draws = [0.99, 0.5, 0.5, 0]
  expect(pickPlaces(12, 3, () => draws.shift() ?? 0.3)).toEqual([0, 6, 11])
  expect(pickPlaces(2, 3)).toEqual([0, 1])
  expect(isSameWord(' Drill. ', 'drill')).toBe(true)
  expect(isSameWord('drill', 'ozone')).toBe(false)
  expect(isSameWord('', 'ozone')).toBe(false)
})

test.each([
  'ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic',
  `${'abandon '.repeat(11)}about`,
  `${'act '.repeat(11)}add`,
  'absolute abstract accident acoustic actually adjust advance afford alcohol announce antenna armor',
])('the code on the sheet reads as the words: %s', (words) => {
  const { path, size } = qrOf(words)
  expect(decodeQr(matrixOf(path, size))).toBe(words)
})

test('a code that was drawn wrongly does not read as the words', () => {
  const words = 'ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic'
  const { path, size } = qrOf(words)
  const matrix = matrixOf(path, size).map((row) => [...row])
  for (const row of matrix.slice(size / 2)) row.reverse()
  expect(decodeQr(matrix)).not.toBe(words)
})
