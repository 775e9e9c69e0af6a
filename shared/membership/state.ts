/** What a set of membership records resolves to, and the circle's living membership built on it. */
import type { Bytes } from '../base/bytes.ts'
import type { Result } from '../base/errors.ts'
import type { CircleId, DeviceId, EpochId, HashId, InvitationId, MemberId } from '../base/ids.ts'
import type { BoxKeyPair } from '../crypto/wrap.ts'
import type { SigningKeyPair } from '../crypto/sign.ts'
import type { DeviceCertificate, RecordBody, Role } from '../wire/record.ts'

/** This person's and this computer's secret keys. */
export interface DeviceSecrets {
  readonly identity: SigningKeyPair
  readonly signing: SigningKeyPair
  readonly box: BoxKeyPair
  readonly certificate: DeviceCertificate
  readonly member: MemberId
  readonly device: DeviceId
}

export interface MemberState {
  readonly id: MemberId
  readonly name: string
  readonly role: Role
  readonly identityKey: Bytes
  readonly devices: readonly DeviceId[]
  /** False once removed: kept, because what they wrote keeps their name. */
  readonly present: boolean
}

export interface DeviceState {
  readonly id: DeviceId
  readonly member: MemberId
  readonly certificate: DeviceCertificate
  /** Incarnations this device may write under: 0 and those it declared. */
  readonly incarnations: readonly number[]
  readonly present: boolean
}

export interface InvitationState {
  readonly id: InvitationId
  readonly invitationKey: Bytes
  readonly invitedBy: MemberId
  readonly role: Role
  /** Whether the newcomer gets the keys to what was written before. */
  readonly history: 'all' | 'from-now'
  readonly createdAt: number
  readonly expiresAt: number
  readonly status: 'open' | 'used' | 'cancelled'
  readonly usedBy?: MemberId
  readonly usedByDevice?: DeviceId
}

export interface CircleState {
  readonly circle: CircleId
  readonly kind: 'group' | 'circle'
  readonly group?: CircleId
  readonly name: string
  readonly members: ReadonlyMap<MemberId, MemberState>
  readonly devices: ReadonlyMap<DeviceId, DeviceState>
  readonly invitations: ReadonlyMap<InvitationId, InvitationState>
  /** Every valid epoch with its parents. */
  readonly epochs: ReadonlyMap<EpochId, { readonly parents: readonly EpochId[] }>
  /** The one new entries are sealed under: of the leaves, the one with the lowest id. */
  readonly currentEpoch: EpochId
  /** Records without children, sorted: the parents of the next record. */
  readonly heads: readonly HashId[]
  /** Valid bytes without effect, each with the name of the rule. */
  readonly skipped: readonly { readonly hash: HashId; readonly reason: string }[]
}

export interface Membership {
  readonly circle: CircleId
  readonly secrets: DeviceSecrets
  state(): CircleState
  onChange(listener: () => void): () => void
  /** All records held, resolved or waiting for a parent. */
  hashes(): ReadonlySet<HashId>
  /** Records with these hashes, parents before children. */
  recordsOf(hashes: Iterable<HashId>): readonly Bytes[]
  /** Checks and stores; what does not verify is named and not stored; the rest goes on. */
  receive(records: readonly Uint8Array[]): Promise<readonly { readonly reason: string }[]>
  /** Signs, stores and resolves one record of our own. */
  append(body: RecordBody): Promise<Result<HashId, 'not-allowed' | 'storage-failed'>>
  /** Undefined: no box for this device, or the box does not match the epoch's id. */
  epochKey(epoch: EpochId): Bytes | undefined
  /** Epochs whose keys this device holds. */
  heldEpochs(): readonly EpochId[]
  /** May this device write, in this incarnation, under this epoch? A named refusal otherwise. */
  mayWrite(
    device: DeviceId,
    incarnation: number,
    epoch: EpochId,
  ): Result<MemberId, 'unknown-device' | 'removed' | 'unknown-epoch' | 'unknown-incarnation'>
}
