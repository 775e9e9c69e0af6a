/**
 * Reads a QR code without a mark on it (ISO/IEC 18004, versions 4 to 7, level M, bytes): enough for the codes of recovery sheets.
 * Written from the standard and not from what draws them. Nothing is corrected: the check bytes of each block must fit.
 */
type Matrix = readonly (readonly boolean[])[]

/** Blocks and the codewords of each: all of them, and those that are data (table 9, level M). */
const BLOCKS: Readonly<Record<number, readonly [blocks: number, all: number, data: number]>> = {
  4: [2, 50, 32],
  5: [2, 67, 43],
  6: [4, 43, 27],
  7: [4, 49, 31],
}

/** Dark squares from an SVG path of unit squares ("M3 4h1v1h-1z"). */
export function matrixOf(path: string, size: number): Matrix {
  const matrix = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    const row = matrix[Number(y)]
    if (row !== undefined) row[Number(x)] = true
  }
  return matrix
}

function withoutEdge(matrix: Matrix): Matrix {
  const edge = matrix.findIndex((row) => row.includes(true))
  return matrix.slice(edge, matrix.length - edge).map((row) => row.slice(edge, row.length - edge))
}

const MASKS: readonly ((y: number, x: number) => boolean)[] = [
  (y, x) => (y + x) % 2 === 0,
  (y) => y % 2 === 0,
  (_, x) => x % 3 === 0,
  (y, x) => (y + x) % 3 === 0,
  (y, x) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (y, x) => ((y * x) % 2) + ((y * x) % 3) === 0,
  (y, x) => (((y * x) % 2) + ((y * x) % 3)) % 2 === 0,
  (y, x) => (((y + x) % 2) + ((y * x) % 3)) % 2 === 0,
]

/** Everything that is not data: finders with format, timing, alignment, from version 7 the version. */
function isFunction(y: number, x: number, size: number, version: number): boolean {
  const far = size - 8
  if ((y < 9 && (x < 9 || x >= far)) || (y >= far && x < 9) || y === 6 || x === 6) return true
  if (version >= 7 && ((y < 6 && x >= size - 11) || (x < 6 && y >= size - 11))) return true
  const middles = version >= 7 ? [6, size / 2 - 0.5, size - 7] : [6, size - 7]
  const near = (place: number): number | undefined => middles.find((middle) => Math.abs(place - middle) <= 2)
  const [row, column] = [near(y), near(x)]
  if (row === undefined || column === undefined) return false
  // No alignment pattern stands in a finder.
  return !((row === 6 && column === 6) || (row === 6 && column === size - 7) || (row === size - 7 && column === 6))
}

function maskOf(matrix: Matrix): number {
  const places = [
    ...[0, 1, 2, 3, 4, 5, 7, 8].map((x) => [8, x] as const),
    ...[7, 5, 4, 3, 2, 1, 0].map((y) => [y, 8] as const),
  ]
  const bits = places.reduce((value, [y, x]) => value * 2 + Number(matrix[y]?.[x] ?? false), 0) ^ 0x5412
  if (bits >> 13 !== 0) throw new Error('not level M')
  return (bits >> 10) & 7
}

function codewordsOf(matrix: Matrix, version: number): readonly number[] {
  const size = matrix.length
  const mask = MASKS[maskOf(matrix)]
  const bits: boolean[] = []
  let up = true
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step++) {
      const y = up ? size - 1 - step : step
      for (const x of [right, right - 1])
        if (!isFunction(y, x, size, version)) bits.push((matrix[y]?.[x] ?? false) !== (mask?.(y, x) ?? false))
    }
    up = !up
  }
  return Array.from({ length: Math.floor(bits.length / 8) }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((value, bit) => value * 2 + Number(bit), 0),
  )
}

/** In the field of 256 elements with the polynomial 0x11d. */
function multiply(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ (product >> 7 === 0 ? 0 : 0x11d)
    if ((b >> bit) & 1) product ^= a
  }
  return product
}

function checkBlock(block: readonly number[], checks: number): void {
  let root = 1
  for (let index = 0; index < checks; index++) {
    const value = block.reduce((sum, codeword) => multiply(sum, root) ^ codeword, 0)
    if (value !== 0) throw new Error('the check bytes do not fit')
    root = multiply(root, 2)
  }
}

/** The text; what cannot be read is said in its place. */
export function decodeQr(drawn: Matrix): string {
  try {
    return decode(withoutEdge(drawn))
  } catch (thrown) {
    return `not readable: ${String(thrown)}`
  }
}

function decode(matrix: Matrix): string {
  const version = (matrix.length - 17) / 4
  const shape = BLOCKS[version]
  if (shape === undefined) throw new Error(`version ${version}`)
  const [count, all, data] = shape
  const codewords = codewordsOf(matrix, version)
  const blocks = Array.from({ length: count }, (_, block) =>
    Array.from({ length: all }, (_unused, place) => codewords[place * count + block] ?? 0),
  )
  for (const block of blocks) checkBlock(block, all - data)
  const bits = blocks
    .flatMap((block) => block.slice(0, data))
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
  if (!bits.startsWith('0100')) throw new Error('not bytes')
  const length = Number.parseInt(bits.slice(4, 12), 2)
  const bytes = Array.from({ length }, (_, index) => Number.parseInt(bits.slice(12 + index * 8, 20 + index * 8), 2))
  return new TextDecoder().decode(Uint8Array.from(bytes))
}
