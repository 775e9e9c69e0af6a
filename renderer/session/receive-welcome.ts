/**
 * A circle that somebody put this person into: checked from its records alone, stored, opened and told of. Whoever sent them is
 * somebody of the group, and is believed in nothing.
 */
import type { Bytes } from '../../shared/base/bytes.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { CircleId, MemberId } from '../../shared/base/ids.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { deviceIdOf, memberIdOf } from '../../shared/membership/names.ts'
import { openReceived } from '../../shared/membership/open.ts'
import type { CircleState, Membership } from '../../shared/membership/state.ts'
import type { StoredRecord } from '../../shared/sync/store.ts'
import type { MembershipRecord } from '../../shared/wire/record.ts'
import type { Store } from '../store/store.ts'
import { adderOf, recordsIn } from './adder.ts'
import { keepArrival } from './arrivals.ts'
import type { OpenCircles } from './open-circles.ts'
import { storeCircle } from './store-circle.ts'

/** Anybody of the group can found circles and put others into them. */
export const MAX_CIRCLES_HELD = 64
/** Welcomes that came before the group's own records that they rest on. */
const MAX_EARLY = 8

export interface Welcome {
  readonly circle: CircleId
  readonly records: readonly Bytes[]
}

type Problem =
  | 'not-a-circle'
  | 'of-another-group'
  | 'not-in-it'
  /** Perhaps only not known yet: the group's records may still be under way. */
  | 'founder-unknown'

interface Checked {
  readonly records: readonly StoredRecord[]
  /** Who put us in; undefined where it was this person, from another computer. */
  readonly by: MemberId | undefined
}

function isFounderKnown(group: CircleState, records: readonly MembershipRecord[]): boolean {
  const founder = records.flatMap(({ body }) => (body.type === 'create' ? [body.founder] : []))[0]
  return founder !== undefined && group.members.has(memberIdOf(founder.identityKey))
}

/** Nothing is stored here. */
export async function checkWelcome(
  group: Membership,
  signer: Signer,
  { circle, records }: Welcome,
): Promise<Result<Checked, Problem>> {
  const kept: StoredRecord[] = []
  const store = {
    records: () => Promise.resolve([]),
    putRecords(more: readonly StoredRecord[]) {
      kept.push(...more)
      return Promise.resolve()
    },
  }
  const { secrets } = group
  const { membership } = await openReceived({ circle, secrets, signer, store }, records)
  if (membership === undefined) return fail('not-a-circle')
  const state = membership.state()
  if (state.kind !== 'circle' || state.group !== group.circle) return fail('of-another-group')
  if (state.devices.get(deviceIdOf(secrets.certificate))?.present !== true) return fail('not-in-it')
  if (!isFounderKnown(group.state(), recordsIn(membership))) return fail('founder-unknown')
  return ok({ records: kept, by: adderOf(membership) })
}

export function receiveWelcomes(request: {
  readonly group: Membership
  readonly circles: OpenCircles
  readonly store: Store
  readonly signer: Signer
  readonly onArrived: (circle: CircleId) => Promise<void>
  readonly log: (line: string) => void
}): {
  receive(welcome: Welcome): void
  /** As receive; resolves when it has been opened or refused. */
  taken(welcome: Welcome): Promise<void>
  stop(): Promise<void>
} {
  const { group, circles, store, signer, onArrived, log } = request
  const early = new Map<CircleId, Welcome>()
  let queue: Promise<void> = Promise.resolve()
  let stopped = false

  const take = async (welcome: Welcome): Promise<void> => {
    const { circle } = welcome
    if (stopped) return
    const held = circles.held().find(({ context }) => context.id === circle)
    // Somebody who was out of it and holds none of its newer keys is put in again (put-in-again.ts); or merely news.
    if (held !== undefined) return void (await held.membership.receive(welcome.records))
    if (circles.isStored(circle)) return log('a circle came again that is stored here and does not open')
    if (circles.held().length >= MAX_CIRCLES_HELD) return log('a circle was refused: there are too many')
    const checked = await checkWelcome(group, signer, welcome)
    if (!checked.ok) {
      if (checked.error === 'founder-unknown' && early.size < MAX_EARLY) early.set(circle, welcome)
      return log(`a circle was refused: ${checked.error}`)
    }
    if (stopped) return
    const { by, records } = checked.value
    if (by !== undefined) await keepArrival(store.circle(circle), by)
    await storeCircle(store, circle, { kind: 'circle', group: group.circle }, records)
    if ((await circles.open(circle)) !== undefined) await onArrived(circle)
  }
  /** One after the other: the same circle may come from two at once. */
  const taken = (welcome: Welcome): Promise<void> => {
    queue = queue.then(() => take(welcome)).catch((thrown: unknown) => log(`a circle: ${describeThrown(thrown)}`))
    return queue
  }
  const receive = (welcome: Welcome): void => void taken(welcome)
  const stopGroup = group.onChange(() => {
    const again = [...early.values()]
    early.clear()
    for (const welcome of again) receive(welcome)
  })
  return {
    receive,
    taken,
    /** Resolves when nothing of it is being stored any more. */
    stop() {
      stopped = true
      stopGroup()
      return queue
    },
  }
}
