/** The keys of one epoch, each for one purpose. */
import type { Bytes } from '../base/bytes.ts'
import type { EpochId } from '../base/ids.ts'
import { derive } from '../crypto/derive.ts'
import type { Membership } from '../membership/state.ts'

export interface EpochKeys {
  readonly entry: Bytes
  readonly hello: Bytes
  readonly presence: Bytes
  /** Key of the room in which those who hold the epoch meet. */
  readonly room: Bytes
}

const deriveKeys = (key: Uint8Array): EpochKeys => ({
  entry: derive(key, 'entry'),
  hello: derive(key, 'hello'),
  presence: derive(key, 'presence'),
  room: derive(key, 'room'),
})

/** Remembers what was derived; undefined where this device holds no key of the epoch. */
export function createEpochKeys(membership: Pick<Membership, 'epochKey'>): (epoch: EpochId) => EpochKeys | undefined {
  const derived = new Map<EpochId, EpochKeys>()
  return (epoch) => {
    const known = derived.get(epoch)
    if (known !== undefined) return known
    const key = membership.epochKey(epoch)
    if (key === undefined) return undefined
    const keys = deriveKeys(key)
    derived.set(epoch, keys)
    return keys
  }
}
