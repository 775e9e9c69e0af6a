/** Makes an entry: body padded and sealed under the epoch, the whole signed by this device. */
import type { EpochId } from '../base/ids.ts'
import { seal } from '../crypto/seal.ts'
import type { Signer } from '../crypto/sign.ts'
import { hashOfEntry } from '../membership/names.ts'
import type { Membership } from '../membership/state.ts'
import {
  encodeEntry,
  encodeEntryBody,
  encodeUnsignedEntry,
  type EntryBody,
  type FoldEntry,
  type Place,
  type UpdateEntry,
} from '../wire/entry.ts'
import type { EpochKeys } from './epoch-keys.ts'
import type { StoredEntry } from './store.ts'

export interface SealContext {
  readonly membership: Pick<Membership, 'circle' | 'secrets' | 'state' | 'heldEpochs'>
  readonly signer: Signer
  readonly keys: (epoch: EpochId) => EpochKeys | undefined
}

type Chain = Pick<UpdateEntry, 'kind' | 'previous'> | Pick<FoldEntry, 'kind' | 'previous' | 'foldsFrom' | 'folded'>

/** The current epoch, or the last one this device holds a key of while the current one's has not reached it. */
function writingEpoch({ membership, keys }: SealContext): { epoch: EpochId; key: EpochKeys } | undefined {
  for (const epoch of [membership.state().currentEpoch, ...membership.heldEpochs().toReversed()]) {
    const key = keys(epoch)
    if (key !== undefined) return { epoch, key }
  }
  return undefined
}

/** Undefined where this device holds no key at all. */
export async function sealEntry(
  place: Place,
  chain: Chain,
  body: EntryBody,
  context: SealContext,
): Promise<StoredEntry | undefined> {
  const writing = writingEpoch(context)
  if (writing === undefined) return undefined
  const sealedBody = seal(writing.key.entry, encodeEntryBody(body))
  const { circle, secrets } = context.membership
  const unsigned = { circle, ...place, epoch: writing.epoch, sealedBody, ...chain }
  const signature = await context.signer.sign('entry', secrets.signing, encodeUnsignedEntry(unsigned))
  const bytes = encodeEntry({ ...unsigned, signature })
  const from = chain.kind === 'fold' ? chain.foldsFrom : place.seq
  return { ...place, from, hash: hashOfEntry(bytes), document: body.document, bytes }
}
