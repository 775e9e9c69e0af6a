import { fail, ok, type Result } from '../base/errors.ts'
import type { EpochId } from '../base/ids.ts'
import { MAX_PARENTS, MAX_WRAPS } from '../wire/limits.ts'
import type { EpochBody } from '../wire/record.ts'
import { appendFresh } from './append-fresh.ts'
import { leavesOf, newestFirst } from './epoch-order.ts'
import { keysHeld, newEpoch, recipientOf, type Recipient } from './keys.ts'
import type { CircleState, DeviceState, Membership } from './state.ts'

export interface RenewKeyOptions {
  /** Older keys sealed under the new one, as far as everybody may have them; 'none' before somebody comes in from now on. */
  readonly older?: 'all' | 'none'
}

/** Everybody's first computer before anybody's second: where somebody brings hundreds, only theirs wait for a key repair. */
function recipientsOf(state: CircleState, own: DeviceState): readonly Recipient[] {
  const rounds: DeviceState[][] = [[own]]
  for (const { devices } of state.members.values()) {
    const present = devices.flatMap((id) => state.devices.get(id) ?? []).filter((device) => device.present)
    for (const [index, device] of present.filter(({ id }) => id !== own.id).entries()) {
      const round = rounds[index + 1]
      if (round === undefined) rounds[index + 1] = [device]
      else round.push(device)
    }
  }
  return rounds
    .flat()
    .slice(0, MAX_WRAPS)
    .map(({ certificate }) => recipientOf(certificate))
}

function nextEpoch(membership: Membership, state: CircleState, own: DeviceState, older: 'all' | 'none'): EpochBody {
  const shared = newestFirst(state.epochs).filter((epoch) => state.epochs.get(epoch)?.openToAll === true)
  return newEpoch(
    state.circle,
    leavesOf(state.epochs).slice(0, MAX_PARENTS),
    recipientsOf(state, own),
    older === 'none' ? new Map() : keysHeld(membership, shared, MAX_WRAPS),
  )
}

async function renew(
  membership: Membership,
  older: 'all' | 'none',
): Promise<Result<EpochId, 'not-allowed' | 'storage-failed'>> {
  const made: EpochId[] = []
  const isHere = (state: CircleState) => state.devices.get(membership.secrets.device)?.present === true
  if (!isHere(membership.state())) return fail('not-allowed', 'author-not-present')
  const appended = await appendFresh(membership, (state) => {
    const own = state.devices.get(membership.secrets.device)
    if (own === undefined) throw new Error('a device that was there is gone from the state')
    const body = nextEpoch(membership, state, own, older)
    made.push(body.grant.epoch)
    return body
  })
  const epoch = made.at(-1)
  if (!appended.ok) return appended
  return epoch === undefined ? fail('not-allowed') : ok(epoch)
}

const running = new WeakMap<Membership, Map<'all' | 'none', ReturnType<typeof renew>>>()

/**
 * A new key for everybody present, over all the latest ones. An organiser may always; anybody where nothing clean is left to write
 * under. Who asks while one of the same kind is being made gets that one.
 */
export function renewKey(
  membership: Membership,
  { older = 'all' }: RenewKeyOptions = {},
): Promise<Result<EpochId, 'not-allowed' | 'storage-failed'>> {
  const all = running.get(membership) ?? new Map<'all' | 'none', ReturnType<typeof renew>>()
  running.set(membership, all)
  const known = all.get(older)
  if (known !== undefined) return known
  const turn = renew(membership, older).finally(() => all.delete(older))
  all.set(older, turn)
  return turn
}
