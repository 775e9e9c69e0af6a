/** The records as a graph by their parents, in one order that depends on nothing but the set: by depth, then by hash. */
import type { HashId } from '../base/ids.ts'
import type { VerifiedRecord } from './verify.ts'

export interface Node extends VerifiedRecord {
  /** Place in the order; every ancestor's is lower. */
  readonly index: number
  readonly parents: readonly Node[]
  /** One bit for each lower index: is it an ancestor? */
  readonly past: Uint32Array
}

export interface Graph {
  readonly nodes: readonly Node[]
  /** Held, but a parent is missing. */
  readonly waiting: readonly HashId[]
}

export const isBefore = (a: Node, b: Node): boolean =>
  a.index < b.index && ((b.past[a.index >>> 5] ?? 0) & (1 << (a.index & 31))) !== 0

export const areConcurrent = (a: Node, b: Node): boolean => a !== b && !isBefore(a, b) && !isBefore(b, a)

const byHash = (a: { readonly hash: HashId }, b: { readonly hash: HashId }): number =>
  a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0

function childrenOf(records: ReadonlyMap<HashId, VerifiedRecord>): ReadonlyMap<HashId, readonly VerifiedRecord[]> {
  const children = new Map<HashId, VerifiedRecord[]>()
  for (const record of records.values()) {
    for (const parent of record.record.parents) {
      const siblings = children.get(parent)
      if (siblings === undefined) children.set(parent, [record])
      else siblings.push(record)
    }
  }
  return children
}

/** Layer by layer from the records without parents; a record stands one below its deepest parent. */
function inOrder(records: ReadonlyMap<HashId, VerifiedRecord>): readonly VerifiedRecord[] {
  const children = childrenOf(records)
  const missing = new Map([...records.values()].map(({ hash, record }) => [hash, record.parents.length]))
  const ordered: VerifiedRecord[] = []
  let layer = [...records.values()].filter(({ record }) => record.parents.length === 0)
  while (layer.length > 0) {
    const next: VerifiedRecord[] = []
    for (const done of layer.toSorted(byHash)) {
      ordered.push(done)
      for (const child of children.get(done.hash) ?? []) {
        const left = (missing.get(child.hash) ?? 0) - 1
        missing.set(child.hash, left)
        if (left === 0) next.push(child)
      }
    }
    layer = next
  }
  return ordered
}

function pastOf(index: number, parents: readonly Node[]): Uint32Array {
  const past = new Uint32Array(Math.ceil(index / 32))
  for (const parent of parents) {
    for (let word = 0; word < parent.past.length; word++) past[word] = (past[word] ?? 0) | (parent.past[word] ?? 0)
    const word = parent.index >>> 5
    past[word] = (past[word] ?? 0) | (1 << (parent.index & 31))
  }
  return past
}

export function buildGraph(records: Iterable<VerifiedRecord>): Graph {
  const held = new Map([...records].map((record) => [record.hash, record]))
  const placed = new Map<HashId, Node>()
  for (const { hash, record } of inOrder(held)) {
    const index = placed.size
    const parents = record.parents.flatMap((parent) => placed.get(parent) ?? [])
    placed.set(hash, { hash, record, index, parents, past: pastOf(index, parents) })
  }
  const waiting = [...held.keys()].filter((hash) => !placed.has(hash)).toSorted()
  return { nodes: [...placed.values()], waiting }
}
