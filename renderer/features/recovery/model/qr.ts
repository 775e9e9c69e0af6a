/** The words of a sheet as a QR code (ISO/IEC 18004), to be drawn as one path. */
import { encode } from 'uqr'

export interface Qr {
  /** Squares on each side, with the quiet edge of four that a reader needs. */
  readonly size: number
  /** For an SVG whose unit is one square. */
  readonly path: string
}

const QUIET_EDGE = 4

/** Level M: readable with a seventh of it torn or stained. */
export function qrOf(text: string): Qr {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_EDGE })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return { size, path }
}
