/** Lengths of notes say little: 512 bytes at least, then steps of an eighth of the next lower power of two. */
import { concat, type Bytes } from '../../shared/base/bytes.ts'

const SMALLEST = 512
const HEADER = 4

const paddedLength = (length: number): number => {
  const step = Math.max(SMALLEST, 2 ** (Math.floor(Math.log2(length)) - 3))
  return Math.ceil(length / step) * step
}

export function pad(payload: Uint8Array): Bytes {
  const padded = new Uint8Array(paddedLength(HEADER + payload.length))
  new DataView(padded.buffer).setUint32(0, payload.length)
  padded.set(payload, HEADER)
  return padded
}

/** Undefined where these bytes were not made by `pad`. */
export function unpad(padded: Uint8Array): Bytes | undefined {
  if (padded.length < HEADER) return undefined
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0)
  const end = HEADER + length
  if (end > padded.length || padded.length !== paddedLength(end)) return undefined
  return padded.subarray(end).every((byte) => byte === 0) ? concat(padded.subarray(HEADER, end)) : undefined
}
