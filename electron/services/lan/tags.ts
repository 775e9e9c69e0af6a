/**
 * The tags in an announcement. Those who hold a room's key see that the announcer is in it; to all others every slot is
 * random. A tag is bound to the announcer's random instance name, so two members of a room announce different tags and
 * nobody without the key can see that they belong together; and to the day, so a recorded announcement cannot be played
 * again later to see who answers.
 */
import { compareBytes, equalBytes, utf8 } from '../../../shared/base/bytes.ts'
import { MAX_LAN_ROOMS } from '../../../shared/host/lan-rooms.ts'
import { type RoomKeys, hmac } from './keys.ts'

export const TAG_LENGTH = 16
/** The number of slots is always a multiple of this, filled up with decoys, so that it hides how many rooms there are. */
export const SLOTS = 4
/** An announcement must fit into one packet (1,232 bytes is safe on any link, RFC 9715). */
export const MAX_ROOMS = MAX_LAN_ROOMS

const DAY = 86_400_000

/** Days since 1970, UTC. */
export const dayOf = (now: number): number => Math.floor(now / DAY)

function dayBytes(day: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, Math.max(0, day))
  return bytes
}

const tagOf = (key: Uint8Array, day: number, instance: string): Buffer =>
  hmac(key, dayBytes(day), utf8(instance)).subarray(0, TAG_LENGTH)

export const roomTag = (keys: RoomKeys, day: number, instance: string): Uint8Array => tagOf(keys.tag, day, instance)

/**
 * The slots to announce. Decoys come from a secret of this run and stay the same for the day, as the tags do; all are
 * sorted, so that a slot's place says nothing.
 */
export function makeSlots(
  rooms: readonly RoomKeys[],
  decoySecret: Uint8Array,
  day: number,
  instance: string,
): Uint8Array[] {
  const count = SLOTS * Math.max(1, Math.ceil(rooms.length / SLOTS))
  const tags = rooms.map((keys) => roomTag(keys, day, instance))
  const decoys = Array.from({ length: count - tags.length }, (_, index) =>
    tagOf(hmac(decoySecret, utf8(`decoy ${index}`)), day, instance),
  )
  return [...tags, ...decoys].sort(compareBytes)
}

/** The rooms whose tag is among the slots; yesterday's and tomorrow's count, because clocks differ. */
export const matchRooms = <Room extends { readonly keys: RoomKeys }>(
  rooms: Iterable<Room>,
  slots: readonly Uint8Array[],
  today: number,
  instance: string,
): Room[] =>
  [...rooms].filter(({ keys }) =>
    [today, today - 1, today + 1].some((day) => {
      const tag = roomTag(keys, day, instance)
      return slots.some((slot) => equalBytes(slot, tag))
    }),
  )
