/**
 * The parts of a Word file that hold words, and its pictures, and no others. Sizes are read in the archive's own list before anything is unpacked,
 * and counted again while unpacking, since the list may lie.
 */
import { Inflate } from 'fflate'
import { fail, ok, type Result } from '../../../../../shared/base/errors.ts'
import type { ImportProblem } from './problems.ts'

/** All that the archive says it holds, pictures included. */
const MOST_UNPACKED = 100 * 1024 * 1024
/** What is read as XML takes many times its size in memory. A book has less. */
const MOST_XML = 16 * 1024 * 1024
const MOST_PARTS = 5000
/** Of all pictures. One that goes beyond it is left out, and the words come in without it. */
const MOST_PICTURE_BYTES = 40 * 1024 * 1024
/** So small that what comes of one slice, at most a thousand times as much, can be borne. */
const SLICE = 8 * 1024

interface Part {
  readonly name: string
  readonly compressed: Uint8Array
  readonly method: number
  readonly size: number
}

const END = 0x06054b50
const ENTRY = 0x02014b50
const LOCAL = 0x04034b50
const END_LENGTH = 22
const LONGEST_COMMENT = 0xffff

/** Names and sizes as the list at the archive's end gives them. Throws RangeError where it leads out of the file. */
function listParts(bytes: Uint8Array): Result<readonly Part[], ImportProblem> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.length - END_LENGTH
  const last = Math.max(0, end - LONGEST_COMMENT)
  while (end >= last && view.getUint32(end, true) !== END) end--
  if (end < last) return fail('damaged')
  const count = view.getUint16(end + 10, true)
  if (count > MOST_PARTS) return fail('hostile')
  const parts: Part[] = []
  const names = new Set<string>()
  let total = 0
  let at = view.getUint32(end + 16, true)
  for (let index = 0; index < count; index++) {
    if (view.getUint32(at, true) !== ENTRY) return fail('damaged')
    if ((view.getUint16(at + 8, true) & 1) === 1) return fail('locked')
    const method = view.getUint16(at + 10, true)
    const packed = view.getUint32(at + 20, true)
    const size = view.getUint32(at + 24, true)
    const nameLength = view.getUint16(at + 28, true)
    const local = view.getUint32(at + 42, true)
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    total += size
    if (total > MOST_UNPACKED) return fail('too-large-inside')
    if (names.has(name)) return fail('hostile')
    names.add(name)
    if (view.getUint32(local, true) !== LOCAL) return fail('damaged')
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    if (from + packed > bytes.length) return fail('damaged')
    parts.push({ name, compressed: bytes.subarray(from, from + packed), method, size })
  }
  return ok(parts)
}

const STORED = 0
const DEFLATED = 8

function unpackPart(part: Part, most: number): Result<Uint8Array, ImportProblem> {
  if (part.size > most) return fail('too-large-inside')
  if (part.method === STORED) return part.compressed.length > most ? fail('too-large-inside') : ok(part.compressed)
  if (part.method !== DEFLATED) return fail('damaged')
  const chunks: Uint8Array[] = []
  let length = 0
  const inflate = new Inflate((chunk) => {
    length += chunk.length
    if (length <= most) chunks.push(chunk)
  })
  for (let at = 0; at < part.compressed.length && length <= most; at += SLICE)
    inflate.push(part.compressed.subarray(at, at + SLICE), at + SLICE >= part.compressed.length)
  if (length > most) return fail('too-large-inside')
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return ok(whole)
}

/** What mammoth reads: words, styles, lists, links, notes. No macros, no other files. */
const WANTED = /^(?:\[Content_Types\]\.xml|_rels\/\.rels|word\/(?:[\w-]+\.xml|_rels\/[\w-]+\.xml\.rels))$/

const PICTURE = /^word\/media\/[^/]+\.(?:png|jpe?g|jfif|gif|webp)$/i
export const isPicturePart = (name: string): boolean => PICTURE.test(name)

function unpackPictures(parts: readonly Part[]): readonly (readonly [string, Uint8Array])[] {
  const found: (readonly [string, Uint8Array])[] = []
  let left = MOST_PICTURE_BYTES
  for (const part of parts.filter(({ name }) => isPicturePart(name))) {
    const unpacked = unpackPart(part, left)
    if (!unpacked.ok) continue
    left -= unpacked.value.length
    found.push([part.name, unpacked.value])
  }
  return found
}

/** By name. */
export function unpackWord(bytes: Uint8Array): Result<ReadonlyMap<string, Uint8Array>, ImportProblem> {
  try {
    const listed = listParts(bytes)
    if (!listed.ok) return listed
    const found = new Map<string, Uint8Array>()
    let left = MOST_XML
    for (const part of listed.value.filter(({ name }) => WANTED.test(name))) {
      const unpacked = unpackPart(part, left)
      if (!unpacked.ok) return unpacked
      left -= unpacked.value.length
      found.set(part.name, unpacked.value)
    }
    if (![...found.keys()].some((name) => name.startsWith('word/document'))) return fail('other-kind')
    return ok(new Map([...found, ...unpackPictures(listed.value)]))
  } catch (thrown) {
    return fail('damaged', String(thrown))
  }
}
