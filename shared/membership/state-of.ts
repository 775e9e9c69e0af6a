/** What a ledger of valid records comes to now. */
import type { CircleId, DeviceId, EpochId, HashId, InvitationId, MemberId } from '../base/ids.ts'
import type { DeviceCertificate } from '../wire/record.ts'
import { epochsAt, type EpochView } from './epochs.ts'
import { isBefore, type Node } from './graph.ts'
import {
  basesOf,
  certificatesIn,
  isClosed,
  isIntroducing,
  isMemberPresent,
  isPresent,
  joinerIn,
  joinersIn,
  memberOf,
  now,
  removalsInForce,
  roleOf,
  type BodyOf,
  type Introducing,
  type Ledger,
  type Moment,
} from './ledger.ts'
import type {
  CircleState,
  DeviceRemoval,
  DeviceState,
  EpochState,
  InvitationState,
  MemberState,
  SkippedRecord,
} from './state.ts'

type AuthorOf = (device: DeviceId) => MemberId | undefined

/** Somebody brought in by a record that was struck out, or that rested on one; `by`: what struck it, as far as that is known. */
export interface Fallen {
  readonly body: Introducing
  readonly by: Node | undefined
}

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
    } else if (body.type === 'add') {
      const member = joinersIn(body)[0]?.member
      if (member !== undefined && !names.has(member)) names.set(member, body.name)
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
    if (!isIntroducing(body)) continue
    const joiners = joinersIn(body)
    for (const [index, certificate] of certificatesIn(body).entries()) {
      const device = joiners[index]?.device
      if (device !== undefined && !certificates.has(device)) certificates.set(device, certificate)
    }
  }
  return certificates
}

/** Each device's own last word on its name. */
function deviceNamesOf(nodes: readonly Node[]): ReadonlyMap<DeviceId, string> {
  const names = new Map<DeviceId, string>()
  for (const { record } of nodes) if (record.body.type === 'device-name') names.set(record.author, record.body.name)
  return names
}

type Limits = Map<number, { readonly seq: number; readonly hash: HashId }>

function limitsOf(removals: readonly Node[], device: DeviceId): Limits {
  const limits: Limits = new Map()
  for (const { record } of removals) {
    if (record.body.type !== 'remove') continue
    for (const { incarnation, seq, hash, ...place } of record.body.lastAccepted) {
      const known = limits.get(incarnation)
      const isHigher = known === undefined || seq > known.seq || (seq === known.seq && hash < known.hash)
      if (place.device === device && isHigher) limits.set(incarnation, { seq, hash })
    }
  }
  return limits
}

function removalOf(at: Moment, device: DeviceId, member: MemberId): DeviceRemoval {
  const removals = removalsInForce(at, device)
  const first = removals[0]?.record.author
  return {
    by: (first === undefined ? undefined : memberOf(at, first)) ?? member,
    limits: limitsOf(removals, device),
  }
}

function fallenDevices(fallen: readonly Fallen[], authorOf: AuthorOf): readonly DeviceState[] {
  return fallen.flatMap(({ body, by }) =>
    joinersIn(body).flatMap(({ device, member }, index): readonly DeviceState[] => {
      const certificate = certificatesIn(body)[index]
      if (certificate === undefined) return []
      const removal = { by: (by === undefined ? undefined : authorOf(by.record.author)) ?? member, limits: new Map() }
      return [{ id: device, member, certificate, removal, present: false, incarnations: [0], name: '' }]
    }),
  )
}

function devicesOf(nodes: readonly Node[], at: Moment): ReadonlyMap<DeviceId, DeviceState> {
  const devices = new Map<DeviceId, DeviceState>()
  const names = deviceNamesOf(nodes)
  for (const [id, certificate] of certificatesOf(nodes)) {
    const member = memberOf(at, id)
    if (member === undefined) continue
    const incarnations = (at.ledger.incarnations.get(id) ?? [])
      .map(({ incarnation }) => incarnation)
      .toSorted((a, b) => a - b)
    const present = isPresent(at, id)
    const removal = present ? {} : { removal: removalOf(at, id, member) }
    const name = names.get(id) ?? ''
    devices.set(id, { id, member, certificate, incarnations, present, name, ...removal })
  }
  return devices
}

/** Of somebody who is gone: as it was by any word. */
function historyOf(at: Moment, member: MemberId): MemberState['history'] {
  const standing = basesOf(at, member)
  const all =
    standing.length > 0
      ? standing
      : [...(at.ledger.devicesOf.get(member) ?? [])].flatMap((device) =>
          (at.ledger.introductions.get(device) ?? []).flatMap(({ bases }) => bases),
        )
  return all.some(({ history }) => history === 'all') ? 'all' : 'from-now'
}

/** Logs of which the very beginning knew that this member is in. */
function followsOf(at: Moment, member: MemberId): NonNullable<MemberState['follows']> {
  const bases = basesOf(at, member)
  const knewOf = (log: Node): boolean => bases.some(({ node }) => node === log || isBefore(node, log))
  return new Map(
    [...at.ledger.incarnations].map(([device, logs]) => [
      device,
      logs.flatMap(({ incarnation, node }) => (knewOf(node) ? [incarnation] : [])).toSorted((a, b) => a - b),
    ]),
  )
}

function membersOf(
  nodes: readonly Node[],
  devices: ReadonlyMap<DeviceId, DeviceState>,
  at: Moment,
): ReadonlyMap<MemberId, MemberState> {
  const members = new Map<MemberId, MemberState>()
  const owned = new Map<MemberId, DeviceState[]>()
  for (const device of devices.values()) {
    const own = owned.get(device.member)
    if (own === undefined) owned.set(device.member, [device])
    else own.push(device)
  }
  for (const [id, name] of namesOf(nodes, at)) {
    const own = owned.get(id) ?? []
    const identityKey = own[0]?.certificate.identityKey
    if (identityKey === undefined) continue
    const present = isMemberPresent(at, id)
    const history = historyOf(at, id)
    members.set(id, {
      id,
      name,
      role: roleOf(at, id),
      identityKey,
      devices: own.map((device) => device.id),
      present,
      history,
      ...(present && history === 'from-now' ? { follows: followsOf(at, id) } : {}),
    })
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

function epochsOf(view: EpochView, at: Moment, authorOf: AuthorOf): ReadonlyMap<EpochId, EpochState> {
  const epochs = new Map<EpochId, EpochState>()
  for (const [epoch, parents] of view.parents) {
    const maker = at.ledger.epochs.get(epoch)?.[0]?.node.record.author
    const by = maker === undefined ? undefined : authorOf(maker)
    if (by !== undefined)
      epochs.set(epoch, { parents, clean: view.isClean(epoch), openToAll: view.isOpenToAll(epoch), by })
  }
  return epochs
}

const currentEpochOf = ({ leaves, isClean, struck }: EpochView): EpochId | undefined =>
  leaves.find(isClean) ?? leaves.find((epoch) => !struck.has(epoch)) ?? leaves[0]

/** Where nobody present has a key, nobody can pass it on. */
function withoutKeyOf(view: EpochView, devices: ReadonlyMap<DeviceId, DeviceState>): CircleState['withoutKey'] {
  const present = [...devices.values()].filter((device) => device.present)
  return [...view.parents.keys()].flatMap((epoch) => {
    const lacking = present.filter(({ id, member }) => view.mayHave(member, epoch) && !view.hasKey(id, epoch))
    return lacking.length > 0 && present.some(({ id }) => view.hasKey(id, epoch))
      ? lacking.map(({ id }) => {
          const notFrom = view.notFrom(id, epoch)
          return { device: id, epoch, ...(notFrom.length === 0 ? {} : { notFrom }) }
        })
      : []
  })
}

const skippedOf = (skipped: ReadonlyMap<Node, string>, authorOf: AuthorOf): readonly SkippedRecord[] =>
  [...skipped].map(([{ hash, record }, reason]) => ({
    hash,
    reason,
    type: record.body.type,
    author: authorOf(record.author),
  }))

/**
 * The last of the valid records, and of those that were struck out but gave keys: what comes next must know who has which key, and
 * be able to name keys that others wrote under.
 */
function headsOf(nodes: readonly Node[], { ledger }: Moment): readonly HashId[] {
  const last = [...nodes, ...ledger.struck].toSorted((a, b) => b.index - a.index)
  const covered = new Uint32Array(Math.ceil(((last[0]?.index ?? 0) + 1) / 32))
  const heads: HashId[] = []
  for (const { hash, index, past } of last) {
    if (((covered[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0) continue
    heads.push(hash)
    for (const [word, bits] of past.entries()) covered[word] = (covered[word] ?? 0) | bits
  }
  return heads.toSorted()
}

interface Resolved {
  readonly circle: CircleId
  readonly ledger: Ledger
  /** The valid ones, in the graph's order. */
  readonly nodes: readonly Node[]
  readonly skipped: ReadonlyMap<Node, string>
  readonly authorOf: AuthorOf
  readonly fallen: readonly Fallen[]
}

/** Undefined where none of the valid records is the beginning. */
export function stateOf({ circle, ledger, nodes, skipped, authorOf, fallen }: Resolved): CircleState | undefined {
  const [beginning] = creationsOf(nodes)
  const at = now(ledger)
  const view = epochsAt(at)
  const currentEpoch = currentEpochOf(view)
  if (beginning === undefined || currentEpoch === undefined) return undefined
  const devices = devicesOf(nodes, at)
  const neverIn = fallenDevices(fallen, authorOf).filter(({ id }) => !devices.has(id))
  const { kind, group, circleName } = beginning
  return {
    circle,
    kind,
    ...(group === undefined ? {} : { group }),
    name: renamesOf(nodes).at(-1) ?? circleName,
    members: membersOf(nodes, devices, at),
    devices,
    fallen: new Map(neverIn.map((device) => [device.id, device])),
    invitations: invitationsOf(at),
    epochs: epochsOf(view, at, authorOf),
    currentEpoch,
    withoutKey: withoutKeyOf(view, devices),
    closed: isClosed(at),
    heads: headsOf(nodes, at),
    skipped: skippedOf(skipped, authorOf),
  }
}

/** Of each device that is not present, what took it out. */
export function removalsOf(ledger: Ledger, fallen: readonly Fallen[]): ReadonlyMap<DeviceId, readonly HashId[]> {
  const at = now(ledger)
  const removals = new Map<DeviceId, readonly HashId[]>()
  for (const { body, by } of fallen) {
    for (const { device } of joinersIn(body)) removals.set(device, by === undefined ? [] : [by.hash])
  }
  for (const device of ledger.introductions.keys()) {
    removals.delete(device)
    if (isPresent(at, device)) continue
    removals.set(
      device,
      removalsInForce(at, device).map(({ hash }) => hash),
    )
  }
  return removals
}
