/**
 * Who deleted what in one document: ranges of each Yjs client's clock with the member whose signed entry names them. Where two
 * deleted the same thing at once the lower member id stands, so that everybody shows the same name.
 */
import type { MemberId } from '../base/ids.ts'
import { refuse, type Reader, type Writer } from '../wire/codec.ts'
import type { DeletedRange } from './yjs-update.ts'

interface Range {
  readonly from: number
  /** Exclusive. */
  readonly to: number
  readonly by: MemberId
}

export interface Deletions {
  add(ranges: readonly DeletedRange[], by: MemberId): void
  by(client: number, clock: number): MemberId | undefined
  write(writer: Writer): void
}

/** Index of the first range that ends after `clock`. */
function firstEndingAfter(ranges: readonly Range[], clock: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[middle]?.to ?? 0) <= clock) low = middle + 1
    else high = middle
  }
  return low
}

function join(ranges: readonly Range[]): Range[] {
  const joined: Range[] = []
  for (const range of ranges) {
    const last = joined.at(-1)
    if (last?.to === range.from && last.by === range.by) joined[joined.length - 1] = { ...last, to: range.to }
    else if (range.from < range.to) joined.push(range)
  }
  return joined
}

function insert(ranges: Range[], added: Range): void {
  const first = firstEndingAfter(ranges, added.from)
  let end = first
  const pieces: Range[] = []
  let position = added.from
  for (let held = ranges[end]; held !== undefined && held.from < added.to; held = ranges[++end]) {
    pieces.push({ from: held.from, to: Math.min(held.to, added.from), by: held.by })
    pieces.push({ from: position, to: held.from, by: added.by })
    const from = Math.max(held.from, added.from)
    const to = Math.min(held.to, added.to)
    pieces.push({ from, to, by: held.by < added.by ? held.by : added.by })
    pieces.push({ from: added.to, to: held.to, by: held.by })
    position = to
  }
  pieces.push({ from: position, to: added.to, by: added.by })
  // One neighbour on the left, so that typing backwards over a text stays one range.
  const begin = Math.max(0, first - 1)
  ranges.splice(begin, end - begin, ...join([...ranges.slice(begin, first), ...pieces.filter((p) => p.from < p.to)]))
}

export function createDeletions(): Deletions {
  const clients = new Map<number, Range[]>()
  return {
    add: (deleted, by) => {
      for (const { client, clock, length } of deleted) {
        const ranges = clients.get(client) ?? []
        clients.set(client, ranges)
        insert(ranges, { from: clock, to: clock + length, by })
      }
    },
    by: (client, clock) => {
      const ranges = clients.get(client) ?? []
      const range = ranges[firstEndingAfter(ranges, clock)]
      return range !== undefined && range.from <= clock ? range.by : undefined
    },
    write: (writer) => {
      writer.list([...clients], (to, [client, ranges]) => {
        to.uint(client).list(ranges, (each, { from, to: end, by }) =>
          each
            .uint(from)
            .uint(end - from)
            .id(by),
        )
      })
    },
  }
}

const MAX_RANGES = 10_000_000

export function readDeletions(reader: Reader): Deletions {
  const deletions = createDeletions()
  reader.list(MAX_RANGES, (each) => {
    const client = each.uint(Number.MAX_SAFE_INTEGER)
    each.list(MAX_RANGES, (range) => {
      const clock = range.uint(Number.MAX_SAFE_INTEGER)
      const length = range.uint(Number.MAX_SAFE_INTEGER - clock)
      if (length === 0) refuse('malformed', 'an empty range')
      deletions.add([{ client, clock, length }], range.id<MemberId>())
    })
  })
  return deletions
}
