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
import type { DeviceSecrets, Membership } from '../../shared/membership/state.ts'
import type { StoredRecord } from '../../shared/sync/store.ts'
import { decodeRecord, type MembershipRecord } from '../../shared/wire/record.ts'
import type { Store } from '../store/store.ts'
import { adderOf, recordsIn } from './adder.ts'
import { keepArrival } from './arrivals.ts'
import type { HeldCircle } from './hold-circle.ts'
import type { OpenCircles } from './open-circles.ts'
import { storeCircle } from './store-circle.ts'

/** Anybody of the group can found circles and put others into them. Those that one is in count; one's own computers do not ask. */
export const MAX_CIRCLES_HELD = 64
/** Of those, founded by one person other than oneself: nobody fills them all. */
export const MAX_CIRCLES_BY_ONE = 16
/** Also counting those that one is in no more: whoever puts one in and takes one out again comes to an end too. */
export const MAX_EVER_BY_ONE = 64
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
  readonly founder: MemberId
  /** Who put us in; undefined where it was this person, from another computer. */
  readonly by: MemberId | undefined
}

const foundersIn = (records: readonly MembershipRecord[]): readonly MemberId[] =>
  records.flatMap(({ body }) => (body.type === 'create' ? [memberIdOf(body.founder.identityKey)] : []))

/** Who the circle's beginning says its founder is, before any signature is looked at; more than one where somebody made some up. */
const claimedFounders = ({ circle, records }: Welcome): readonly MemberId[] =>
  foundersIn(
    records.flatMap((bytes) => {
      const record = decodeRecord(bytes)
      return record.ok && record.value.circle === circle ? [record.value] : []
    }),
  )

// A circle's first record is never another one.
const founders = new WeakMap<Membership, MemberId>()
function founderOf(membership: Membership): MemberId | undefined {
  const known = founders.get(membership)
  if (known !== undefined) return known
  const [founder] = foundersIn(recordsIn(membership))
  if (founder !== undefined) founders.set(membership, founder)
  return founder
}

/** Whether this person may be put into one more circle, and into one more by this founder. */
function isRoomFor(founder: MemberId, held: readonly Pick<HeldCircle, 'membership'>[], own: DeviceSecrets): boolean {
  const isIn = ({ membership }: Pick<HeldCircle, 'membership'>): boolean =>
    membership.state().devices.get(own.device)?.present === true
  const inside = held.filter(isIn)
  if (inside.length >= MAX_CIRCLES_HELD) return false
  if (founder === own.member) return true
  const byFounder = held.filter(({ membership }) => founderOf(membership) === founder)
  return byFounder.length < MAX_EVER_BY_ONE && byFounder.filter(isIn).length < MAX_CIRCLES_BY_ONE
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
  const founder = founderOf(membership)
  if (founder === undefined || !group.state().members.has(founder)) return fail('founder-unknown', founder)
  return ok({ records: kept, founder, by: adderOf(membership) })
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
  /** With whose arrival in the group they may become worth a look. */
  const early = new Map<CircleId, { readonly welcome: Welcome; readonly founders: readonly string[] }>()
  let queue: Promise<void> = Promise.resolve()
  let stopped = false

  const isKnown = (member: string): boolean => group.state().members.has(member as MemberId)
  const isRoom = (founder: MemberId): boolean => isRoomFor(founder, circles.held(), group.secrets)
  const keepEarly = (welcome: Welcome, by: readonly string[]): void => {
    if (early.size < MAX_EARLY) early.set(welcome.circle, { welcome, founders: by })
    log('a circle was refused: founder-unknown')
  }

  const take = async (welcome: Welcome): Promise<void> => {
    const { circle } = welcome
    if (stopped) return
    const held = circles.held().find(({ context }) => context.id === circle)
    // Somebody who was out of it and holds none of its newer keys is put in again (put-in-again.ts); or merely news.
    if (held !== undefined) return void (await held.membership.receive(welcome.records))
    if (circles.isStored(circle)) return log('a circle came again that is stored here and does not open')
    const claimed = claimedFounders(welcome)
    if (claimed.length === 0) return log('a circle was refused: not-a-circle')
    // Signatures take long, and what nobody of the group began is not looked at again with every change of the group.
    if (!claimed.some(isKnown)) return keepEarly(welcome, claimed)
    if (!claimed.some((founder) => isKnown(founder) && isRoom(founder))) {
      return log('a circle was refused: there are too many')
    }
    const checked = await checkWelcome(group, signer, welcome)
    if (!checked.ok) {
      if (checked.error !== 'founder-unknown') return log(`a circle was refused: ${checked.error}`)
      return keepEarly(welcome, checked.detail === undefined ? [] : [checked.detail])
    }
    if (!isRoom(checked.value.founder)) return log('a circle was refused: there are too many')
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
    for (const [circle, { welcome, founders: by }] of early) {
      if (!by.some(isKnown)) continue
      early.delete(circle)
      receive(welcome)
    }
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
