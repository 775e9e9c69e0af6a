/**
 * Reading and writing of bounded fields over lib0. A decoder never throws past `decodeAll`, never allocates more than the
 * bytes it was given, and refuses what is left over.
 */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { fail, ok, type Result } from '../base/errors.ts'
import { fromHex, fromUtf8, toHex, utf8, type Bytes } from '../base/bytes.ts'
import { HASH_LENGTH, ID_LENGTH, type AnyId, type HashId } from '../base/ids.ts'

export type DecodeProblem = 'malformed' | 'too-large' | 'other-version'

class Refusal extends Error {
  readonly problem: DecodeProblem
  constructor(problem: DecodeProblem, detail: string) {
    super(detail)
    this.problem = problem
  }
}

export const refuse = (problem: DecodeProblem, detail: string): never => {
  throw new Refusal(problem, detail)
}

export interface Reader {
  byte(): number
  uint(max: number): number
  fixed(length: number): Bytes
  bytes(max: number): Bytes
  text(maxBytes: number): string
  id<Kind extends AnyId>(): Kind
  hash(): HashId
  list<Item>(max: number, item: (reader: Reader) => Item): readonly Item[]
  /** All that is left. */
  rest(): Bytes
}

function createReader(decoder: decoding.Decoder): Reader {
  const left = (): number => decoder.arr.length - decoder.pos
  const uint = (max: number): number => {
    const start = decoder.pos
    const value = decoding.readVarUint(decoder)
    // One encoding per number, so that one meaning has one hash.
    if (value >= 128 && decoder.arr[decoder.pos - 1] === 0) refuse('malformed', 'a number longer than it needs to be')
    if (value < 128 && decoder.pos - start > 1) refuse('malformed', 'a number longer than it needs to be')
    return value <= max ? value : refuse('too-large', `a number over ${max}`)
  }
  const fixed = (length: number): Bytes =>
    length <= left() ? new Uint8Array(decoding.readUint8Array(decoder, length)) : refuse('malformed', 'cut off')
  const reader: Reader = {
    // lib0 reads `undefined` past the end.
    byte: () => (left() > 0 ? decoding.readUint8(decoder) : refuse('malformed', 'cut off')),
    uint,
    fixed,
    bytes: (max) => fixed(uint(max)),
    text: (maxBytes) => {
      const bytes = fixed(uint(maxBytes))
      const text = fromUtf8(bytes)
      // A byte order mark is dropped by decoders: two encodings for one text.
      return utf8(text).length === bytes.length ? text : refuse('malformed', 'text that does not read back')
    },
    id: <Kind extends AnyId>() => toHex(fixed(ID_LENGTH)) as Kind,
    hash: () => toHex(fixed(HASH_LENGTH)) as HashId,
    list: (max, item) => {
      const count = uint(max)
      // An item takes a byte at least. Array.from makes room for all of them before the first is read.
      if (count > left()) refuse('malformed', 'cut off')
      return Array.from({ length: count }, () => item(reader))
    },
    rest: () => fixed(left()),
  }
  return reader
}

/** Runs a decoder over all of `bytes`; what it leaves unread makes the whole malformed. */
export function decodeAll<Value>(bytes: Uint8Array, read: (reader: Reader) => Value): Result<Value, DecodeProblem> {
  const decoder = decoding.createDecoder(bytes)
  try {
    const value = read(createReader(decoder))
    return decoding.hasContent(decoder) ? fail('malformed', 'bytes left over') : ok(value)
  } catch (thrown) {
    // lib0 throws at the end of the array, TextDecoder at bad UTF-8: both mean malformed bytes, and nothing else throws here.
    return thrown instanceof Refusal ? fail(thrown.problem, thrown.message) : fail('malformed', String(thrown))
  }
}

export interface Writer {
  byte(value: number): Writer
  uint(value: number): Writer
  fixed(bytes: Uint8Array): Writer
  bytes(bytes: Uint8Array): Writer
  text(text: string): Writer
  id(id: AnyId): Writer
  hash(hash: HashId): Writer
  list<Item>(items: readonly Item[], item: (writer: Writer, value: Item) => void): Writer
  done(): Bytes
}

export function createWriter(): Writer {
  const encoder = encoding.createEncoder()
  const put = (write: () => void): Writer => {
    write()
    return writer
  }
  const writer: Writer = {
    byte: (value) => put(() => encoding.writeUint8(encoder, value)),
    uint: (value) => put(() => encoding.writeVarUint(encoder, value)),
    fixed: (bytes) => put(() => encoding.writeUint8Array(encoder, bytes)),
    bytes: (bytes) => put(() => encoding.writeVarUint8Array(encoder, bytes)),
    text: (text) => put(() => encoding.writeVarUint8Array(encoder, utf8(text))),
    id: (id) => put(() => encoding.writeUint8Array(encoder, fromHex(id))),
    hash: (hash) => put(() => encoding.writeUint8Array(encoder, fromHex(hash))),
    list: (items, item) =>
      put(() => {
        encoding.writeVarUint(encoder, items.length)
        for (const value of items) item(writer, value)
      }),
    done: () => new Uint8Array(encoding.toUint8Array(encoder)),
  }
  return writer
}
