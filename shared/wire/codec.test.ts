import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createWriter, decodeAll } from './codec.ts'

const read = (bytes: readonly number[], max = 1_000) => decodeAll(Uint8Array.from(bytes), (reader) => reader.uint(max))

describe('numbers', () => {
  it('have one encoding', () => {
    expect(read([5])).toEqual({ ok: true, value: 5 })
    expect(read([0x80, 1])).toEqual({ ok: true, value: 128 })
    expect(read([0x85, 0])).toMatchObject({ error: 'malformed' })
    expect(read([0x80, 0x81, 0])).toMatchObject({ error: 'malformed' })
    expect(read([0x80])).toMatchObject({ error: 'malformed' })
    expect(read([0xff, 0x7f])).toMatchObject({ error: 'too-large' })
    expect(read(Array<number>(20).fill(0xff))).toMatchObject({ error: 'malformed' })
  })

  it('read back', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const bytes = createWriter().uint(value).done()
        expect(decodeAll(bytes, (reader) => reader.uint(Number.MAX_SAFE_INTEGER))).toEqual({ ok: true, value })
      }),
    )
  })
})

describe('a reader', () => {
  it('refuses what is left over, cut off or over its limit', () => {
    expect(decodeAll(Uint8Array.of(1, 2), (reader) => reader.byte())).toMatchObject({ error: 'malformed' })
    expect(decodeAll(new Uint8Array(0), (reader) => reader.byte())).toMatchObject({ error: 'malformed' })
    expect(decodeAll(Uint8Array.of(1), (reader) => reader.fixed(2))).toMatchObject({ error: 'malformed' })
    expect(decodeAll(Uint8Array.of(3, 1, 2, 3), (reader) => reader.bytes(2))).toMatchObject({ error: 'too-large' })
    const list = Uint8Array.of(3, 1, 2)
    expect(decodeAll(list, (reader) => reader.list(9, (item) => item.byte()))).toMatchObject({ error: 'malformed' })
    expect(decodeAll(list, (reader) => reader.list(2, (item) => item.byte()))).toMatchObject({ error: 'too-large' })
  })

  it('allocates nothing for what is not there', () => {
    const claim = createWriter().uint(0xffff_ffff).done()
    expect(decodeAll(claim, (reader) => reader.bytes(0xffff_ffff))).toMatchObject({ error: 'malformed' })
  })

  it('takes text with one encoding only', () => {
    const text = (...bytes: readonly number[]) =>
      decodeAll(Uint8Array.from([bytes.length, ...bytes]), (reader) => reader.text(100))
    expect(text(0xc3, 0xa9)).toEqual({ ok: true, value: 'é' })
    expect(text(0xef, 0xbb, 0xbf, 0x61)).toMatchObject({ error: 'malformed' })
    expect(text(0xc0, 0x80)).toMatchObject({ error: 'malformed' })
    expect(text(0xed, 0xa0, 0x80)).toMatchObject({ error: 'malformed' })
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const result = decodeAll(bytes, (reader) => [
          reader.id(),
          reader.list(10, (item) => item.text(10)),
          reader.uint(9),
          reader.rest(),
        ])
        expect(typeof result.ok).toBe('boolean')
      }),
    )
  })
})
