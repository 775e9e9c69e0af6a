/**
 * What a picture says of itself in its first bytes, read before any decoder is given it: a few bytes may ask for gigabytes of memory.
 * Pure; never throws, whatever the bytes are.
 */

export type PictureKind = 'jpeg' | 'png' | 'webp' | 'gif'

export interface Header {
  readonly kind: PictureKind
  readonly width: number
  readonly height: number
  /** It would move, or flash. */
  readonly isAnimated: boolean
}

/** Reads nothing outside of the bytes: what is not there is 0. */
function reader(bytes: Uint8Array) {
  const at = (offset: number): number => bytes[offset] ?? 0
  return {
    at,
    length: bytes.length,
    big16: (offset: number): number => at(offset) * 0x100 + at(offset + 1),
    big32: (offset: number): number =>
      at(offset) * 0x1_00_00_00 + at(offset + 1) * 0x1_00_00 + at(offset + 2) * 0x100 + at(offset + 3),
    little16: (offset: number): number => at(offset) + at(offset + 1) * 0x100,
    little24: (offset: number): number => at(offset) + at(offset + 1) * 0x100 + at(offset + 2) * 0x1_00_00,
    is: (offset: number, text: string): boolean =>
      Array.from(text).every((sign, index) => bytes[offset + index] === sign.charCodeAt(0)),
  }
}
type Reader = ReturnType<typeof reader>
type Size = Omit<Header, 'kind'>

const PNG = '\u0089PNG\r\n\u001a\n'

function pngSize({ big32, is, length }: Reader): Size | undefined {
  if (!is(8 + 4, 'IHDR')) return undefined
  // A chunk's length, name and check value take twelve bytes. What makes it move stands before the first part of the picture.
  let isAnimated = false
  for (let offset = 8; offset < length && !is(offset + 4, 'IDAT'); offset += 12 + big32(offset))
    isAnimated ||= is(offset + 4, 'acTL')
  return { width: big32(16), height: big32(20), isAnimated }
}

/** Frames of all ways of coding; not the tables that have numbers among theirs. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
const SCAN = 0xda
const STANDS_ALONE = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)

function jpegSize({ at, big16, length }: Reader): Size | undefined {
  for (let offset = 2; offset + 4 <= length;) {
    if (at(offset) !== 0xff) return undefined
    const marker = at(offset + 1)
    // Filling may stand before a marker.
    if (marker === 0xff) offset += 1
    else if (STANDS_ALONE(marker)) offset += 2
    else if (marker === SCAN) return undefined
    else if (isFrame(marker)) return { width: big16(offset + 7), height: big16(offset + 5), isAnimated: false }
    // A part's length counts its own two bytes.
    else offset += 2 + Math.max(2, big16(offset + 2))
  }
  return undefined
}

function webpSize({ at, little16, little24, is }: Reader): Size | undefined {
  if (is(12, 'VP8X')) return { width: little24(24) + 1, height: little24(27) + 1, isAnimated: (at(20) & 0b10) !== 0 }
  if (is(12, 'VP8L') && at(20) === 0x2f) {
    const [one, two, three, four] = [at(21), at(22), at(23), at(24)]
    return {
      width: 1 + one + (two & 0b11_1111) * 0x100,
      height: 1 + (two >> 6) + three * 0b100 + (four & 0b1111) * 0x400,
      isAnimated: false,
    }
  }
  if (is(12, 'VP8 ') && is(23, '\u009d\u0001\u002a'))
    return { width: little16(26) & 0x3fff, height: little16(28) & 0x3fff, isAnimated: false }
  return undefined
}

function read(bytes: Uint8Array): Header | undefined {
  const from = reader(bytes)
  const { is, little16 } = from
  const as = (kind: PictureKind, size: Size | undefined): Header | undefined =>
    size === undefined ? undefined : { kind, ...size }
  if (is(0, '\u00ff\u00d8\u00ff')) return as('jpeg', jpegSize(from))
  if (is(0, PNG)) return as('png', pngSize(from))
  if (is(0, 'RIFF') && is(8, 'WEBP')) return as('webp', webpSize(from))
  // Whether it moves is not looked for: only one picture of it is ever taken.
  if (is(0, 'GIF87a') || is(0, 'GIF89a'))
    return { kind: 'gif', width: little16(6), height: little16(8), isAnimated: true }
  return undefined
}

/** Undefined: it is none of these kinds, or says no size. */
export function readHeader(bytes: Uint8Array): Header | undefined {
  const header = read(bytes)
  return header === undefined || header.width === 0 || header.height === 0 ? undefined : header
}
