/**
 * From any set of verified records, in any order, to one state. Pure, total, without recursion and without clocks.
 *
 * Each record is judged by the rules (rules.ts) in its own past. Where two valid records did not know of each other and one
 * strikes the other out (concurrency.ts), the strikes are settled one at a time, the lowest rank first, then the author who
 * has been in for longer, then the lower hash; after each, all is judged again, since what rested on the struck record falls
 * too. A strike whose own ground falls later is withdrawn and not taken up again, so the settling ends.
 */
import type { CircleId, DeviceId, EpochId, HashId } from '../base/ids.ts'
import { CONFLICTS, type Conflict } from './concurrency.ts'
import { epochsAt } from './epochs.ts'
import { areConcurrent, buildGraph, isBefore, type Graph, type Node } from './graph.ts'
import {
  emptyLedger,
  enter,
  enterStruck,
  grantsIn,
  isIntroducing,
  isPresent,
  memberOf,
  momentOf,
  now,
  type Ledger,
} from './ledger.ts'
import { brokenRule } from './rules.ts'
import { removalsOf, stateOf, type Fallen } from './state-of.ts'
import type { CircleState } from './state.ts'
import type { VerifiedRecord } from './verify.ts'

interface Judgement {
  readonly ledger: Ledger
  readonly valid: ReadonlySet<Node>
  readonly skipped: ReadonlyMap<Node, string>
}

interface Strike {
  readonly conflict: Conflict
  readonly winner: Node
}

/** Strikes settled one by one; whoever floods a circle with quarrels gets them settled in heaps, as deterministically. */
const ONE_BY_ONE = 32

const struckBy = (strikes: readonly Strike[], node: Node, ledger: Ledger): string | undefined =>
  strikes.find(({ conflict, winner }) => areConcurrent(winner, node) && conflict.strikes(winner, node, ledger))
    ?.conflict.name

/** `honest`: see honestIn; such a record was seen as valid, and acted on. */
function judge(circle: CircleId, graph: Graph, strikes: readonly Strike[], honest?: ReadonlySet<Node>): Judgement {
  const ledger = emptyLedger(circle)
  const valid = new Set<Node>()
  const skipped = new Map<Node, string>()
  for (const node of graph.nodes) {
    const reason = brokenRule(node, momentOf(ledger, node)) ?? struckBy(strikes, node, ledger)
    if (reason === undefined) {
      valid.add(node)
      enter(ledger, node)
    } else {
      skipped.set(node, reason)
      if (honest?.has(node) === true) enterStruck(ledger, node)
    }
  }
  return { ledger, valid, skipped }
}

const seniority = (ledger: Ledger, { winner }: Strike): number =>
  ledger.introductions.get(winner.record.author)?.[0]?.node.index ?? Number.MAX_SAFE_INTEGER

/** Valid records that strike out another valid one. */
function openStrikes({ ledger, valid }: Judgement, isOver: (winner: Node) => boolean): readonly Strike[] {
  const nodes = [...valid]
  const open = CONFLICTS.flatMap((conflict) => {
    const winners = nodes.filter((node) => conflict.by.includes(node.record.body.type) && !isOver(node))
    return winners
      .filter((winner) =>
        conflict
          .among(winner, ledger)
          .some((loser) => areConcurrent(winner, loser) && conflict.strikes(winner, loser, ledger)),
      )
      .map((winner) => ({ conflict, winner }))
  })
  return open.toSorted(
    (a, b) =>
      a.conflict.rank - b.conflict.rank ||
      seniority(ledger, a) - seniority(ledger, b) ||
      (a.winner.hash < b.winner.hash ? -1 : 1),
  )
}

function settle(
  circle: CircleId,
  graph: Graph,
  first: Judgement,
  honest: ReadonlySet<Node>,
): Judgement & { readonly strikes: readonly Strike[] } {
  let strikes: readonly Strike[] = []
  const withdrawn = new Set<Node>()
  let judgement = first
  for (let round = 0; ; round++) {
    const fallen = strikes.filter(({ winner }) => !judgement.valid.has(winner))
    for (const { winner } of fallen) withdrawn.add(winner)
    const standing = strikes.filter(({ winner }) => judgement.valid.has(winner))
    const open = fallen.length > 0 ? [] : openStrikes(judgement, (winner) => withdrawn.has(winner))
    if (fallen.length === 0 && open.length === 0) return { ...judgement, strikes }
    strikes = [...standing, ...(round < ONE_BY_ONE ? open.slice(0, 1) : open)]
    judgement = judge(circle, graph, strikes, honest)
  }
}

/** Of one device, so many at most: whoever breaks rules without end is not looked into any further. */
const MAX_LOOKED_INTO = 32

/** What a record's own past says of it never changes. */
const validInOwnPast = new WeakMap<Node['record'], boolean>()

function isValidInOwnPast(circle: CircleId, graph: Graph, node: Node, honest: ReadonlySet<Node>): boolean {
  const known = validInOwnPast.get(node.record)
  if (known !== undefined) return known
  const past: Graph = { nodes: graph.nodes.filter((each) => each === node || isBefore(each, node)), waiting: [] }
  const isValid = settle(circle, past, judge(circle, past, []), honest).valid.has(node)
  validInOwnPast.set(node.record, isValid)
  return isValid
}

/**
 * Records that were valid to whoever had their past and nothing else: before any quarrel, or once the quarrels in that past were
 * settled. A later quarrel may unsettle those; but others met in good faith whom such a record brought in, and sealed under its key.
 */
function honestIn(circle: CircleId, graph: Graph, first: Judgement): ReadonlySet<Node> {
  const honest = new Set(first.valid)
  const lookedInto = new Map<DeviceId, number>()
  for (const node of graph.nodes) {
    const { author, body } = node.record
    if (honest.has(node) || (grantsIn(body).length === 0 && !isIntroducing(body))) continue
    const count = lookedInto.get(author) ?? 0
    if (count >= MAX_LOOKED_INTO) continue
    lookedInto.set(author, count + 1)
    if (isValidInOwnPast(circle, graph, node, honest)) honest.add(node)
  }
  return honest
}

/**
 * Who was brought in by a record that fell in a quarrel. Others met them in good faith and took in what they wrote, so they are
 * not strangers: they count as taken out, by the first quarrel that their record did not know of.
 */
const fallenIn = (
  graph: Graph,
  honest: ReadonlySet<Node>,
  valid: ReadonlySet<Node>,
  strikes: readonly Strike[],
): readonly Fallen[] =>
  graph.nodes.flatMap((node) => {
    const { body } = node.record
    if (!honest.has(node) || valid.has(node) || !isIntroducing(body)) return []
    const [by] = strikes
      .map(({ winner }) => winner)
      .filter((winner) => areConcurrent(winner, node))
      .toSorted((a, b) => a.index - b.index)
    return [{ body, by }]
  })

export interface Resolution {
  /** Undefined while the circle's first record is not here. */
  readonly state: CircleState | undefined
  readonly waiting: readonly HashId[]
  /** Of each device that is not present: the valid records that took it out. */
  readonly removals: ReadonlyMap<DeviceId, readonly HashId[]>
}

export interface Resolved {
  readonly resolution: Resolution
  /** Of the keys that do not open on this device: those that it was given and may have. */
  unopened(device: DeviceId, opens: (epoch: EpochId) => boolean): readonly EpochId[]
}

function unopenedBy(ledger: Ledger, ...[device, opens]: Parameters<Resolved['unopened']>): readonly EpochId[] {
  const at = now(ledger)
  const member = memberOf(at, device)
  if (member === undefined || !isPresent(at, device)) return []
  const view = epochsAt(at)
  return view.unopened(device, opens).filter((epoch) => view.mayHave(member, epoch))
}

export function resolveWithKeys(circle: CircleId, records: Iterable<VerifiedRecord>): Resolved {
  const graph = buildGraph(records)
  const first = judge(circle, graph, [])
  const honest = honestIn(circle, graph, first)
  const { ledger, valid, skipped, strikes } = settle(circle, graph, first, honest)
  const fallen = fallenIn(graph, honest, valid, strikes)
  // Somebody whose admission was struck out is not in, but what they signed is still theirs.
  const authorOf = (device: DeviceId) => memberOf(now(ledger), device) ?? memberOf(now(first.ledger), device)
  return {
    resolution: {
      state: stateOf({ circle, ledger, nodes: [...valid], skipped, authorOf, fallen }),
      waiting: graph.waiting,
      removals: removalsOf(ledger, fallen),
    },
    unopened: (...about) => unopenedBy(ledger, ...about),
  }
}

export const resolve = (circle: CircleId, records: Iterable<VerifiedRecord>): Resolution =>
  resolveWithKeys(circle, records).resolution
