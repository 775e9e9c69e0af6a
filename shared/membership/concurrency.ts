/**
 * The rules, as data, for two records that did not know of each other: which of them strikes the other out. What strikes
 * whom depends on the records alone. Cautious statements win: removing beats acting, cancelling beats admitting.
 */
import type { MemberId } from '../base/ids.ts'
import type { RecordBody } from '../wire/record.ts'
import type { Node } from './graph.ts'
import { isIntroducing, joinerIn, joinersIn, memberOf, now, type Introducing, type Ledger } from './ledger.ts'

export interface Conflict {
  readonly name: string
  /** Lower ranks are settled first. */
  readonly rank: number
  readonly by: readonly RecordBody['type'][]
  /** Valid records among which all are that `winner` could strike out; so nobody looks through the whole log for each. */
  among(winner: Node, ledger: Ledger): readonly Node[]
  /** Does `winner` strike out `loser`, given that they are concurrent? */
  strikes(winner: Node, loser: Node, ledger: Ledger): boolean
}

const NEEDS_ORGANISER: readonly RecordBody['type'][] = [
  'invite',
  'cancel',
  'admit',
  'epoch',
  'remove',
  'rename',
  'role',
  'add',
  'close',
]

const signedBy = (ledger: Ledger, member: MemberId): readonly Node[] =>
  [...(ledger.devicesOf.get(member) ?? [])].flatMap((device) => ledger.authored.get(device) ?? [])

/** What anybody may say of themselves needs no organiser: leaving, and what one does with one's own computers. */
function isAboutOneself({ record: { body, author } }: Node, ledger: Ledger): boolean {
  const member = memberOf(now(ledger), author)
  if (body.type === 'admit') return joinerIn(body).member === member
  if (body.type !== 'remove') return false
  return member === ('member' in body.target ? body.target.member : memberOf(now(ledger), body.target.device))
}

const isStruckByRemoval = (winner: Node, loser: Node, ledger: Ledger): boolean => {
  const { body } = winner.record
  if (body.type !== 'remove') return false
  const { author } = loser.record
  return 'member' in body.target ? memberOf(now(ledger), author) === body.target.member : author === body.target.device
}

/**
 * Who leaves of their own accord takes nothing back; nor does a computer that retires itself. But one computer of somebody that
 * takes out another (lost, stolen) is a removal like any.
 */
const isLeaving = (winner: Node, ledger: Ledger): boolean => {
  const { author, body } = winner.record
  if (body.type !== 'remove') return false
  return 'member' in body.target ? memberOf(now(ledger), author) === body.target.member : author === body.target.device
}

// A device that agreed to two identities: its owner's doing, so all that matters is that everybody sees the same one of them. An
// admission holds what the joiner said to this very circle.
const CLAIMS: readonly RecordBody['type'][] = ['create', 'admit', 'add', 'device']

const claimsBefore = (winner: Node, loser: Node): boolean => {
  const [first, second] = [winner, loser].map(({ record }) => CLAIMS.indexOf(record.body.type))
  return first === second ? winner.hash < loser.hash : (first ?? 0) < (second ?? 0)
}

const takesFrom = (body: Introducing, other: Introducing): boolean =>
  joinersIn(body).some(({ device, member }) =>
    joinersIn(other).some((joiner) => joiner.device === device && joiner.member !== member),
  )

export const CONFLICTS: readonly Conflict[] = [
  {
    name: 'author-removed-meanwhile',
    rank: 0,
    by: ['remove'],
    among: ({ record: { body } }, ledger) => {
      if (body.type !== 'remove') return []
      return 'member' in body.target
        ? signedBy(ledger, body.target.member)
        : (ledger.authored.get(body.target.device) ?? [])
    },
    strikes: (winner, loser, ledger) => !isLeaving(winner, ledger) && isStruckByRemoval(winner, loser, ledger),
  },
  {
    name: 'author-demoted-meanwhile',
    rank: 1,
    by: ['role'],
    among: ({ record: { body } }, ledger) => (body.type === 'role' ? signedBy(ledger, body.member) : []),
    strikes: (winner, loser, ledger) => {
      const { body } = winner.record
      return (
        body.type === 'role' &&
        body.role === 'member' &&
        NEEDS_ORGANISER.includes(loser.record.body.type) &&
        memberOf(now(ledger), loser.record.author) === body.member &&
        !isAboutOneself(loser, ledger)
      )
    },
  },
  {
    name: 'invitation-cancelled-meanwhile',
    rank: 2,
    by: ['cancel'],
    among: ({ record: { body } }, ledger) => (body.type === 'cancel' ? (ledger.admits.get(body.invitation) ?? []) : []),
    strikes: ({ record: { body } }, { record: { body: other } }) =>
      body.type === 'cancel' && other.type === 'admit' && other.join.invitation === body.invitation,
  },
  {
    name: 'invitation-used-meanwhile',
    rank: 3,
    by: ['admit'],
    among: ({ record: { body } }, ledger) =>
      body.type === 'admit' ? (ledger.admits.get(body.join.invitation) ?? []) : [],
    strikes: (winner, loser) => {
      const [{ body }, { body: other }] = [winner.record, loser.record]
      if (body.type !== 'admit' || other.type !== 'admit' || body.join.invitation !== other.join.invitation)
        return false
      const [first, second] = [joinerIn(body), joinerIn(other)]
      return (first.member !== second.member || first.device !== second.device) && winner.hash < loser.hash
    },
  },
  {
    name: 'device-taken-meanwhile',
    rank: 4,
    by: ['create', 'admit', 'add', 'device'],
    among: ({ record: { body } }, ledger) =>
      isIntroducing(body)
        ? joinersIn(body).flatMap(({ device }) => (ledger.introductions.get(device) ?? []).map(({ node }) => node))
        : [],
    strikes: (winner, loser) => {
      const [{ body }, { body: other }] = [winner.record, loser.record]
      if (!isIntroducing(body) || !isIntroducing(other)) return false
      return takesFrom(body, other) && claimsBefore(winner, loser)
    },
  },
]
