import { expect, test } from 'vitest'
import { isInstance } from './handshake.ts'
import { createNames } from './names.ts'
import { dayOf } from './tags.ts'

const DAY = 86_400_000

test('a new day brings new tags and a new name; the old name is still answered to', () => {
  const time = { ms: 20_000 * DAY }
  const names = createNames({ now: () => time.ms })
  const first = names.own()
  expect(isInstance(first)).toBe(true)
  time.ms += DAY - 1
  expect([names.turn(false), names.own(), names.day()]).toEqual(['same', first, 20_000])
  time.ms += 1
  expect(names.turn(false)).toBe('name')
  expect(names.own()).not.toBe(first)
  expect(names.answersTo()).toEqual([names.own(), first])
  expect(names.day()).toBe(dayOf(time.ms))
  expect(names.turn(false)).toBe('same')
})

test('while a link stands the name stays, and the tags turn all the same', () => {
  const time = { ms: 20_000 * DAY }
  const names = createNames({ now: () => time.ms })
  const first = names.own()
  time.ms += DAY
  expect([names.turn(true), names.own(), names.day()]).toEqual(['tags', first, 20_001])
})

test('two stays have nothing in common', () => {
  const clock = { now: () => 0 }
  expect(createNames(clock).own()).not.toBe(createNames(clock).own())
})
