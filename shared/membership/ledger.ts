/** Valid records by what they speak about, and what they come to at one moment: in the past of a record, or now. */
import type { CircleId, DeviceId, EpochId, InvitationId, MemberId } from '../base/ids.ts'
import type { DeviceCertificate, EpochGrant, RecordBody, Role } from '../wire/record.ts'
import { isBefore, type Node } from './graph.ts'
import { deviceIdOf, invitationIdOf, memberIdOf, yjsClientIdOf } from './names.ts'

export type BodyOf<Type extends RecordBody['type']> = Extract<RecordBody, { type: Type }>

/** What somebody may have of the keys, by one organiser's word (or the founder's own). */
export interface Basis {
  readonly node: Node
  readonly history: 'all' | 'from-now'
}

export interface Introduction {
  readonly node: Node
  readonly device: DeviceId
  readonly member: MemberId
  /** Of the member's stay that this belongs to. A `device` record has none of its own: nobody widens their own. */
  readonly bases: readonly Basis[]
}

interface RoleChange {
  readonly node: Node
  readonly role: Role
}

interface LogBeginning {
  readonly incarnation: number
  /** Brought the device in, or declared the incarnation. */
  readonly node: Node
}

interface EpochMaking {
  readonly node: Node
  /** Struck out, say because its author was removed meanwhile: it opens what others sealed under it, and nothing more is. */
  readonly isStruck: boolean
}

export interface Ledger {
  readonly circle: CircleId
  kind: 'group' | 'circle' | undefined
  readonly introductions: Map<DeviceId, Introduction[]>
  readonly devicesOf: Map<MemberId, Set<DeviceId>>
  readonly removals: Map<DeviceId | MemberId, Node[]>
  readonly roles: Map<MemberId, RoleChange[]>
  readonly invites: Map<InvitationId, Node[]>
  readonly cancels: Map<InvitationId, Node[]>
  readonly admits: Map<InvitationId, Node[]>
  readonly epochs: Map<EpochId, EpochMaking[]>
  /** Which devices a key was given to; also by records that were struck out, for a box that is out is out. */
  readonly givings: Map<EpochId, Map<DeviceId, Node[]>>
  /** What came after those and after a complaint: only for who holds a key. */
  readonly regivings: Map<EpochId, Map<DeviceId, Node[]>>
  /** Which devices said that no box given to them opens to the key: a grant to nobody. */
  readonly complaints: Map<EpochId, Map<DeviceId, Node[]>>
  /** Records that were struck out and gave keys. */
  readonly struck: Node[]
  readonly closings: Node[]
  readonly incarnations: Map<DeviceId, LogBeginning[]>
  readonly clientIds: Map<number, DeviceId>
  readonly authored: Map<DeviceId, Node[]>
}

export const emptyLedger = (circle: CircleId): Ledger => ({
  circle,
  kind: undefined,
  introductions: new Map(),
  devicesOf: new Map(),
  removals: new Map(),
  roles: new Map(),
  invites: new Map(),
  cancels: new Map(),
  admits: new Map(),
  epochs: new Map(),
  givings: new Map(),
  regivings: new Map(),
  complaints: new Map(),
  struck: [],
  closings: [],
  incarnations: new Map(),
  clientIds: new Map(),
  authored: new Map(),
})

function add<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

const within = (places: Map<EpochId, Map<DeviceId, Node[]>>, epoch: EpochId): Map<DeviceId, Node[]> => {
  const place = places.get(epoch) ?? new Map<DeviceId, Node[]>()
  places.set(epoch, place)
  return place
}

/** What holds at one moment; `before` says which records lie in its past. */
export interface Moment {
  readonly ledger: Ledger
  readonly before: (node: Node) => boolean
}

export const momentOf = (ledger: Ledger, node: Node): Moment => ({ ledger, before: (other) => isBefore(other, node) })
export const now = (ledger: Ledger): Moment => ({ ledger, before: () => true })

const introductionsBefore = (at: Moment, device: DeviceId): readonly Introduction[] =>
  (at.ledger.introductions.get(device) ?? []).filter(({ node }) => at.before(node))

/** The member a device belongs to, present or not. */
export const memberOf = (at: Moment, device: DeviceId): MemberId | undefined =>
  introductionsBefore(at, device)[0]?.member

const removalsOf = ({ ledger }: Moment, { device, member }: Introduction): readonly Node[] => [
  ...(ledger.removals.get(device) ?? []),
  ...(ledger.removals.get(member) ?? []),
]

/** Strong removal: only an introduction that knew of every removal brings somebody back. */
const standingIntroductions = (at: Moment, device: DeviceId): readonly Introduction[] =>
  introductionsBefore(at, device).filter((introduction) =>
    removalsOf(at, introduction).every((removal) => !at.before(removal) || isBefore(removal, introduction.node)),
  )

export const isPresent = (at: Moment, device: DeviceId): boolean => standingIntroductions(at, device).length > 0

/** Of a device that is not present: what took it out, in the order. What a later introduction knew of is past and done. */
export function removalsInForce(at: Moment, device: DeviceId): readonly Node[] {
  const introductions = introductionsBefore(at, device)
  const all = [...new Set(introductions.flatMap((introduction) => removalsOf(at, introduction)))].filter((removal) =>
    at.before(removal),
  )
  const last = all.filter((removal) => !introductions.some(({ node }) => isBefore(removal, node)))
  return (last.length > 0 ? last : all).toSorted((a, b) => a.index - b.index)
}

export const presentDevicesOf = (at: Moment, member: MemberId): readonly DeviceId[] =>
  [...(at.ledger.devicesOf.get(member) ?? [])].filter((device) => isPresent(at, device))

export const isMemberPresent = (at: Moment, member: MemberId): boolean =>
  [...(at.ledger.devicesOf.get(member) ?? [])].some((device) => isPresent(at, device))

/** By whose words the member is in; none for somebody who is not. */
export const basesOf = (at: Moment, member: MemberId): readonly Basis[] => [
  ...new Set(
    [...(at.ledger.devicesOf.get(member) ?? [])].flatMap((device) =>
      standingIntroductions(at, device).flatMap((introduction) =>
        introduction.member === member ? introduction.bases : [],
      ),
    ),
  ),
]

/** As far as they are in the past: those that no other of them knew of. */
function lastOf<Item extends { readonly node: Node }>(at: Moment, items: readonly Item[]): readonly Item[] {
  const last: Item[] = []
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index]
    if (item === undefined || !at.before(item.node)) continue
    if (!last.some(({ node }) => isBefore(item.node, node))) last.push(item)
  }
  return last
}

/** The last word on a member's role; of two that did not know of each other, the lesser role. */
export function roleOf(at: Moment, member: MemberId): Role {
  const last = lastOf(at, at.ledger.roles.get(member) ?? [])
  return last.length > 0 && last.every(({ role }) => role === 'organiser') ? 'organiser' : 'member'
}

/** The last word; of two that did not know of each other, the one that closes. */
export const isClosed = (at: Moment): boolean =>
  lastOf(
    at,
    at.ledger.closings.map((node) => ({ node })),
  ).some(({ node: { record } }) => record.body.type === 'close' && record.body.closed)

export const inviteBefore = (at: Moment, invitation: InvitationId): Node | undefined =>
  at.ledger.invites.get(invitation)?.find((node) => at.before(node))

export const isEpochKnown = (at: Moment, epoch: EpochId): boolean =>
  at.ledger.epochs.get(epoch)?.some(({ node }) => at.before(node)) ?? false

export interface Joiner {
  readonly member: MemberId
  readonly device: DeviceId
}

/** Bodies that bring devices in. */
export type Introducing = BodyOf<'create' | 'admit' | 'device' | 'add'>

export function isIntroducing(body: RecordBody): body is Introducing {
  return body.type === 'create' || body.type === 'admit' || body.type === 'device' || body.type === 'add'
}

export function certificatesIn(body: RecordBody): readonly DeviceCertificate[] {
  if (body.type === 'create') return [body.founder]
  if (body.type === 'admit') return [body.join.certificate]
  if (body.type === 'device') return [body.certificate]
  return body.type === 'add' ? body.certificates : []
}

// Identifiers are hashes, which cost more than all the rest of resolving; a body's never change.
const joiners = new WeakMap<Introducing, readonly Joiner[]>()

/** The devices that a body brings in; never none, all of one member. */
export function joinersIn(body: Introducing): readonly Joiner[] {
  const known = joiners.get(body)
  if (known !== undefined) return known
  const found = certificatesIn(body).map((certificate) => ({
    member: memberIdOf(certificate.identityKey),
    device: deviceIdOf(certificate),
  }))
  joiners.set(body, found)
  return found
}

/** The one that such a body brings in. */
export const joinerIn = (body: BodyOf<'create' | 'admit' | 'device'>): Joiner => {
  const [joiner] = joinersIn(body)
  if (joiner === undefined) throw new Error('a body without a certificate')
  return joiner
}

const invitations = new WeakMap<BodyOf<'invite'>, InvitationId>()

export function invitationIn(body: BodyOf<'invite'>): InvitationId {
  const id = invitations.get(body) ?? invitationIdOf(body.invitationKey)
  invitations.set(body, id)
  return id
}

export const grantsIn = (body: RecordBody): readonly EpochGrant[] => {
  if (body.type === 'create' || body.type === 'epoch') return [body.grant]
  return body.type === 'admit' || body.type === 'device' || body.type === 'add' || body.type === 'grant'
    ? body.grants
    : []
}

const inviteFor = (at: Moment, body: BodyOf<'admit'>): BodyOf<'invite'> | undefined => {
  const invite = inviteBefore(at, body.join.invitation)?.record.body
  return invite?.type === 'invite' ? invite : undefined
}

const roleGiven = (at: Moment, body: Introducing): Role => {
  if (body.type === 'create') return 'organiser'
  if (body.type === 'add') return body.role
  return body.type === 'admit' ? (inviteFor(at, body)?.role ?? 'member') : 'member'
}

const basisGiven = (at: Moment, node: Node, body: Introducing): readonly Basis[] => {
  if (body.type === 'device') return []
  if (body.type === 'create') return [{ node, history: 'all' }]
  // Whoever lets in a computer of their own needs no organiser for it, so it gives them nothing more.
  if (body.type === 'admit' && memberOf(at, node.record.author) === joinerIn(body).member) return []
  const history = body.type === 'add' ? body.history : (inviteFor(at, body)?.history ?? 'from-now')
  return [{ node, history }]
}

function introduce(ledger: Ledger, node: Node, body: Introducing): void {
  const at = momentOf(ledger, node)
  const [first] = joinersIn(body)
  if (first === undefined) return
  const { member } = first
  // Another computer of somebody who is here already does not change their role.
  if (!isMemberPresent(at, member)) add(ledger.roles, member, { node, role: roleGiven(at, body) })
  const bases = [...basesOf(at, member), ...basisGiven(at, node, body)]
  const devices = ledger.devicesOf.get(member) ?? new Set()
  ledger.devicesOf.set(member, devices)
  for (const { device } of joinersIn(body)) {
    add(ledger.introductions, device, { node, device, member, bases })
    devices.add(device)
    claimIncarnation(ledger, node, device, 0)
  }
}

export const isIncarnationKnown = ({ incarnations }: Ledger, device: DeviceId, incarnation: number): boolean =>
  incarnations.get(device)?.some((log) => log.incarnation === incarnation) ?? false

function claimIncarnation(ledger: Ledger, node: Node, device: DeviceId, incarnation: number): void {
  if (isIncarnationKnown(ledger, device, incarnation)) return
  add(ledger.incarnations, device, { incarnation, node })
  ledger.clientIds.set(yjsClientIdOf(ledger.circle, device, incarnation), device)
}

/** Of a valid record, or one that was struck out; in the graph's order. */
export function noteGivings(ledger: Ledger, node: Node): void {
  const { body, author } = node.record
  for (const { epoch, wraps } of grantsIn(body)) {
    const givings = within(ledger.givings, epoch)
    const complaints = ledger.complaints.get(epoch)
    // Whoever makes a key has it, box or no box.
    const makers = body.type === 'create' || body.type === 'epoch' ? [author] : []
    for (const device of [...makers, ...wraps.map((wrap) => wrap.device)]) {
      if (givings.get(device)?.some((earlier) => isBefore(earlier, node)) !== true) add(givings, device, node)
      else if (complaints?.has(device) === true) {
        const again = within(ledger.regivings, epoch)
        if (again.get(device)?.at(-1) !== node) add(again, device, node)
      }
    }
  }
}

/** Like enter, for a record that was struck out. */
export function enterStruck(ledger: Ledger, node: Node): void {
  const { body } = node.record
  if (grantsIn(body).length > 0) ledger.struck.push(node)
  if (body.type === 'epoch') add(ledger.epochs, body.grant.epoch, { node, isStruck: true })
  noteGivings(ledger, node)
}

/** Writes a valid record into the ledger, in the graph's order. */
export function enter(ledger: Ledger, node: Node): void {
  const { body, author } = node.record
  add(ledger.authored, author, node)
  noteGivings(ledger, node)
  if (isIntroducing(body)) introduce(ledger, node, body)
  switch (body.type) {
    case 'create':
      ledger.kind = body.kind
      return add(ledger.epochs, body.grant.epoch, { node, isStruck: false })
    case 'epoch':
      return add(ledger.epochs, body.grant.epoch, { node, isStruck: false })
    case 'invite':
      return add(ledger.invites, invitationIn(body), node)
    case 'cancel':
      return add(ledger.cancels, body.invitation, node)
    case 'admit':
      return add(ledger.admits, body.join.invitation, node)
    case 'remove':
      return add(ledger.removals, 'member' in body.target ? body.target.member : body.target.device, node)
    case 'role':
      return add(ledger.roles, body.member, { node, role: body.role })
    case 'incarnation':
      return claimIncarnation(ledger, node, author, body.incarnation)
    case 'close':
      ledger.closings.push(node)
      return
    case 'grant':
      for (const { epoch, wraps } of body.grants) {
        if (wraps.length === 0) add(within(ledger.complaints, epoch), author, node)
      }
      return
    default:
  }
}
