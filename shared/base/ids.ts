/** Identifiers: 16 bytes in protocols, the same as 32 hexadecimal digits in memory (usable as keys of maps and rows). */
import { randomBytes, toHex } from './bytes.ts'

declare const brand: unique symbol
type Id<Kind extends string> = string & { readonly [brand]: Kind }

export type MemberId = Id<'member'>
export type DeviceId = Id<'device'>
export type CircleId = Id<'circle'>
export type DocumentId = Id<'document'>
export type EpochId = Id<'epoch'>
export type InvitationId = Id<'invitation'>
/** SHA-512/256-sized hash of a record or an entry: 64 hexadecimal digits. */
export type HashId = Id<'hash'>
export type AnyId = MemberId | DeviceId | CircleId | DocumentId | EpochId | InvitationId

export const ID_LENGTH = 16
export const HASH_LENGTH = 32

export const newDocumentId = (): DocumentId => toHex(randomBytes(ID_LENGTH)) as DocumentId
/** For bytes already checked to be ID_LENGTH long. */
export const idFromBytes = <Kind extends AnyId>(bytes: Uint8Array): Kind => toHex(bytes) as Kind
export const hashFromBytes = (bytes: Uint8Array): HashId => toHex(bytes) as HashId
