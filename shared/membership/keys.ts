/** Epoch keys for this device: unwrapped with its box key, or opened with a newer key that seals an older one. */
import { randomBytes, type Bytes } from '../base/bytes.ts'
import type { CircleId, DeviceId, EpochId } from '../base/ids.ts'
import { derive } from '../crypto/derive.ts'
import { KEY_LENGTH, open, seal } from '../crypto/seal.ts'
import { unwrap, wrap } from '../crypto/wrap.ts'
import type { DeviceCertificate, EpochBody, EpochGrant } from '../wire/record.ts'
import { grantsIn } from './ledger.ts'
import { deviceIdOf, epochIdOf } from './names.ts'
import type { CircleState, DeviceSecrets, Membership } from './state.ts'
import type { VerifiedRecord } from './verify.ts'

const olderKey = (key: Bytes): Bytes => derive(key, 'older epoch keys')

interface Search {
  readonly state: CircleState
  readonly secrets: DeviceSecrets
  readonly keys: Map<EpochId, Bytes>
}

/** A box does not commit to what it holds; the epoch's identifier does. */
function keep({ state, keys }: Search, epoch: EpochId, key: Bytes | undefined): boolean {
  const parents = state.epochs.get(epoch)?.parents
  if (key === undefined || key.length !== KEY_LENGTH || parents === undefined || keys.has(epoch)) return false
  if (epochIdOf(key, state.circle, parents) !== epoch) return false
  keys.set(epoch, key)
  return true
}

/** To be asked before a box is opened: a log holds far more boxes than there are keys to find. */
const isWanted = ({ state, keys }: Search, epoch: EpochId): boolean => state.epochs.has(epoch) && !keys.has(epoch)

function unwrapGrants(search: Search, grants: readonly EpochGrant[]): void {
  for (const { epoch, wraps } of grants) {
    for (const { device, wrapped } of wraps) {
      if (device !== search.secrets.device || !isWanted(search, epoch)) continue
      keep(search, epoch, unwrap(search.secrets.box, wrapped))
    }
  }
}

function openOlder(search: Search, bodies: readonly EpochBody[]): void {
  const byEpoch = new Map<EpochId, EpochBody[]>()
  for (const body of bodies) byEpoch.set(body.grant.epoch, [...(byEpoch.get(body.grant.epoch) ?? []), body])
  const held = [...search.keys.keys()]
  for (let next = held.pop(); next !== undefined; next = held.pop()) {
    const key = search.keys.get(next)
    if (key === undefined) continue
    const older = (byEpoch.get(next) ?? []).flatMap((body) => body.older)
    for (const { epoch, sealedKey } of older.filter((sealed) => isWanted(search, sealed.epoch))) {
      if (keep(search, epoch, open(olderKey(key), sealedKey))) held.push(epoch)
    }
  }
}

/**
 * Adds to `keys` what `records` give this device. Any verified record may bring a key, even one that a rule skips: the key
 * proves itself by the epoch's identifier, and the epoch must be a valid one.
 */
export function collectKeys(
  state: CircleState,
  secrets: DeviceSecrets,
  records: readonly VerifiedRecord[],
  keys: Map<EpochId, Bytes>,
): void {
  const search: Search = { state, secrets, keys }
  for (const { record } of records) unwrapGrants(search, grantsIn(record.body))
  openOlder(
    search,
    records.flatMap(({ record }) => (record.body.type === 'epoch' ? [record.body] : [])),
  )
}

export interface Recipient {
  readonly device: DeviceId
  readonly boxKey: Bytes
}

export const recipientOf = (certificate: DeviceCertificate): Recipient => ({
  device: deviceIdOf(certificate),
  boxKey: certificate.boxKey,
})

/** Of these epochs the keys that this device holds, the first `most` of them. */
export function keysHeld(
  membership: Pick<Membership, 'epochKey'>,
  epochs: readonly EpochId[],
  most: number,
): ReadonlyMap<EpochId, Bytes> {
  const held = new Map<EpochId, Bytes>()
  for (const epoch of epochs) {
    const key = held.size < most ? membership.epochKey(epoch) : undefined
    if (key !== undefined) held.set(epoch, key)
  }
  return held
}

/** A fresh box for each recipient; boxes are never copied. */
export const grantTo = (recipients: readonly Recipient[], epoch: EpochId, key: Bytes): EpochGrant => ({
  epoch,
  wraps: recipients.map(({ device, boxKey }) => ({ device, wrapped: wrap(boxKey, key) })),
})

/** A new epoch over the current leaves, for every present device, with every key held sealed under the new one. */
export function newEpoch(
  circle: CircleId,
  parents: readonly EpochId[],
  recipients: readonly Recipient[],
  held: ReadonlyMap<EpochId, Bytes>,
): EpochBody {
  const key = randomBytes(KEY_LENGTH)
  const sealing = olderKey(key)
  return {
    type: 'epoch',
    grant: grantTo(recipients, epochIdOf(key, circle, parents), key),
    parents,
    older: [...held].map(([epoch, older]) => ({ epoch, sealedKey: seal(sealing, older) })),
  }
}
