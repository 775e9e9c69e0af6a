import fc from 'fast-check'
import { expect, it } from 'vitest'
import { paddedLength } from './padding.ts'

it('pads short texts alike, and long ones by at most 12 %', () => {
  expect([0, 1, 63, 64].map(paddedLength)).toEqual([64, 64, 64, 64])
  // The paper's own rounding: 4 significant bits at a kilobyte.
  expect([65, 1_000, 1_025].map(paddedLength)).toEqual([72, 1_024, 1_088])
  fc.assert(
    fc.property(fc.integer({ min: 65, max: 4_194_304 }), (length) => {
      const padded = paddedLength(length)
      expect(padded).toBeGreaterThanOrEqual(length)
      expect(padded).toBeLessThanOrEqual(length * 1.12)
      expect(paddedLength(padded)).toBe(padded)
    }),
  )
})

it('never pads less for more', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (a, b) => {
      expect(Math.sign(paddedLength(a) - paddedLength(b)) * Math.sign(a - b)).toBeGreaterThanOrEqual(0)
    }),
  )
})
