/**
 * The rules, as data, for two records that did not know of each other: which of them strikes the other out. What strikes
 * whom depends on the records alone. Cautious statements win: removing beats acting, cancelling beats admitting.
 */
import type { RecordBody } from '../wire/record.ts'
import type { Node } from './graph.ts'
import { joinerIn, memberOf, now, type Ledger } from './ledger.ts'

export interface Conflict {
  readonly name: string
  /** Lower ranks are settled first. */
  readonly rank: number
  readonly by: readonly RecordBody['type'][]
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
]

const isStruckByRemoval = (winner: Node, loser: Node, ledger: Ledger): boolean => {
  const { body } = winner.record
  if (body.type !== 'remove') return false
  const { author } = loser.record
  return 'member' in body.target ? memberOf(now(ledger), author) === body.target.member : author === body.target.device
}

const isSelfInflicted = (winner: Node, ledger: Ledger): boolean => {
  const { author, body } = winner.record
  if (body.type !== 'remove') return false
  return (
    memberOf(now(ledger), author) ===
    ('member' in body.target ? body.target.member : memberOf(now(ledger), body.target.device))
  )
}

export const CONFLICTS: readonly Conflict[] = [
  {
    name: 'author-removed-meanwhile',
    rank: 0,
    by: ['remove'],
    // Who leaves of their own accord takes nothing back.
    strikes: (winner, loser, ledger) => !isSelfInflicted(winner, ledger) && isStruckByRemoval(winner, loser, ledger),
  },
  {
    name: 'author-demoted-meanwhile',
    rank: 1,
    by: ['role'],
    strikes: (winner, loser, ledger) => {
      const { body } = winner.record
      return (
        body.type === 'role' &&
        body.role === 'member' &&
        NEEDS_ORGANISER.includes(loser.record.body.type) &&
        memberOf(now(ledger), loser.record.author) === body.member
      )
    },
  },
  {
    name: 'invitation-cancelled-meanwhile',
    rank: 2,
    by: ['cancel'],
    strikes: ({ record: { body } }, { record: { body: other } }) =>
      body.type === 'cancel' && other.type === 'admit' && other.join.invitation === body.invitation,
  },
  {
    name: 'invitation-used-meanwhile',
    rank: 3,
    by: ['admit'],
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
    by: ['admit', 'device'],
    strikes: (winner, loser) => {
      const [{ body }, { body: other }] = [winner.record, loser.record]
      if (body.type !== 'admit' && body.type !== 'device') return false
      if (other.type !== 'admit' && other.type !== 'device') return false
      const [first, second] = [joinerIn(body), joinerIn(other)]
      if (first.device !== second.device || first.member === second.member) return false
      // An admission holds the joiner's own consent; a device record only the claim of whoever wrote it.
      return body.type === other.type ? winner.hash < loser.hash : body.type === 'admit'
    },
  },
]
