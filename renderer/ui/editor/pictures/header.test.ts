import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asCameraWrites, pictureFile } from '../../../../tests/fixtures/pictures/read.ts'
import { readHeader } from './header.ts'

const FILES = ['lake.jpg', 'progressive.jpg', 'cup.png', 'lossy.webp', 'lossless.webp', 'animated.webp', 'moving.gif']

describe('what a picture says of itself', () => {
  test.each([
    ['lake.jpg', { kind: 'jpeg', width: 60, height: 40, isAnimated: false }],
    ['progressive.jpg', { kind: 'jpeg', width: 60, height: 40, isAnimated: false }],
    ['cup.png', { kind: 'png', width: 30, height: 20, isAnimated: false }],
    ['lossy.webp', { kind: 'webp', width: 30, height: 20, isAnimated: false }],
    ['lossless.webp', { kind: 'webp', width: 30, height: 20, isAnimated: false }],
    ['animated.webp', { kind: 'webp', width: 30, height: 20, isAnimated: true }],
    ['moving.gif', { kind: 'gif', width: 30, height: 20, isAnimated: true }],
  ])('%s', (name, expected) => expect(readHeader(pictureFile(name))).toEqual(expected))

  test('behind what a camera wrote before it', () => {
    expect(readHeader(asCameraWrites(pictureFile('lake.jpg')))).toMatchObject({ width: 60, height: 40 })
  })

  test('a PNG that moves', () => {
    const still = pictureFile('cup.png')
    const control = [0, 0, 0, 8, 0x61, 0x63, 0x54, 0x4c, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]
    const moving = Uint8Array.from([...still.subarray(0, 33), ...control, ...still.subarray(33)])
    expect(readHeader(moving)).toMatchObject({ kind: 'png', isAnimated: true })
  })

  test.each([
    ['nothing', ''],
    ['a drawing that could hold a script', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['a telephone’s own format', '\0\0\0\u0018ftypheic\0\0\0\0mif1heic'],
    ['words', 'PNG'],
  ])('%s is none', (_, text) => expect(readHeader(new TextEncoder().encode(text))).toBeUndefined())

  test('a size of nothing is none', () => {
    const bytes = pictureFile('cup.png')
    bytes.fill(0, 16, 20)
    expect(readHeader(bytes)).toBeUndefined()
  })

  test('whatever the bytes are, it answers, and never with a size below one', () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(...FILES.map(pictureFile)),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
        fc.nat(),
      )
      .map(([bytes, changes, length]) => {
        const changed = bytes.slice(0, length % (bytes.length + 1))
        for (const [at, value] of changes) if (changed.length > 0) changed[at % Math.min(changed.length, 64)] = value
        return changed
      })
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const header = readHeader(bytes)
        expect(header === undefined || (header.width > 0 && header.height > 0)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
