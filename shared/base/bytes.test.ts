import { describe, expect, it } from 'vitest'
import { compareBytes, concat, equalBytes, fromHex, toHex } from './bytes.ts'

const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)

describe('hexadecimal', () => {
  it('names every byte in two lower-case digits, and reads it back', () => {
    const expected = [...every].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    expect(toHex(every)).toBe(expected)
    expect(fromHex(expected)).toEqual(every)
    expect(fromHex(expected.toUpperCase())).toEqual(every)
    expect(toHex(new Uint8Array())).toBe('')
    expect(fromHex('')).toEqual(new Uint8Array())
  })

  it('names only the part that a view shows', () => {
    expect(toHex(every.subarray(254))).toBe('feff')
  })

  it.each(['0', 'abc', '0g', 'g0', ' 0', '0x', '-1', 'é0', '0\u{1F600}', '/0', ':0', '@0', '`0'])(
    'refuses %j',
    (text) => {
      expect(() => fromHex(text)).toThrow(RangeError)
    },
  )
})

describe('byte strings', () => {
  it('are equal only with the same length and bytes', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false)
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false)
    expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true)
  })

  it('are joined and ordered byte by byte, the shorter first', () => {
    expect(concat(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3))
    expect(compareBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBeLessThan(0)
    expect(compareBytes(Uint8Array.of(2), Uint8Array.of(1, 9))).toBeGreaterThan(0)
    expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0)
    expect(compareBytes(Uint8Array.of(7), Uint8Array.of(7))).toBe(0)
  })
})
