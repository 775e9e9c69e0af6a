/** What may be done about a circle or the group, each as one statement in its log. */
import type { Clock } from '../../shared/base/clock.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { MemberId } from '../../shared/base/ids.ts'
import { addMember } from '../../shared/membership/add-member.ts'
import { renewKey } from '../../shared/membership/renew-key.ts'
import type { CircleState, Membership } from '../../shared/membership/state.ts'
import type { CircleManagement, ManageProblem, Person, Role } from '../../shared/model/contexts.ts'
import type { Replica } from '../../shared/sync/replica.ts'
import type { DeviceCertificate, RecordBody } from '../../shared/wire/record.ts'
import { follow } from './follow.ts'
import { peopleOf } from './people.ts'
import { standingOf } from './standing.ts'
import { isOrganiser, mayTakeOut, takeOut, type Target } from './take-out.ts'

export interface ManageRequest {
  readonly replica: Replica
  /** Of a circle: the group it belongs to. */
  readonly group: Membership | undefined
  /** Of the group: its circles, as far as they are open here. */
  readonly circles: () => readonly Replica[]
  readonly clock: Clock
  readonly log: (line: string) => void
}

type Managed = Promise<Result<void, ManageProblem>>

/** Of everybody in the group who is not in the circle, with all their computers. */
export function candidatesFor(group: Membership, circle: CircleState): readonly Person[] {
  return peopleOf(group.state(), group.secrets).filter(({ id }) => circle.members.get(id)?.present !== true)
}

export function certificatesOf(group: CircleState, person: MemberId): readonly DeviceCertificate[] {
  const devices = group.members.get(person)?.devices ?? []
  return devices.flatMap((id) => {
    const device = group.devices.get(id)
    return device?.present === true ? [device.certificate] : []
  })
}

const isLastOrganiser = (state: CircleState, person: MemberId): boolean =>
  [...state.members.values()].every(({ id, present, role }) => !present || role !== 'organiser' || id === person)

/** What throws is a store that cannot write; the circle's save state says so too. */
async function guarded(log: (line: string) => void, work: () => Managed): Managed {
  try {
    return await work()
  } catch (thrown) {
    log(describeThrown(thrown))
    return fail('storage-failed', describeThrown(thrown))
  }
}

export interface Managing {
  readonly management: CircleManagement
  stop(): void
}

export function manageCircle(request: ManageRequest): Managing {
  const { replica, group, circles, clock, log } = request
  const { membership } = replica
  const me = membership.secrets
  const sources = [
    (listener: () => void) => membership.onChange(listener),
    ...(group === undefined ? [] : [(listener: () => void) => group.onChange(listener)]),
  ]
  const isHere = (): boolean => {
    const { state } = standingOf(membership.state(), me, group?.state())
    return state === 'member' || state === 'closed'
  }
  const mayManage = follow(() => isHere() && isOrganiser(membership), sources)
  const candidates = follow<readonly Person[]>(
    () => (group === undefined || !isHere() ? [] : candidatesFor(group, membership.state())),
    sources,
  )

  const say = (body: RecordBody): Managed =>
    guarded(log, async () => {
      if (!isHere()) return fail('not-allowed')
      const appended = await membership.append(body)
      return appended.ok ? ok(undefined) : appended
    })

  /** In circles that another organiser keeps, theirs does the same once it hears of it (shared/sync/tend-circle.ts). */
  const takeOutOfCircles = async (target: Target): Promise<void> => {
    for (const circle of circles()) {
      if (!mayTakeOut(circle.membership, target)) continue
      const removed = await guarded(log, () => takeOut(circle, target))
      if (!removed.ok) log(`taking out of a circle: ${removed.error} ${removed.detail ?? ''}`)
    }
  }
  const takeOutEverywhere = (target: Target): Managed =>
    guarded(log, async () => {
      if (!isHere() || !mayTakeOut(membership, target)) return fail('not-allowed')
      const removed = await takeOut(replica, target)
      if (removed.ok) await takeOutOfCircles(target)
      return removed
    })

  const add = async (person: MemberId, role: Role, history: 'all' | 'from-now'): Managed => {
    const known = candidates.live.get().find(({ id }) => id === person)
    if (group === undefined || known === undefined || !mayManage.live.get()) return fail('not-allowed')
    const certificates = certificatesOf(group.state(), person)
    return addMember(membership, { name: known.name, role, history, certificates, now: clock.now() })
  }

  const leave = async (): Managed => {
    if (membership.state().devices.get(me.device)?.present !== true) return fail('not-allowed')
    const target = { member: me.member }
    // The group last: whoever is out of it is heard by nobody in its circles.
    await takeOutOfCircles(target)
    return takeOut(replica, target)
  }

  const management: CircleManagement = {
    mayManage: mayManage.live,
    rename: (circleName) => say({ type: 'rename', circleName }),
    candidates: candidates.live,
    add: ({ person, role, history }) => guarded(log, () => add(person, role, history)),
    async setRole(member, role) {
      // Nobody could ever let in, take out or change keys again.
      if (role === 'member' && isLastOrganiser(membership.state(), member)) return fail('not-allowed')
      return say({ type: 'role', member, role })
    },
    remove: (member) => takeOutEverywhere({ member }),
    removeComputer: (device) => takeOutEverywhere({ device }),
    leave: () => guarded(log, leave),
    changeKeys: () =>
      guarded(log, async () => {
        if (!mayManage.live.get()) return fail('not-allowed')
        const renewed = await renewKey(membership)
        return renewed.ok ? ok(undefined) : renewed
      }),
    setClosed: (closed) => say({ type: 'close', closed }),
    takeIn: (device) =>
      guarded(log, async () => {
        if (!isHere()) return fail('not-allowed')
        await replica.takeIn(device)
        return ok(undefined)
      }),
  }
  return {
    management,
    stop() {
      mayManage.stop()
      candidates.stop()
    },
  }
}
