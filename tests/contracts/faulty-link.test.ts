import { expect, test } from 'vitest'
import { type FaultPlan, applyFaults } from './faulty-link.ts'

const frames = Array.from({ length: 300 }, (_, index) =>
  Uint8Array.from({ length: 20 }, (__, at) => (index + at) & 0xff),
)
const texts = (list: readonly Uint8Array[]): string[] => list.map((frame) => frame.join())
const original = new Set(texts(frames))
const run = (plan: Omit<FaultPlan, 'seed'>): string[] => texts(applyFaults(frames, { seed: 7, ...plan }))

test('no faults: every frame as it was', () => expect(run({})).toEqual(texts(frames)))

test('the same seed spoils the same, another seed otherwise', () => {
  const plan = { drop: 0.2, corrupt: 0.2, reorder: 0.2 }
  expect(run(plan)).toEqual(run(plan))
  expect(texts(applyFaults(frames, { seed: 8, ...plan }))).not.toEqual(run(plan))
})

test('drop leaves out, duplicate doubles, reorder only moves', () => {
  expect(run({ drop: 0.3 }).length).toBeLessThan(frames.length)
  expect(run({ duplicate: 0.3 }).length).toBeGreaterThan(frames.length)
  const moved = run({ reorder: 0.3 })
  expect(moved).not.toEqual(texts(frames))
  expect(moved.every((text) => original.has(text))).toBe(true)
})

test('truncate shortens to at least one byte, corrupt keeps the length and changes the bytes', () => {
  expect(applyFaults(frames, { seed: 7, truncate: 1 }).every((frame) => frame.length >= 1 && frame.length < 20)).toBe(
    true,
  )
  expect(run({ corrupt: 1 }).every((text) => !original.has(text))).toBe(true)
})

test('the first frames can be spared', () => {
  expect(run({ drop: 1, spare: 5 })).toEqual(texts(frames.slice(0, 5)))
})
