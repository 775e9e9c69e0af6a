/**
 * Who has which epoch's key, who may have it, and under which epochs something new may be sealed; at any moment. An epoch is
 * clean where everybody present may have its key and nobody who is absent was given it, directly or sealed under another key.
 */
import type { DeviceId, EpochId, MemberId } from '../base/ids.ts'
import { isBefore, type Node } from './graph.ts'
import { basesOf, grantsIn, isPresent, memberOf, type Basis, type Moment } from './ledger.ts'

export interface EpochView {
  readonly parents: ReadonlyMap<EpochId, readonly EpochId[]>
  /** Those that are no other's parent. */
  readonly leaves: readonly EpochId[]
  readonly struck: ReadonlySet<EpochId>
  isClean(epoch: EpochId): boolean
  /** Everybody present may have its key, and all that it opens. */
  isOpenToAll(epoch: EpochId): boolean
  /** By the records: given to it, as far as it did not say afterwards that what it was given does not open. */
  hasKey(device: DeviceId, epoch: EpochId): boolean
  /** Whose boxes for this device did not open to this key: what they give it again is not believed. */
  notFrom(device: DeviceId, epoch: EpochId): readonly MemberId[]
  /** Of the keys that do not open there: those that this device was given in a box, or under a key that does. */
  unopened(device: DeviceId, opens: (epoch: EpochId) => boolean): readonly EpochId[]
  /** Of present members only; false for everybody else. */
  mayHave(member: MemberId, epoch: EpochId): boolean
}

type Edges = ReadonlyMap<EpochId, readonly EpochId[]>

/** All that can be reached, the start included. */
function reach(start: Iterable<EpochId>, edges: Edges): Set<EpochId> {
  const reached = new Set(start)
  // A set hands out what is added while it is gone through.
  for (const epoch of reached) for (const next of edges.get(epoch) ?? []) reached.add(next)
  return reached
}

function reversed(edges: Edges): Edges {
  const back = new Map<EpochId, EpochId[]>()
  for (const [from, all] of edges) {
    for (const to of all) {
      const list = back.get(to)
      if (list === undefined) back.set(to, [from])
      else list.push(from)
    }
  }
  return back
}

interface Makings {
  readonly nodes: Map<EpochId, Node[]>
  readonly parents: Map<EpochId, readonly EpochId[]>
  /** Epochs whose keys lie sealed under this one's. */
  readonly older: Map<EpochId, EpochId[]>
  readonly struck: Set<EpochId>
}

function makingsAt(at: Moment): Makings {
  const made: Makings = { nodes: new Map(), parents: new Map(), older: new Map(), struck: new Set() }
  for (const [epoch, makings] of at.ledger.epochs) {
    const past = makings.filter(({ node }) => at.before(node))
    if (past.length === 0) continue
    made.nodes.set(
      epoch,
      past.map(({ node }) => node),
    )
    if (past.every(({ isStruck }) => isStruck)) made.struck.add(epoch)
    const bodies = past.flatMap(({ node: { record } }) => (record.body.type === 'epoch' ? [record.body] : []))
    // The identifier commits to the parents, so they are the same in every record of one epoch.
    made.parents.set(epoch, bodies[0]?.parents ?? [])
    made.older.set(
      epoch,
      bodies.flatMap(({ older }) => older.map((sealed) => sealed.epoch)),
    )
  }
  return made
}

function holdersAt(at: Moment, epochs: readonly EpochId[]): ReadonlyMap<EpochId, readonly DeviceId[]> {
  return new Map(
    epochs.map((epoch) => [
      epoch,
      [...(at.ledger.givings.get(epoch) ?? [])].flatMap(([device, nodes]) => (nodes.some(at.before) ? [device] : [])),
    ]),
  )
}

/** What one introduction gave, and every epoch that was not made before it, but nothing that opens an earlier one. */
function allowedBy(bases: readonly Basis[], made: Makings, opensTo: Edges): ReadonlySet<EpochId> {
  if (bases.some(({ history }) => history === 'all')) return new Set(made.nodes.keys())
  const given = reach(
    bases.flatMap(({ node }) => grantsIn(node.record.body).map(({ epoch }) => epoch)),
    made.older,
  )
  const later = (epoch: EpochId, basis: Basis) =>
    made.nodes.get(epoch)?.every((node) => !isBefore(node, basis.node)) ?? false
  const barred = [...made.nodes.keys()].filter(
    (epoch) => !given.has(epoch) && !bases.some((basis) => later(epoch, basis)),
  )
  const closed = reach(barred, opensTo)
  return new Set([...made.nodes.keys()].filter((epoch) => given.has(epoch) || !closed.has(epoch)))
}

interface Holdings {
  of(device: DeviceId): ReadonlySet<EpochId>
  notFrom(device: DeviceId, epoch: EpochId): readonly MemberId[]
  unopened(device: DeviceId, opens: (epoch: EpochId) => boolean): readonly EpochId[]
}

const olderIn = ({ record: { body } }: Node): readonly EpochId[] =>
  body.type === 'epoch' ? body.older.map(({ epoch }) => epoch) : []

/**
 * Who holds which keys by the records. A device that says that a key does not open is taken at its word: what it was given before
 * counts no more, nor does what the same people give it later. So each complaint leaves one giver less, and there is an end to it.
 */
function holdingsAt(at: Moment, made: Makings, holders: ReadonlyMap<EpochId, readonly DeviceId[]>): Holdings {
  const epochs = [...made.nodes.keys()]
  const complainers = new Set([...at.ledger.complaints.values()].flatMap((devices) => [...devices.keys()]))
  const given = (device: DeviceId) => epochs.filter((epoch) => holders.get(epoch)?.includes(device) ?? false)
  const boxesFor = (device: DeviceId, epoch: EpochId): readonly Node[] =>
    [at.ledger.givings, at.ledger.regivings].flatMap((places) => places.get(epoch)?.get(device) ?? []).filter(at.before)
  const complaintsOf = (device: DeviceId, epoch: EpochId): readonly Node[] =>
    at.ledger.complaints.get(epoch)?.get(device)?.filter(at.before) ?? []
  const giversOf = (nodes: readonly Node[]): ReadonlySet<MemberId> =>
    new Set(nodes.flatMap((node) => memberOf(at, node.record.author) ?? []))
  const isBy = (node: Node, members: ReadonlySet<MemberId>): boolean => {
    const giver = memberOf(at, node.record.author)
    return giver !== undefined && members.has(giver)
  }

  const standingBoxes = (device: DeviceId, epoch: EpochId): readonly Node[] => {
    const complaints = complaintsOf(device, epoch)
    const boxes = boxesFor(device, epoch)
    const refuted = boxes.filter((box) => complaints.some((complaint) => isBefore(box, complaint)))
    const givers = giversOf(refuted)
    return boxes.filter((box) => !refuted.includes(box) && !isBy(box, givers))
  }
  /** It had said by then that it lacks this key too: what lies sealed under it was never looked into. */
  const wasShut = (device: DeviceId, epoch: EpochId, complaint: Node): boolean =>
    complaintsOf(device, epoch).some((each) => each === complaint || isBefore(each, complaint)) &&
    !standingBoxes(device, epoch).some((box) => isBefore(box, complaint))
  /** By the epoch that lies sealed: under which ones, and by which records. */
  const sealings = lazily(() => {
    const found = new Map<EpochId, { readonly under: EpochId; readonly node: Node }[]>()
    for (const [under, nodes] of made.nodes) {
      for (const node of nodes) {
        for (const epoch of olderIn(node)) {
          const some = found.get(epoch)
          if (some === undefined) found.set(epoch, [{ under, node }])
          else some.push({ under, node })
        }
      }
    }
    return found
  })
  const reachedBy = remembering((device: DeviceId) => reach(given(device), made.older))
  const refutedFor = (device: DeviceId, epoch: EpochId): readonly Node[] => {
    const complaints = complaintsOf(device, epoch)
    if (complaints.length === 0) return []
    const reached = reachedBy(device)
    const sealed = (sealings().get(epoch) ?? []).filter(
      ({ under, node }) =>
        reached.has(under) &&
        complaints.some((complaint) => isBefore(node, complaint) && !wasShut(device, under, complaint)),
    )
    const boxes = boxesFor(device, epoch).filter((box) => complaints.some((complaint) => isBefore(box, complaint)))
    return [...boxes, ...sealed.map(({ node }) => node)]
  }
  const standsFor = (device: DeviceId, epoch: EpochId): ((node: Node) => boolean) => {
    const refuted = refutedFor(device, epoch)
    const givers = giversOf(refuted)
    return (node) => !refuted.includes(node) && !isBy(node, givers)
  }

  const of = (device: DeviceId): ReadonlySet<EpochId> => {
    if (!complainers.has(device)) return reachedBy(device)
    const stands = remembering((epoch: EpochId) => standsFor(device, epoch))
    const held = new Set(given(device).filter((epoch) => boxesFor(device, epoch).some(stands(epoch))))
    // A set hands out what is added while it is gone through.
    for (const epoch of held) {
      for (const node of made.nodes.get(epoch) ?? []) {
        for (const older of olderIn(node)) if (!held.has(older) && stands(older)(node)) held.add(older)
      }
    }
    return held
  }
  const unopened: Holdings['unopened'] = (device, opens) => {
    const missing = epochs.filter((epoch) => !opens(epoch))
    return missing.filter((epoch) => {
      const sealed = (sealings().get(epoch) ?? []).filter(({ under }) => opens(under)).map(({ node }) => node)
      return [...boxesFor(device, epoch), ...sealed].some(standsFor(device, epoch))
    })
  }
  return { of, unopened, notFrom: (device, epoch) => [...giversOf(refutedFor(device, epoch))].toSorted() }
}

/** Everything is worked out when it is first asked for. */
function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}

function remembering<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const values = new Map<Key, Value>()
  return (key) => {
    const known = values.get(key)
    if (known !== undefined || values.has(key)) return known as Value
    const value = make(key)
    values.set(key, value)
    return value
  }
}

export function epochsAt(at: Moment): EpochView {
  const made = makingsAt(at)
  const epochs = [...made.nodes.keys()]
  const present = remembering((device: DeviceId) => isPresent(at, device))
  const holders = lazily(() => holdersAt(at, epochs))
  const opensTo = lazily(() => reversed(made.older))
  const members = lazily(
    () =>
      new Set(
        [...at.ledger.introductions.keys()].flatMap((device) => (present(device) ? (memberOf(at, device) ?? []) : [])),
      ),
  )
  const allowed = remembering((member: MemberId) =>
    members().has(member) ? allowedBy(basesOf(at, member), made, opensTo()) : new Set<EpochId>(),
  )
  const parts = lazily(() => [...members()].map(allowed))
  const isOpenToAll = (epoch: EpochId): boolean => parts().every((may) => may.has(epoch))
  const unclean = lazily(() => {
    const told = reach(
      epochs.filter(
        (epoch) =>
          holders()
            .get(epoch)
            ?.some((device) => !present(device)) ?? false,
      ),
      made.older,
    )
    return new Set(epochs.filter((epoch) => told.has(epoch) || made.struck.has(epoch) || !isOpenToAll(epoch)))
  })
  const holdings = lazily(() => holdingsAt(at, made, holders()))
  const heldBy = remembering((device: DeviceId) => holdings().of(device))
  const inner = new Set([...made.parents.values()].flat())
  return {
    parents: made.parents,
    leaves: epochs.filter((epoch) => !inner.has(epoch)).toSorted(),
    struck: made.struck,
    isClean: (epoch) => made.nodes.has(epoch) && !unclean().has(epoch),
    isOpenToAll,
    hasKey: (device, epoch) => heldBy(device).has(epoch),
    unopened: (device, opens) => holdings().unopened(device, opens),
    notFrom: (device, epoch) => holdings().notFrom(device, epoch),
    mayHave: (member, epoch) => allowed(member).has(epoch),
  }
}
