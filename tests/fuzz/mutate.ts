/** Ways to spoil a valid sample, drawn from a seed. The same seed over the same samples always gives the same inputs. */
import { concat, type Bytes } from '../../shared/base/bytes.ts'

export const MUTATIONS = ['flip', 'set', 'insert', 'delete', 'truncate', 'duplicate', 'huge', 'splice'] as const
export type Mutation = (typeof MUTATIONS)[number]

export interface Mutated {
  readonly bytes: Bytes
  readonly kind: Mutation
  /** Where in the sample the first change was made: 0 to 1. */
  readonly at: number
}

type Random = () => number

const upTo = (random: Random, most: number): number => Math.floor(random() * (most + 1))
const drawn = (random: Random, length: number): Bytes => Uint8Array.from({ length }, () => upTo(random, 255))
const cutAt = (bytes: Bytes, at: number): readonly [Bytes, Bytes] => [bytes.slice(0, at), bytes.slice(at)]
const withByte = (bytes: Bytes, at: number, value: number): Bytes =>
  bytes.length === 0 ? bytes : bytes.with(Math.min(at, bytes.length - 1), value & 0xff)

/** Numbers at the edges of what fields may hold: of one byte, of a count, of lib0's 53 bits and beyond. */
const INTERESTING = [0, 1, 2, 0x7f, 0x80, 0x81, 0xff]
const HUGE: readonly (readonly number[])[] = [
  [0xff, 0x01],
  [0xff, 0xff, 0x03],
  [0xff, 0xff, 0x7f],
  [0x80, 0xad, 0xe2, 0x04],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
]

const pick = <Item>(random: Random, items: readonly Item[], fallback: Item): Item =>
  items[Math.floor(random() * items.length)] ?? fallback

function changed(kind: Mutation, random: Random, sample: Bytes, other: Bytes, at: number): Bytes {
  const [before, after] = cutAt(sample, at)
  switch (kind) {
    case 'flip':
      return withByte(sample, at, (sample[Math.min(at, sample.length - 1)] ?? 0) ^ (1 << upTo(random, 7)))
    case 'set':
      return withByte(sample, at, pick(random, INTERESTING, 0))
    case 'insert':
      return concat(before, drawn(random, 1 + upTo(random, 8)), after)
    case 'delete':
      return concat(before, after.slice(1 + upTo(random, 8)))
    case 'truncate':
      return before
    case 'duplicate':
      return concat(before, after.slice(0, 1 + upTo(random, 64)), after)
    case 'huge':
      return concat(before, Uint8Array.from(pick(random, HUGE, [])), after.slice(1))
    case 'splice':
      return concat(before, other.slice(upTo(random, other.length)))
  }
}

/** One to three changes, each anywhere; `at` and `kind` are the first one's. */
export function mutate(random: Random, samples: readonly Bytes[]): Mutated {
  const none = new Uint8Array(0)
  const sample = pick(random, samples, none)
  const kind = pick(random, MUTATIONS, 'flip')
  const place = upTo(random, sample.length)
  let bytes = changed(kind, random, sample, pick(random, samples, none), place)
  for (let more = random(); more < 0.25; more += 0.15) {
    bytes = changed(
      pick(random, MUTATIONS, 'flip'),
      random,
      bytes,
      pick(random, samples, none),
      upTo(random, bytes.length),
    )
  }
  return { bytes, kind, at: sample.length === 0 ? 0 : place / sample.length }
}
