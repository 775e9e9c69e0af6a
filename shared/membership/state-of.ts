/** What a ledger of valid records comes to now. */
import type { CircleId, DeviceId, EpochId, HashId, InvitationId, MemberId } from '../base/ids.ts'
import type { DeviceCertificate } from '../wire/record.ts'
import type { Node } from './graph.ts'
import {
  isMemberPresent,
  isPresent,
  joinerIn,
  memberOf,
  now,
  roleOf,
  type BodyOf,
  type Ledger,
  type Moment,
} from './ledger.ts'
import { certificateIn } from './verify.ts'
import type { CircleState, DeviceState, InvitationState, MemberState } from './state.ts'

const creationsOf = (nodes: readonly Node[]): readonly BodyOf<'create'>[] =>
  nodes.flatMap(({ record: { body } }) => (body.type === 'create' ? [body] : []))

const renamesOf = (nodes: readonly Node[]): readonly string[] =>
  nodes.flatMap(({ record: { body } }) => (body.type === 'rename' ? [body.circleName] : []))

/** The last in the order: by depth, then by hash. */
function namesOf(nodes: readonly Node[], at: Moment): ReadonlyMap<MemberId, string> {
  const names = new Map<MemberId, string>()
  for (const { record } of nodes) {
    const { body } = record
    if (body.type === 'create') names.set(joinerIn(body).member, body.founderName)
    else if (body.type === 'admit') {
      const { member } = joinerIn(body)
      if (!names.has(member)) names.set(member, body.join.name)
    } else if (body.type === 'profile') {
      const member = memberOf(at, record.author)
      if (member !== undefined) names.set(member, body.name)
    }
  }
  return names
}

function certificatesOf(nodes: readonly Node[]): ReadonlyMap<DeviceId, DeviceCertificate> {
  const certificates = new Map<DeviceId, DeviceCertificate>()
  for (const { record } of nodes) {
    const { body } = record
    const certificate = certificateIn(record)
    if (certificate === undefined || (body.type !== 'create' && body.type !== 'admit' && body.type !== 'device'))
      continue
    const { device } = joinerIn(body)
    if (!certificates.has(device)) certificates.set(device, certificate)
  }
  return certificates
}

function devicesOf(nodes: readonly Node[], at: Moment): ReadonlyMap<DeviceId, DeviceState> {
  const devices = new Map<DeviceId, DeviceState>()
  for (const [id, certificate] of certificatesOf(nodes)) {
    const member = memberOf(at, id)
    if (member === undefined) continue
    const incarnations = (at.ledger.incarnations.get(id) ?? []).toSorted((a, b) => a - b)
    devices.set(id, { id, member, certificate, incarnations, present: isPresent(at, id) })
  }
  return devices
}

function membersOf(
  nodes: readonly Node[],
  devices: ReadonlyMap<DeviceId, DeviceState>,
  at: Moment,
): ReadonlyMap<MemberId, MemberState> {
  const members = new Map<MemberId, MemberState>()
  for (const [id, name] of namesOf(nodes, at)) {
    const own = [...devices.values()].filter(({ member }) => member === id)
    const identityKey = own[0]?.certificate.identityKey
    if (identityKey === undefined) continue
    const present = isMemberPresent(at, id)
    members.set(id, { id, name, role: roleOf(at, id), identityKey, devices: own.map((device) => device.id), present })
  }
  return members
}

function invitationOf(node: Node, id: InvitationId, at: Moment): InvitationState | undefined {
  const { body, author } = node.record
  const invitedBy = memberOf(at, author)
  if (body.type !== 'invite' || invitedBy === undefined) return undefined
  const [admit] = at.ledger.admits.get(id) ?? []
  const usedBy = admit?.record.body.type === 'admit' ? joinerIn(admit.record.body) : undefined
  const isCancelled = at.ledger.cancels.has(id) || !isMemberPresent(at, invitedBy)
  const { invitationKey, role, history, createdAt, expiresAt } = body
  return {
    id,
    invitationKey,
    invitedBy,
    role,
    history,
    createdAt,
    expiresAt,
    status: usedBy !== undefined ? 'used' : isCancelled ? 'cancelled' : 'open',
    ...(usedBy === undefined ? {} : { usedBy: usedBy.member, usedByDevice: usedBy.device }),
  }
}

function invitationsOf(at: Moment): ReadonlyMap<InvitationId, InvitationState> {
  const invitations = new Map<InvitationId, InvitationState>()
  for (const [id, [node]] of at.ledger.invites) {
    const invitation = node === undefined ? undefined : invitationOf(node, id, at)
    if (invitation !== undefined) invitations.set(id, invitation)
  }
  return invitations
}

function epochsOf(nodes: readonly Node[]): Map<EpochId, { readonly parents: readonly EpochId[] }> {
  const epochs = new Map<EpochId, { readonly parents: readonly EpochId[] }>()
  for (const { record } of nodes) {
    const { body } = record
    if (body.type === 'create') epochs.set(body.grant.epoch, { parents: [] })
    if (body.type === 'epoch') epochs.set(body.grant.epoch, { parents: body.parents })
  }
  return epochs
}

function currentEpochOf(epochs: ReadonlyMap<EpochId, { readonly parents: readonly EpochId[] }>): EpochId | undefined {
  const inner = new Set([...epochs.values()].flatMap(({ parents }) => parents))
  return [...epochs.keys()].filter((epoch) => !inner.has(epoch)).toSorted()[0]
}

/** Valid records without valid children. */
function headsOf(nodes: readonly Node[]): readonly HashId[] {
  const parents = new Set(nodes.flatMap(({ record }) => record.parents))
  return nodes.flatMap(({ hash }) => (parents.has(hash) ? [] : [hash])).toSorted()
}

/** `nodes`: the valid ones, in the graph's order. Undefined where none of them is the beginning. */
export function stateOf(
  circle: CircleId,
  ledger: Ledger,
  nodes: readonly Node[],
  skipped: ReadonlyMap<Node, string>,
): CircleState | undefined {
  const [beginning] = creationsOf(nodes)
  const epochs = epochsOf(nodes)
  const currentEpoch = currentEpochOf(epochs)
  if (beginning === undefined || currentEpoch === undefined) return undefined
  const at = now(ledger)
  const devices = devicesOf(nodes, at)
  const { kind, group, circleName } = beginning
  return {
    circle,
    kind,
    ...(group === undefined ? {} : { group }),
    name: renamesOf(nodes).at(-1) ?? circleName,
    members: membersOf(nodes, devices, at),
    devices,
    invitations: invitationsOf(at),
    epochs,
    currentEpoch,
    heads: headsOf(nodes),
    skipped: [...skipped].map(([{ hash }, reason]) => ({ hash, reason })),
  }
}
