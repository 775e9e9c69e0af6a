/** How public keys give their owners' identifiers. Every identifier commits to the keys it stands for. */
import { fromHex, type Bytes } from '../base/bytes.ts'
import {
  ID_LENGTH,
  idFromBytes,
  hashFromBytes,
  type CircleId,
  type DeviceId,
  type EpochId,
  type HashId,
  type InvitationId,
  type MemberId,
} from '../base/ids.ts'
import { hash } from '../crypto/hash.ts'
import { createWriter } from '../wire/codec.ts'

const id = (domain: string, ...parts: readonly Uint8Array[]): Bytes => hash(domain, ...parts).slice(0, ID_LENGTH)

export const memberIdOf = (identityKey: Uint8Array): MemberId => idFromBytes(id('member', identityKey))

export const deviceIdOf = (keys: { readonly signingKey: Uint8Array; readonly boxKey: Uint8Array }): DeviceId =>
  idFromBytes(id('device', keys.signingKey, keys.boxKey))

export const invitationIdOf = (invitationKey: Uint8Array): InvitationId => idFromBytes(id('invitation', invitationKey))

export const hashOfRecord = (recordBytes: Uint8Array): HashId => hashFromBytes(hash('record', recordBytes))

export const hashOfEntry = (entryBytes: Uint8Array): HashId => hashFromBytes(hash('entry', entryBytes))

/** A secretbox does not commit to its key; the identifier does. Checked on every unwrap. */
export const epochIdOf = (key: Uint8Array, circle: CircleId, parents: readonly EpochId[]): EpochId =>
  idFromBytes(id('epoch', key, fromHex(circle), ...parents.toSorted().map((parent) => fromHex(parent))))

/** A circle is named by its founder's keys and a nonce; the nonce keeps two circles of one founder apart. */
export const circleIdOf = (
  founder: DeviceId,
  nonce: Uint8Array,
  kind: 'group' | 'circle',
  group?: CircleId,
): CircleId =>
  idFromBytes(id('circle', fromHex(founder), nonce, Uint8Array.of(kind === 'group' ? 0 : 1), fromHex(group ?? '')))

/**
 * The only Yjs client id a device may write with in a circle. 53 bits (Yjs encodes any safe integer): with Yjs's usual 32 a
 * member could search for a device key that collides with another's and split the replicas.
 */
export function yjsClientIdOf(circle: CircleId, device: DeviceId, incarnation: number): number {
  const digest = hash('yjs client', fromHex(circle), fromHex(device), createWriter().uint(incarnation).done())
  let value = 0
  for (const byte of digest.subarray(0, 6)) value = value * 256 + byte
  return value * 32 + ((digest[6] ?? 0) & 31)
}
