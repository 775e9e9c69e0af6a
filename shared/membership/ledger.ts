/** Valid records by what they speak about, and what they come to at one moment: in the past of a record, or now. */
import type { CircleId, DeviceId, EpochId, InvitationId, MemberId } from '../base/ids.ts'
import type { EpochGrant, RecordBody, Role } from '../wire/record.ts'
import { isBefore, type Node } from './graph.ts'
import { deviceIdOf, invitationIdOf, memberIdOf, yjsClientIdOf } from './names.ts'

export type BodyOf<Type extends RecordBody['type']> = Extract<RecordBody, { type: Type }>

interface Introduction {
  readonly node: Node
  readonly device: DeviceId
  readonly member: MemberId
}

interface RoleChange {
  readonly node: Node
  readonly role: Role
}

export interface Ledger {
  readonly circle: CircleId
  readonly introductions: Map<DeviceId, Introduction[]>
  readonly devicesOf: Map<MemberId, Set<DeviceId>>
  readonly removals: Map<DeviceId | MemberId, Node[]>
  readonly roles: Map<MemberId, RoleChange[]>
  readonly invites: Map<InvitationId, Node[]>
  readonly cancels: Map<InvitationId, Node[]>
  readonly admits: Map<InvitationId, Node[]>
  readonly epochs: Map<EpochId, Node[]>
  readonly incarnations: Map<DeviceId, number[]>
  readonly clientIds: Map<number, DeviceId>
}

export const emptyLedger = (circle: CircleId): Ledger => ({
  circle,
  introductions: new Map(),
  devicesOf: new Map(),
  removals: new Map(),
  roles: new Map(),
  invites: new Map(),
  cancels: new Map(),
  admits: new Map(),
  epochs: new Map(),
  incarnations: new Map(),
  clientIds: new Map(),
})

function add<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

/** What holds at one moment; `before` says which records lie in its past. */
export interface Moment {
  readonly ledger: Ledger
  before(node: Node): boolean
}

export const momentOf = (ledger: Ledger, node: Node): Moment => ({ ledger, before: (other) => isBefore(other, node) })
export const now = (ledger: Ledger): Moment => ({ ledger, before: () => true })

const introductionsBefore = (at: Moment, device: DeviceId): readonly Introduction[] =>
  (at.ledger.introductions.get(device) ?? []).filter(({ node }) => at.before(node))

/** The member a device belongs to, present or not. */
export const memberOf = (at: Moment, device: DeviceId): MemberId | undefined =>
  introductionsBefore(at, device)[0]?.member

/** Strong removal: only an introduction that knew of every removal brings somebody back. */
export function isPresent(at: Moment, device: DeviceId): boolean {
  return introductionsBefore(at, device).some((introduction) =>
    [...(at.ledger.removals.get(device) ?? []), ...(at.ledger.removals.get(introduction.member) ?? [])].every(
      (removal) => !at.before(removal) || isBefore(removal, introduction.node),
    ),
  )
}

export const isMemberPresent = (at: Moment, member: MemberId): boolean =>
  [...(at.ledger.devicesOf.get(member) ?? [])].some((device) => isPresent(at, device))

/** The last word on a member's role; of two that did not know of each other, the lesser role. */
export function roleOf(at: Moment, member: MemberId): Role {
  const last: RoleChange[] = []
  const changes = at.ledger.roles.get(member) ?? []
  for (let index = changes.length - 1; index >= 0; index--) {
    const change = changes[index]
    if (change === undefined || !at.before(change.node)) continue
    if (!last.some(({ node }) => isBefore(change.node, node))) last.push(change)
  }
  return last.length > 0 && last.every(({ role }) => role === 'organiser') ? 'organiser' : 'member'
}

export const inviteBefore = (at: Moment, invitation: InvitationId): Node | undefined =>
  at.ledger.invites.get(invitation)?.find((node) => at.before(node))

export const isEpochKnown = (at: Moment, epoch: EpochId): boolean =>
  at.ledger.epochs.get(epoch)?.some((node) => at.before(node)) ?? false

export interface Joiner {
  readonly member: MemberId
  readonly device: DeviceId
}

type Introducing = BodyOf<'create' | 'admit' | 'device'>

// Identifiers are hashes, which cost more than all the rest of resolving; a body's never change.
const joiners = new WeakMap<Introducing, Joiner>()

export function joinerIn(body: Introducing): Joiner {
  const known = joiners.get(body)
  if (known !== undefined) return known
  const certificate =
    body.type === 'create' ? body.founder : body.type === 'admit' ? body.join.certificate : body.certificate
  const joiner = { member: memberIdOf(certificate.identityKey), device: deviceIdOf(certificate) }
  joiners.set(body, joiner)
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
  return body.type === 'admit' || body.type === 'device' || body.type === 'grant' ? body.grants : []
}

const roleGiven = (at: Moment, body: RecordBody): Role => {
  if (body.type === 'create') return 'organiser'
  const invite = body.type === 'admit' ? inviteBefore(at, body.join.invitation) : undefined
  return invite?.record.body.type === 'invite' ? invite.record.body.role : 'member'
}

function introduce(ledger: Ledger, node: Node, body: Introducing): void {
  const { member, device } = joinerIn(body)
  const at = momentOf(ledger, node)
  // Another computer of somebody who is here already does not change their role.
  if (!isMemberPresent(at, member)) add(ledger.roles, member, { node, role: roleGiven(at, body) })
  add(ledger.introductions, device, { node, device, member })
  const devices = ledger.devicesOf.get(member)
  if (devices === undefined) ledger.devicesOf.set(member, new Set([device]))
  else devices.add(device)
  claimIncarnation(ledger, device, 0)
}

function claimIncarnation(ledger: Ledger, device: DeviceId, incarnation: number): void {
  if (ledger.incarnations.get(device)?.includes(incarnation)) return
  add(ledger.incarnations, device, incarnation)
  ledger.clientIds.set(yjsClientIdOf(ledger.circle, device, incarnation), device)
}

/** Writes a valid record into the ledger, in the graph's order. */
export function enter(ledger: Ledger, node: Node): void {
  const { body, author } = node.record
  if (body.type === 'create' || body.type === 'admit' || body.type === 'device') introduce(ledger, node, body)
  switch (body.type) {
    case 'create':
    case 'epoch':
      return add(ledger.epochs, body.grant.epoch, node)
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
      return claimIncarnation(ledger, author, body.incarnation)
    default:
  }
}
