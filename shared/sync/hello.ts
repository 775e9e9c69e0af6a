/** What a hello is made of: names that hold within one connection only, and what is signed. */
import { concat, fromHex, toHex, type Bytes } from '../base/bytes.ts'
import type { CircleId, EpochId, HashId } from '../base/ids.ts'
import { hash } from '../crypto/hash.ts'
import type { Head } from './logs.ts'
import { headPrefix, type CircleTag, type HeadHint } from './messages.ts'

const TAG_LENGTH = 16

/** In a minimal hello: says nothing of the records held. */
export const NO_DIGEST: Bytes = new Uint8Array(32)

export const tagOf = (transcript: Uint8Array, circle: CircleId): CircleTag =>
  toHex(hash('session circle', transcript, fromHex(circle)).subarray(0, TAG_LENGTH))

export const epochHintOf = (transcript: Uint8Array, circle: CircleId, epoch: EpochId): string =>
  toHex(hash('session epoch', transcript, fromHex(circle), fromHex(epoch)).subarray(0, TAG_LENGTH))

/** Bound to this connection, to the side the signer is on and to the circle: it proves nothing anywhere else. */
export const signedHello = (transcript: Uint8Array, initiator: boolean, circle: CircleId): Bytes =>
  concat(transcript, Uint8Array.of(initiator ? 1 : 0), fromHex(circle))

export const digestOf = (hashes: Iterable<HashId>): Bytes =>
  hash('record set', ...[...hashes].toSorted().map((each) => fromHex(each)))

export const hintOf = ({ device, incarnation, seq, hash: whole }: Head): HeadHint => ({
  device,
  incarnation,
  seq,
  prefix: headPrefix(whole),
})
