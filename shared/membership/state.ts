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
  /** Whether they may have the keys to what was written before they came; 'all' where any introduction of their stay says so. */
  readonly history: 'all' | 'from-now'
  /**
   * Of somebody present with history 'from-now': the logs that began after they came in, by device. No other can be followed by them,
   * since what an entry stands on may be sealed under keys that they may not have. See mayFollow.
   */
  readonly follows?: ReadonlyMap<DeviceId, readonly number[]>
}

/** What a removal says of one device: who took it out, and up to where its entries count. */
export interface DeviceRemoval {
  /** The author's member; the device's own member where they left. Of several removals, the first in the graph's order. */
  readonly by: MemberId
  /** By incarnation, the last entry accepted; of several removals the highest seq. An incarnation not named: nothing counts. */
  readonly limits: ReadonlyMap<number, { readonly seq: number; readonly hash: HashId }>
}

export interface DeviceState {
  readonly id: DeviceId
  readonly member: MemberId
  readonly certificate: DeviceCertificate
  /** Incarnations this device may write under: 0 and those it declared. */
  readonly incarnations: readonly number[]
  readonly present: boolean
  /** As its owner calls it; empty where nobody gave it a name. */
  readonly name: string
  /** Only where it is not present. */
  readonly removal?: DeviceRemoval
}

export interface EpochState {
  readonly parents: readonly EpochId[]
  /**
   * False where its key was given to a device that is not present now, where somebody present may not have it, or where its record
   * was struck out: nothing new may be sealed under it.
   */
  readonly clean: boolean
  /** Everybody present may have its key, and what it opens: it may be sealed under a new one. */
  readonly openToAll: boolean
  /** Whose device made it. */
  readonly by: MemberId
}

export interface SkippedRecord {
  readonly hash: HashId
  /** Name of the rule or conflict. */
  readonly reason: string
  readonly type: RecordBody['type']
  /** Undefined where nobody knows the author's device. */
  readonly author: MemberId | undefined
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
  /**
   * Devices that were never in by what is known now: the record that brought them in was struck out. Others met them in good faith,
   * so what somebody had taken in of theirs counts, as of a device that was taken out. None of them is in `devices`.
   */
  readonly fallen: ReadonlyMap<DeviceId, DeviceState>
  readonly invitations: ReadonlyMap<InvitationId, InvitationState>
  /** Every valid epoch, and those struck out (never clean): others may have sealed under them before they knew. */
  readonly epochs: ReadonlyMap<EpochId, EpochState>
  /** Of the clean leaves the one with the lowest id; where none is clean, of all leaves. What to seal under: sealingEpoch(). */
  readonly currentEpoch: EpochId
  /** Present devices without a key that they may have: neither given to them nor sealed under one that was. See repair-keys.ts. */
  readonly withoutKey: readonly {
    readonly device: DeviceId
    readonly epoch: EpochId
    /** Members whose boxes did not open, as the device said: another one of them would not count. */
    readonly notFrom?: readonly MemberId[]
  }[]
  /** The circle has ended: screens offer no writing. What was written elsewhere before that was known still counts. */
  readonly closed: boolean
  /** The last records, sorted: the parents of the next one. Valid ones, and those struck out that gave keys. */
  readonly heads: readonly HashId[]
  /** Valid bytes without effect, each with the name of the rule. */
  readonly skipped: readonly SkippedRecord[]
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
  /**
   * Checks and stores; what does not verify is named and not stored; the rest goes on. `hash`: of what is too much here, and may be
   * held by others in good faith.
   */
  receive(records: readonly Uint8Array[]): Promise<readonly { readonly reason: string; readonly hash?: HashId }[]>
  /** Signs, stores and resolves one record of our own. */
  append(body: RecordBody): Promise<Result<HashId, 'not-allowed' | 'storage-failed'>>
  /** Undefined: no box for this device, or the box does not match the epoch's id. */
  /** These records and all that they rest on, parents before children: to tell a removed device why. */
  recordsUpTo(hashes: Iterable<HashId>): readonly Bytes[]
  /** The valid records that took a device out; none where it is present or not known. */
  removalsOf(device: DeviceId): readonly HashId[]
  epochKey(epoch: EpochId): Bytes | undefined
  /** Epochs whose keys this device was given by the records and may have, and holds none of: what it was given does not open. */
  unopened(): readonly EpochId[]
  /** Records by this device's member that are held. */
  ownRecords(): number
  /** Epochs whose keys this device holds. */
  heldEpochs(): readonly EpochId[]
  /**
   * What new entries are to be sealed under: of the clean leaves whose key is held here, the one with the lowest id. Undefined
   * where there is none: then renew-key.ts first, or whoever was removed could read what is written.
   */
  sealingEpoch(): EpochId | undefined
  /**
   * May this device write, in this incarnation, under this epoch? A named refusal otherwise. `upTo`, for a device that is not
   * present any more: only what its removal counts as accepted, or what a present device had taken in (shared/sync).
   */
  mayWrite(
    device: DeviceId,
    incarnation: number,
    epoch: EpochId,
  ): Result<
    { readonly member: MemberId; readonly upTo?: { readonly seq: number; readonly hash?: HashId } },
    'unknown-device' | 'unknown-epoch' | 'unknown-incarnation'
  >
}
