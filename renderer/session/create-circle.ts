/** A new circle of the group, with the people that its founder names, each with all their computers. */
import type { Clock } from '../../shared/base/clock.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { addMember } from '../../shared/membership/add-member.ts'
import { createCircle } from '../../shared/membership/create.ts'
import type { Membership } from '../../shared/membership/state.ts'
import type { GroupContext } from '../../shared/model/contexts.ts'
import type { Store } from '../store/store.ts'
import { certificatesOf } from './manage-circle.ts'
import type { OpenCircles } from './open-circles.ts'
import { storeCircle } from './store-circle.ts'

type CreateRequest = Parameters<GroupContext['createCircle']>[0]

interface Office {
  readonly group: Membership
  readonly circles: OpenCircles
  readonly store: Store
  readonly clock: Clock
  readonly signer: Signer
  readonly log: (line: string) => void
}

async function found(office: Office, circleName: string): Promise<CircleId> {
  const { group, store, clock, signer } = office
  const { secrets } = group
  const { circle, records } = await createCircle({
    secrets,
    kind: 'circle',
    group: group.circle,
    circleName,
    founderName: group.state().members.get(secrets.member)?.name ?? '',
    now: clock.now(),
    signer,
  })
  await storeCircle(store, circle, { kind: 'circle', group: group.circle }, records)
  return circle
}

/** Whoever cannot be added is still a candidate afterwards; the circle is there either way. */
async function addPeople(office: Office, membership: Membership, people: CreateRequest['people']): Promise<void> {
  const { group, clock, log } = office
  for (const { person, role } of people) {
    const known = group.state().members.get(person)
    if (known?.present !== true || person === group.secrets.member) continue
    const certificates = certificatesOf(group.state(), person)
    const request = { name: known.name, role, history: 'all', certificates, now: clock.now() } as const
    const added = await addMember(membership, request)
    if (!added.ok) log(`adding somebody to a new circle: ${added.error} ${added.detail ?? ''}`)
  }
}

export async function startCircle(office: Office, request: CreateRequest): Promise<Result<CircleId, 'storage-failed'>> {
  try {
    const circle = await found(office, request.name)
    const held = await office.circles.open(circle)
    if (held === undefined) return fail('storage-failed', 'the new circle does not open')
    await addPeople(office, held.membership, request.people)
    return ok(circle)
  } catch (thrown) {
    office.log(describeThrown(thrown))
    return fail('storage-failed', describeThrown(thrown))
  }
}
