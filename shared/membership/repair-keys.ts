import { ok, type Result } from '../base/errors.ts'
import type { DeviceId, EpochId } from '../base/ids.ts'
import { MAX_WRAPS } from '../wire/limits.ts'
import type { EpochGrant } from '../wire/record.ts'
import { newestFirst } from './epoch-order.ts'
import { grantTo, recipientOf } from './keys.ts'
import type { CircleState, Membership } from './state.ts'

interface Lack {
  readonly device: DeviceId
  readonly epoch: EpochId
}

/** The newest keys first: with them people can go on, with the others read back. */
function lacksToMend(membership: Membership, state: CircleState, tried: ReadonlySet<string>): readonly Lack[] {
  const rank = new Map(newestFirst(state.epochs).map((epoch, index) => [epoch, index]))
  return state.withoutKey
    .filter(({ device, epoch }) => membership.epochKey(epoch) !== undefined && !tried.has(`${device} ${epoch}`))
    .toSorted((a, b) => (rank.get(a.epoch) ?? 0) - (rank.get(b.epoch) ?? 0))
    .slice(0, MAX_WRAPS)
}

function grantsFor(membership: Membership, state: CircleState, lacks: readonly Lack[]): readonly EpochGrant[] {
  return [...new Set(lacks.map(({ epoch }) => epoch))].flatMap((epoch) => {
    const key = membership.epochKey(epoch)
    const to = lacks.flatMap((lack) => (lack.epoch === epoch ? (state.devices.get(lack.device) ?? []) : []))
    return key === undefined
      ? []
      : [
          grantTo(
            to.map(({ certificate }) => recipientOf(certificate)),
            epoch,
            key,
          ),
        ]
  })
}

/**
 * Gives the keys held here to those who may have them and lack them (state.withoutKey). Resolves to how many were given; 0 where
 * there was nothing that this computer could do.
 */
export async function repairKeys(membership: Membership): Promise<Result<number, 'not-allowed' | 'storage-failed'>> {
  const tried = new Set<string>()
  for (let given = 0; ;) {
    const state = membership.state()
    const lacks = lacksToMend(membership, state, tried)
    if (lacks.length === 0) return ok(given)
    const appended = await membership.append({ type: 'grant', grants: grantsFor(membership, state, lacks) })
    if (appended.ok) given += lacks.length
    // Somebody may have been taken out meanwhile; of the rest there is something left to do then.
    else if (appended.error !== 'not-allowed' || membership.state() === state) return appended
    if (appended.ok) for (const { device, epoch } of lacks) tried.add(`${device} ${epoch}`)
  }
}
