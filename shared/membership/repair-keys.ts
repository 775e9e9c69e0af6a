import { fail, ok, type Result } from '../base/errors.ts'
import { MAX_WRAPS } from '../wire/limits.ts'
import type { EpochGrant } from '../wire/record.ts'
import { newestFirst } from './epoch-order.ts'
import { grantTo, recipientOf } from './keys.ts'
import { MAX_HOUSEKEEPING } from './quota.ts'
import type { CircleState, Membership } from './state.ts'

type Lack = CircleState['withoutKey'][number]

/** Whether this computer can pass this key on, and would be believed. */
export const mayMend = (membership: Membership, { epoch, notFrom }: Lack): boolean =>
  membership.epochKey(epoch) !== undefined && notFrom?.includes(membership.secrets.member) !== true

/** The newest keys first: with them people can go on, with the others read back. */
function lacksToMend(membership: Membership, state: CircleState, tried: ReadonlySet<string>): readonly Lack[] {
  const rank = new Map(newestFirst(state.epochs).map((epoch, index) => [epoch, index]))
  return state.withoutKey
    .filter((lack) => mayMend(membership, lack) && !tried.has(`${lack.device} ${lack.epoch}`))
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
 * there was nothing that this computer could do. 'room-kept': what is left of this member's records is for what they say themselves.
 */
export async function repairKeys(
  membership: Membership,
): Promise<Result<number, 'not-allowed' | 'storage-failed' | 'room-kept'>> {
  const tried = new Set<string>()
  for (let given = 0; ;) {
    const state = membership.state()
    const lacks = lacksToMend(membership, state, tried)
    if (lacks.length === 0) return ok(given)
    if (membership.ownRecords() >= MAX_HOUSEKEEPING) return fail('room-kept')
    const appended = await membership.append({ type: 'grant', grants: grantsFor(membership, state, lacks) })
    if (appended.ok) given += lacks.length
    // Somebody may have been taken out meanwhile; of the rest there is something left to do then.
    else if (appended.error !== 'not-allowed' || membership.state() === state) return appended
    if (appended.ok) for (const { device, epoch } of lacks) tried.add(`${device} ${epoch}`)
  }
}
