/** What happened to a circle, from its signed records: who came, who went, who may decide. In the order in which they rest on each other. */
import type { DeviceId, MemberId } from '../../shared/base/ids.ts'
import { hashOfRecord, memberIdOf } from '../../shared/membership/names.ts'
import type { CircleState, Membership } from '../../shared/membership/state.ts'
import type { MembershipEvent } from '../../shared/model/contexts.ts'
import { decodeRecord, type RecordBody } from '../../shared/wire/record.ts'

type Happened = Omit<MembershipEvent, 'by'>

const memberOf = (state: CircleState, device: DeviceId): MemberId | undefined =>
  (state.devices.get(device) ?? state.fallen.get(device))?.member

/** Invitations, passed-on keys and the like change nobody's place: undefined. */
function happened(body: RecordBody, author: MemberId | undefined, state: CircleState): Happened | undefined {
  const nameOf = (member: MemberId | undefined): string =>
    (member === undefined ? undefined : state.members.get(member)?.name) ?? ''
  switch (body.type) {
    case 'create':
      return { what: 'began', who: body.circleName, at: body.createdAt }
    case 'admit':
      return { what: 'let-in', who: body.join.name, at: body.admittedAt }
    case 'add':
      return { what: 'put-in', who: body.name, at: body.addedAt }
    case 'device':
      return { what: 'computer-added', who: nameOf(memberIdOf(body.certificate.identityKey)) }
    case 'remove': {
      const { target } = body
      if ('device' in target) return { what: 'computer-taken-out', who: nameOf(memberOf(state, target.device)) }
      return { what: target.member === author ? 'left' : 'taken-out', who: nameOf(target.member) }
    }
    case 'profile':
      return { what: 'name-changed', who: body.name }
    case 'rename':
      return { what: 'renamed', who: body.circleName }
    case 'role':
      return { what: body.role === 'organiser' ? 'made-organiser' : 'made-member', who: nameOf(body.member) }
    case 'close':
      return { what: body.closed ? 'closed' : 'opened-again', who: '' }
    default:
      return undefined
  }
}

/** What a rule refused had no effect, and is left out. */
export function historyOf(membership: Pick<Membership, 'state' | 'hashes' | 'recordsOf'>): readonly MembershipEvent[] {
  const state = membership.state()
  const skipped = new Set(state.skipped.map(({ hash }) => hash))
  return membership.recordsOf(membership.hashes()).flatMap((bytes): readonly MembershipEvent[] => {
    const record = decodeRecord(bytes)
    if (!record.ok || skipped.has(hashOfRecord(bytes))) return []
    const { author: device, body } = record.value
    const author = memberOf(state, device)
    const event = happened(body, author, state)
    const by = (author === undefined ? undefined : state.members.get(author)?.name) ?? ''
    return event === undefined ? [] : [{ ...event, by }]
  })
}
