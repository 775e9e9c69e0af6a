/**
 * Every picture that comes in is drawn anew: no larger than a page needs, and without anything that a camera wrote into the file (where it
 * was taken, when, by which device). Only the browser's own decoder sees the file, and only after its header was read.
 */
import { describeThrown, fail, ok, type Result } from '../../../../shared/base/errors.ts'
import { readHeader } from './header.ts'
import { fitPicture, type KeptPicture } from './kept.ts'

/** Pixels on the longest side: enough for a page of paper. */
export const WRITTEN_SIDE = 1600
/** A page of ten pictures still goes to everybody within a few minutes on a slow line. */
export const WRITTEN_BYTES = 400 * 1024
/** Of a file that somebody chooses. */
export const MOST_FILE = 40 * 1024 * 1024
/** More than most cameras make; decoded, it takes 256 MB for a moment. */
const MOST_PIXELS = 64 * 1024 * 1024

/** 'other-kind': no picture, or of a kind that browsers do not read (HEIC, for example). */
export type SmallerProblem = 'other-kind' | 'too-large' | 'damaged'

const JPEG_QUALITIES = [0.86, 0.75, 0.62] as const
const SMALLEST_SIDE = 200

interface Drawn {
  readonly canvas: OffscreenCanvas
  readonly context: OffscreenCanvasRenderingContext2D
}

function draw(bitmap: ImageBitmap, longest: number): Drawn | undefined {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height))
  const size = (side: number): number => Math.max(1, Math.round(side * scale))
  const canvas = new OffscreenCanvas(size(bitmap.width), size(bitmap.height))
  const context = canvas.getContext('2d')
  if (context === null) return undefined
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  return { canvas, context }
}

async function encode(canvas: OffscreenCanvas, type: string, quality?: number): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await canvas.convertToBlob({ type, ...(quality === undefined ? {} : { quality }) })
  return new Uint8Array(await blob.arrayBuffer())
}

/** A photograph stays one. What was drawn stays sharp, where that is not too large. */
async function encodeSmall(bitmap: ImageBitmap, isPhoto: boolean): Promise<Uint8Array<ArrayBuffer> | undefined> {
  for (let longest = WRITTEN_SIDE; longest >= SMALLEST_SIDE; longest = Math.floor(longest * 0.75)) {
    const drawn = draw(bitmap, longest)
    if (drawn === undefined) return undefined
    const { canvas, context } = drawn
    if (!isPhoto && longest === WRITTEN_SIDE) {
      const png = await encode(canvas, 'image/png')
      if (png.length <= WRITTEN_BYTES) return png
    }
    // JPEG knows no transparency, and would make it black.
    context.globalCompositeOperation = 'destination-over'
    context.fillStyle = '#fff'
    context.fillRect(0, 0, canvas.width, canvas.height)
    for (const quality of JPEG_QUALITIES) {
      const jpeg = await encode(canvas, 'image/jpeg', quality)
      if (jpeg.length <= WRITTEN_BYTES) return jpeg
    }
  }
  return undefined
}

export async function makeSmaller(file: Blob): Promise<Result<KeptPicture, SmallerProblem>> {
  if (file.size > MOST_FILE) return fail('too-large')
  try {
    const bytes = new Uint8Array(await file.arrayBuffer())
    const header = readHeader(bytes)
    if (header === undefined) return fail('other-kind')
    if (header.width * header.height > MOST_PIXELS) return fail('too-large')
    // As the camera was held.
    const bitmap = await createImageBitmap(new Blob([bytes]), { imageOrientation: 'from-image' })
    try {
      const small = await encodeSmall(bitmap, header.kind === 'jpeg')
      const picture = small === undefined ? undefined : fitPicture(small)
      return picture === undefined ? fail('damaged', 'no encoder') : ok(picture)
    } finally {
      bitmap.close()
    }
  } catch (thrown) {
    return fail('damaged', describeThrown(thrown))
  }
}
