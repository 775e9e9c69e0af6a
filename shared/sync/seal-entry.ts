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
  readonly membership: Pick<Membership, 'circle' | 'secrets'>
  readonly signer: Signer
  readonly keys: (epoch: EpochId) => EpochKeys | undefined
}

type Chain = Pick<UpdateEntry, 'kind' | 'previous'> | Pick<FoldEntry, 'kind' | 'previous' | 'foldsFrom' | 'folded'>

/** Undefined where this device does not hold the epoch's key. */
export async function sealEntry(
  place: Place,
  chain: Chain,
  body: EntryBody,
  epoch: EpochId,
  context: SealContext,
): Promise<StoredEntry | undefined> {
  const key = context.keys(epoch)
  if (key === undefined) return undefined
  const sealedBody = seal(key.entry, encodeEntryBody(body))
  const { circle, secrets } = context.membership
  const unsigned = { circle, ...place, epoch, sealedBody, ...chain }
  const signature = await context.signer.sign('entry', secrets.signing, encodeUnsignedEntry(unsigned))
  const bytes = encodeEntry({ ...unsigned, signature })
  const from = chain.kind === 'fold' ? chain.foldsFrom : place.seq
  return { ...place, from, hash: hashOfEntry(bytes), document: body.document, bytes }
}
