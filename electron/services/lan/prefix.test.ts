import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { roomKeys } from './keys.ts'
import { PREFIX_LENGTH, makePrefix, matchPrefix } from './prefix.ts'

const rooms = [1, 2, 3].map((fill) => ({ fill, keys: roomKeys(new Uint8Array(32).fill(fill)) }))
const [ME, MY_OLD_NAME, SOMEONE] = ['a'.repeat(20), 'b'.repeat(20), 'c'.repeat(20)]

test('names the room it was made for, under the present name and the one before', () => {
  expect(matchPrefix(rooms, makePrefix(rooms[1]!.keys, ME), [ME, MY_OLD_NAME])?.fill).toBe(2)
  expect(matchPrefix(rooms, makePrefix(rooms[1]!.keys, MY_OLD_NAME), [ME, MY_OLD_NAME])?.fill).toBe(2)
})

test('sent on to another computer it opens nothing', () => {
  expect(matchPrefix(rooms, makePrefix(rooms[1]!.keys, ME), [SOMEONE])).toBeUndefined()
})

test('is fresh for each connection', () => {
  const [one, other] = [makePrefix(rooms[0]!.keys, ME), makePrefix(rooms[0]!.keys, ME)]
  expect(one.length).toBe(PREFIX_LENGTH)
  expect(one.subarray(16)).not.toEqual(other.subarray(16))
})

test('another key, random bytes, a changed bit or a wrong length match nothing', () => {
  const prefix = makePrefix(rooms[0]!.keys, ME)
  expect(matchPrefix([{ keys: roomKeys(randomBytes(32)) }], prefix, [ME])).toBeUndefined()
  expect(matchPrefix(rooms, randomBytes(PREFIX_LENGTH), [ME])).toBeUndefined()
  expect(matchPrefix(rooms, prefix.subarray(1), [ME])).toBeUndefined()
  for (const at of [0, 15, 16, 31]) {
    const changed = prefix.slice()
    changed[at]! ^= 1
    expect(matchPrefix(rooms, changed, [ME])).toBeUndefined()
  }
})
