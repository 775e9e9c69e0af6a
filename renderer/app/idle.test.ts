import { expect, test } from 'vitest'
import { createIdleWatch } from './idle.ts'

const minute = 60_000

test('time runs out the chosen minutes after the last touch', () => {
  const watch = createIdleWatch(15, 0)
  expect(watch.left(14 * minute)).toBe(minute)
  watch.touched(14 * minute)
  expect(watch.left(15 * minute)).toBe(14 * minute)
  expect(watch.left(29 * minute)).toBe(0)
})

test('a computer that slept through the time is overdue', () => {
  expect(createIdleWatch(15, 0).left(8 * 60 * minute)).toBeLessThan(0)
})
