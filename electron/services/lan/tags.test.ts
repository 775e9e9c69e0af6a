import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { toHex } from '../../../shared/base/bytes.ts'
import { roomKeys } from './keys.ts'
import { SLOTS, TAG_LENGTH, dayOf, makeSlots, matchRooms, roomTag } from './tags.ts'

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const secret = new Uint8Array(32).fill(99)
const [ONE, OTHER] = ['a'.repeat(20), 'b'.repeat(20)]
const roomsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ keys: roomKeys(key(index + 1)) }))
const slotsOf = (count: number, day = 20_000, instance = ONE) =>
  makeSlots(
    roomsOf(count).map(({ keys }) => keys),
    secret,
    day,
    instance,
  )

test('the number of slots is a multiple of four and hides the number of rooms', () => {
  expect([0, 1, 3, 4, 5, 8, 9].map((count) => slotsOf(count).length)).toEqual([4, 4, 4, 4, 8, 8, 12])
  for (const slot of slotsOf(5)) expect(slot.length).toBe(TAG_LENGTH)
  expect(new Set(slotsOf(1).map(toHex)).size).toBe(SLOTS)
})

test('slots stay the same for a day, decoys too, and all change with the next and with the name', () => {
  const today = slotsOf(1).map(toHex)
  expect(slotsOf(1).map(toHex)).toEqual(today)
  const later = new Set([...slotsOf(1, 20_001), ...slotsOf(1, 20_000, OTHER)].map(toHex))
  expect(today.some((slot) => later.has(slot))).toBe(false)
})

test('slots are sorted: a place says nothing', () => {
  const slots = slotsOf(3).map(toHex)
  expect(slots).toEqual([...slots].sort())
})

test('who holds the key finds the room, by the clock of the day before to the day after', () => {
  const [room] = roomsOf(1)
  const slots = slotsOf(1)
  for (const today of [19_999, 20_000, 20_001]) expect(matchRooms([room!], slots, today, ONE)).toEqual([room])
  for (const today of [19_998, 20_002]) expect(matchRooms([room!], slots, today, ONE)).toEqual([])
})

test('another key, or the same slots under another name, match nothing', () => {
  const slots = slotsOf(3)
  expect(matchRooms([{ keys: roomKeys(randomBytes(32)) }], slots, 20_000, ONE)).toEqual([])
  expect(matchRooms(roomsOf(3), slots, 20_000, OTHER)).toEqual([])
  expect(matchRooms(roomsOf(3), slots, 20_000, ONE)).toHaveLength(3)
})

test('two members of one room announce different tags', () => {
  const { keys } = roomsOf(1)[0]!
  expect(roomTag(keys, 20_000, ONE)).not.toEqual(roomTag(keys, 20_000, OTHER))
})

test('days are counted in UTC', () => {
  expect(dayOf(Date.parse('2024-06-11T23:59:59Z'))).toBe(dayOf(Date.parse('2024-06-11T00:00:00Z')))
  expect(dayOf(Date.parse('2024-06-12T00:00:00Z'))).toBe(dayOf(Date.parse('2024-06-11T00:00:00Z')) + 1)
})

test('derived keys differ from each other and from the room’s', () => {
  const { tag, prefix, psk } = roomKeys(key(1))
  expect(psk.length).toBe(32)
  expect(new Set([tag, prefix, psk, key(1)].map((bytes) => toHex(bytes.subarray(0, 32)))).size).toBe(4)
})
