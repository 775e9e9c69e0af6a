/**
 * The first 32 bytes of a connection: 16 random ones, and a code over them that tells one who holds the room's key which
 * room is meant. Fresh for each connection, so two connections cannot be linked. It covers the instance name of the one who
 * is called: recorded and sent to another computer, it opens nothing and so cannot be used to ask who is in the same room.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { concat, utf8 } from '../../../shared/base/bytes.ts'
import { type RoomKeys, hmac } from './keys.ts'

export const PREFIX_LENGTH = 32
const HALF = 16

const codeOf = (keys: RoomKeys, nonce: Uint8Array, responder: string): Buffer =>
  hmac(keys.prefix, nonce, utf8(responder)).subarray(0, HALF)

export function makePrefix(keys: RoomKeys, responder: string, nonce: Uint8Array = randomBytes(HALF)): Uint8Array {
  return concat(nonce, codeOf(keys, nonce, responder))
}

/** The room meant by these 32 bytes, where the called one answers to any of `names`. */
export function matchPrefix<Room extends { readonly keys: RoomKeys }>(
  rooms: Iterable<Room>,
  prefix: Uint8Array,
  names: readonly string[],
): Room | undefined {
  if (prefix.length !== PREFIX_LENGTH) return undefined
  const [nonce, code] = [prefix.subarray(0, HALF), prefix.subarray(HALF)]
  return [...rooms].find(({ keys }) => names.some((name) => timingSafeEqual(codeOf(keys, nonce, name), code)))
}
