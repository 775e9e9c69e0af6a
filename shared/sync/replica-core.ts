/** What the operations on one replica share: its documents in memory, its logs, and which of them is this device's own. */
import type * as Y from 'yjs'
import { randomBytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { DeviceId, DocumentId, EpochId, HashId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import { yjsClientIdOf } from '../membership/names.ts'
import type { Membership } from '../membership/state.ts'
import type { Place, Seen } from '../wire/entry.ts'
import type { Deletions } from './deletions.ts'
import type { EpochKeys } from './epoch-keys.ts'
import type { LogName, Logs } from './logs.ts'
import type { CircleStore } from './store.ts'
import type { Timers } from './timers.ts'
import type { Words } from './words.ts'

/** Origin of transactions that bring what is stored already; never sealed again. */
export const REMOTE = Symbol('remote')

export interface ReplicaOptions {
  readonly membership: Membership
  readonly store: CircleStore
  readonly signer: Signer
  readonly clock: Clock
  readonly timers?: Timers
  readonly log?: (line: string) => void
  /**
   * The store came out of a backup, and this device may have written on after it was made: nothing is written until a new
   * incarnation is declared. `onRenewed` is called once it is; until then the next opening must say so again.
   */
  readonly restored?: { readonly onRenewed: () => Promise<void> } | undefined
}

export interface Live {
  readonly id: DocumentId
  readonly doc: Y.Doc
  deletions: Deletions
  holders: number
  pending: Uint8Array[]
  sinceSnapshot: number
  /** Something in it counts as gone because this device may not follow its log: so it is in no snapshot. See pass-over.ts. */
  passedOver: boolean
  readonly ready: Promise<void>
}

export type Core = Required<Omit<ReplicaOptions, 'log' | 'restored'>> & {
  readonly log: (line: string) => void
  readonly keys: (epoch: EpochId) => EpochKeys | undefined
  readonly logs: Logs
  readonly live: Map<DocumentId, Live>
  /** What each device says it had, in entries that are held here. Whole only once vouching.ts has read them all. */
  readonly seen: Map<DeviceId, Map<string, Place>>
  /** The same of logs of devices that were taken out, entry by entry. */
  readonly words: Words
  /** Devices that were taken out and whose words have all been read since. */
  readonly readFor: Set<DeviceId>
  /** Others' heads that changed since our last entry. */
  readonly news: Map<string, Seen>
  readonly tooLarge: Set<HashId>
  incarnation: number
}

export const ownLog = (core: Core): LogName => ({
  device: core.membership.secrets.device,
  incarnation: core.incarnation,
})
export const ownClient = (core: Core): number =>
  yjsClientIdOf(core.membership.circle, core.membership.secrets.device, core.incarnation)

export function declaredIncarnation(membership: Membership): number {
  return Math.max(0, ...(membership.state().devices.get(membership.secrets.device)?.incarnations ?? []))
}

/** Where records were lost, a log of our own may be all that is left of an incarnation. */
export function usedIncarnation({ logs, membership }: Pick<Core, 'logs' | 'membership'>): number {
  const own = logs.all().filter(({ device }) => device === membership.secrets.device)
  return Math.max(declaredIncarnation(membership), ...own.map(({ incarnation }) => incarnation))
}

/**
 * Not simply the next one: a computer that was restored twice from one backup, or that was itself restored after it was made,
 * has used the next one already.
 */
export const incarnationAfterRestoring = (core: Core): number => usedIncarnation(core) + 1 + (randomBytes(1)[0] ?? 0)

/**
 * True where places of our own log were used that cannot be read here any more. Others hold what was written there, so nothing
 * may be written at them, nor with the clocks that were used in them.
 */
export async function hasLostPlaces(core: Core): Promise<boolean> {
  const log = core.logs.get(ownLog(core))
  const head = log?.items.at(-1)?.seq ?? 0
  if ((log?.stranded.length ?? 0) > 0 || usedIncarnation(core) > core.incarnation) return true
  return (await core.store.lastSeq(ownLog(core))) > head
}
