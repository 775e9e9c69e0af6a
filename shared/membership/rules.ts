/**
 * The rules, as data: what must hold in a record's own past for it to have effect. The first that does not hold is the
 * reason under which the record is skipped. None looks at a clock; none depends on the order of arrival.
 */
import type { DeviceId, EpochId, MemberId } from '../base/ids.ts'
import { MAX_DEVICES } from '../wire/limits.ts'
import type { RecordBody } from '../wire/record.ts'
import { epochsAt } from './epochs.ts'
import type { Node } from './graph.ts'
import {
  grantsIn,
  invitationIn,
  inviteBefore,
  isEpochKnown,
  isIncarnationKnown,
  isIntroducing,
  isMemberPresent,
  isPresent,
  joinerIn,
  joinersIn,
  memberOf,
  momentOf,
  presentDevicesOf,
  roleOf,
  type BodyOf,
  type Joiner,
  type Moment,
} from './ledger.ts'
import { yjsClientIdOf } from './names.ts'

/** A record about to be judged. */
export interface Case<Body extends RecordBody = RecordBody> {
  readonly node: Node
  readonly body: Body
  readonly at: Moment
  readonly author: DeviceId
  /** The author's member. */
  readonly member: MemberId | undefined
}

export interface Rule<Body extends RecordBody = RecordBody> {
  readonly name: string
  // A method, so that a rule for one body may stand in the list for all of them.
  holds(of: Case<Body>): boolean
}

// What a name may not hold: control characters, line ends, and marks that turn the direction of the text after it.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u
export const isFitName = (name: string): boolean => name.trim() !== '' && !UNPRINTABLE.test(name)

export const isOrganiser = ({ at, member }: Case): boolean => member !== undefined && roleOf(at, member) === 'organiser'

const byOrganiser: Rule = { name: 'not-an-organiser', holds: isOrganiser }
const authorPresent: Rule = { name: 'author-not-present', holds: ({ at, author }) => isPresent(at, author) }

const isSame = (a: Joiner, b: Joiner): boolean => a.member === b.member && a.device === b.device

/** A present device's client id, or a device id that another member's, makes text appear under the wrong name. */
const deviceFree: Rule<BodyOf<'admit' | 'device' | 'add'>> = {
  name: 'device-taken',
  holds: ({ at, body }) =>
    joinersIn(body).every(({ device, member }) => {
      const owner = memberOf(at, device)
      const client = at.ledger.clientIds.get(yjsClientIdOf(at.ledger.circle, device, 0))
      return (owner === undefined || owner === member) && (client === undefined || client === device)
    }),
}

/** Every change of keys makes a box for every computer, and one record must hold them. */
const devicesFew: Rule<BodyOf<'admit' | 'device' | 'add'>> = {
  name: 'too-many-devices',
  holds: ({ at, body }) => {
    const [first] = joinersIn(body)
    if (first === undefined) return false
    const devices = new Set(presentDevicesOf(at, first.member))
    const before = devices.size
    for (const { device } of joinersIn(body)) devices.add(device)
    return devices.size === before || devices.size <= MAX_DEVICES
  },
}

const grantsKnown: Rule = {
  name: 'epoch-unknown',
  holds: ({ at, body }) => grantsIn(body).every(({ epoch }) => isEpochKnown(at, epoch)),
}

/** Boxes only for devices that are in, or that this very record brings in. */
const grantsInside: Rule = {
  name: 'key-for-a-stranger',
  holds: ({ at, body }) => {
    const brought = new Set<DeviceId>(isIntroducing(body) ? joinersIn(body).map(({ device }) => device) : [])
    const isInside = (device: DeviceId): boolean => {
      if (brought.has(device)) return true
      if (!isPresent(at, device)) return false
      brought.add(device)
      return true
    }
    return grantsIn(body).every(({ wraps }) => wraps.every(({ device }) => isInside(device)))
  },
}

const admittedBefore = ({ at, body }: Case<BodyOf<'admit'>>): readonly Node[] =>
  (at.ledger.admits.get(body.join.invitation) ?? []).filter((node) => at.before(node))

const inviteOf = ({ at, body }: Case<BodyOf<'admit'>>): { node: Node; body: BodyOf<'invite'> } | undefined => {
  const node = inviteBefore(at, body.join.invitation)
  return node?.record.body.type === 'invite' ? { node, body: node.record.body } : undefined
}

const inviterPresent = (of: Case<BodyOf<'admit'>>): boolean => {
  const inviter = memberOf(of.at, inviteOf(of)?.node.record.author ?? of.author)
  return inviter !== undefined && isMemberPresent(of.at, inviter)
}

export const joinerOf = (node: Node): Joiner | undefined =>
  node.record.body.type === 'admit' ? joinerIn(node.record.body) : undefined

/**
 * Nobody can see whether a box holds the key that it is said to hold. So a box by somebody who may not change keys is none that an
 * author must be content with: or one member could make a key for all, with empty boxes, and the others could write no more.
 */
function isGivenInEarnest({ at, author, member }: Case, epoch: EpochId): boolean {
  const givings = at.ledger.givings.get(epoch)?.get(author) ?? []
  return givings.some((node) => {
    if (!at.before(node)) return false
    const then = momentOf(at.ledger, node)
    const giver = memberOf(then, node.record.author)
    return (
      node.record.body.type === 'create' ||
      giver === member ||
      (giver !== undefined && roleOf(then, giver) === 'organiser')
    )
  })
}

/** Nothing that the author could write under: then anybody may make the next key, so that no removal is without its key. */
function hasNoCleanLeaf(of: Case): boolean {
  const epochs = epochsAt(of.at)
  return !epochs.leaves.some((epoch) => epochs.isClean(epoch) && isGivenInEarnest(of, epoch))
}

const RULES: { readonly [Type in RecordBody['type']]: readonly Rule<BodyOf<Type>>[] } = {
  create: [
    // Of two beginnings signed for one circle, the first in the order.
    { name: 'not-the-beginning', holds: ({ at }) => at.ledger.epochs.size === 0 },
    { name: 'name-unfit', holds: ({ body }) => isFitName(body.circleName) && isFitName(body.founderName) },
    grantsInside,
  ],
  invite: [
    authorPresent,
    byOrganiser,
    {
      name: 'invitation-known',
      holds: ({ at, body }) => inviteBefore(at, invitationIn(body)) === undefined,
    },
  ],
  cancel: [
    authorPresent,
    byOrganiser,
    { name: 'invitation-unknown', holds: ({ at, body }) => inviteBefore(at, body.invitation) !== undefined },
    {
      name: 'invitation-used',
      holds: ({ at, body }) => !at.ledger.admits.get(body.invitation)?.some((node) => at.before(node)),
    },
  ],
  admit: [
    authorPresent,
    {
      name: 'not-an-organiser',
      // Anybody may let in another computer of their own.
      holds: (of) => isOrganiser(of) || joinerIn(of.body).member === of.member,
    },
    { name: 'invitation-unknown', holds: (of) => inviteOf(of) !== undefined },
    { name: 'inviter-removed', holds: inviterPresent },
    {
      name: 'invitation-cancelled',
      holds: ({ at, body }) => !at.ledger.cancels.get(body.join.invitation)?.some((node) => at.before(node)),
    },
    {
      name: 'invitation-used',
      holds: (of) =>
        admittedBefore(of).every((node) => {
          const earlier = joinerOf(node)
          return earlier !== undefined && isSame(earlier, joinerIn(of.body))
        }),
    },
    // By the organiser's own word on when it was; the resolver's clock plays no part.
    { name: 'invitation-expired', holds: (of) => of.body.admittedAt <= (inviteOf(of)?.body.expiresAt ?? -1) },
    { name: 'name-unfit', holds: ({ body }) => isFitName(body.join.name) },
    deviceFree,
    devicesFew,
    grantsKnown,
    grantsInside,
  ],
  device: [
    authorPresent,
    { name: 'not-their-device', holds: ({ body, member }) => joinerIn(body).member === member },
    deviceFree,
    devicesFew,
    grantsKnown,
    grantsInside,
  ],
  add: [
    authorPresent,
    byOrganiser,
    // Whoever is in a circle was asked once: by the invitation to its group.
    { name: 'only-by-invitation', holds: ({ at }) => at.ledger.kind === 'circle' },
    {
      name: 'already-present',
      holds: ({ at, body }) =>
        joinersIn(body).some(({ device, member }) => !isPresent(at, device) || memberOf(at, device) !== member),
    },
    { name: 'name-unfit', holds: ({ body }) => isFitName(body.name) },
    deviceFree,
    devicesFew,
    grantsKnown,
    grantsInside,
  ],
  epoch: [
    authorPresent,
    { name: 'not-an-organiser', holds: (of) => isOrganiser(of) || hasNoCleanLeaf(of) },
    { name: 'epoch-known', holds: ({ at, body }) => !isEpochKnown(at, body.grant.epoch) },
    {
      name: 'epoch-unknown',
      holds: ({ at, body }) =>
        body.parents.length > 0 &&
        [...body.parents, ...body.older.map(({ epoch }) => epoch)].every((epoch) => isEpochKnown(at, epoch)),
    },
    grantsInside,
  ],
  grant: [authorPresent, grantsKnown, grantsInside],
  remove: [
    authorPresent,
    {
      name: 'not-an-organiser',
      // Anybody may leave, or retire a computer of their own.
      holds: (of) => {
        const { target } = of.body
        const theirs = 'member' in target ? target.member : memberOf(of.at, target.device)
        return isOrganiser(of) || theirs === of.member
      },
    },
    {
      name: 'target-not-present',
      holds: ({ at, body: { target } }) =>
        'member' in target ? isMemberPresent(at, target.member) : isPresent(at, target.device),
    },
  ],
  profile: [authorPresent, { name: 'name-unfit', holds: ({ body }) => isFitName(body.name) }],
  rename: [authorPresent, byOrganiser, { name: 'name-unfit', holds: ({ body }) => isFitName(body.circleName) }],
  close: [authorPresent, byOrganiser],
  'device-name': [authorPresent, { name: 'name-unfit', holds: ({ body }) => isFitName(body.name) }],
  role: [
    authorPresent,
    byOrganiser,
    { name: 'target-not-present', holds: ({ at, body }) => isMemberPresent(at, body.member) },
  ],
  incarnation: [
    authorPresent,
    {
      name: 'incarnation-known',
      holds: ({ at, body, author }) => !isIncarnationKnown(at.ledger, author, body.incarnation),
    },
    {
      name: 'device-taken',
      holds: ({ at, body, author }) => {
        const client = at.ledger.clientIds.get(yjsClientIdOf(at.ledger.circle, author, body.incarnation))
        return client === undefined || client === author
      },
    },
  ],
  unknown: [authorPresent],
}

/** The name of the first rule that does not hold. */
export function brokenRule(node: Node, at: Moment): string | undefined {
  const { body, author } = node.record
  const rules: readonly Rule[] = RULES[body.type]
  const of: Case = { node, body, at, author, member: memberOf(at, author) }
  return rules.find((rule) => !rule.holds(of))?.name
}
