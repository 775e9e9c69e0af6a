/**
 * The bytes of a document's pictures, in the document itself: sealed, sent, kept and carried as its words are. Each lies under the hash of
 * its bytes and is never taken out of a paper, since earlier versions of it show it, too. What comes from others is believed only as far as
 * its hash, its size and its first bytes bear out; written over, it is still found where removed parts are kept.
 */
import * as Y from 'yjs'
import { fail, ok, type Result } from '../../../../shared/base/errors.ts'
import { isKnownContent } from '../content-guard.ts'
import { readHeader, type Header } from './header.ts'
import { isHash, picturesIn } from './picture.ts'

/** Of the document. */
export const PICTURES = 'pictures'

/** Others' are not shown above it. What is written here is smaller. */
export const MOST_BYTES = 1024 * 1024
/** Pixels on a side; decoded, such a one takes 16 MB of memory. */
export const LONGEST_SIDE = 2048
/** Of one document. Nothing is ever taken out to make room, and those that others add at the same time may go beyond it. */
export const MOST_IN_ALL = 10 * 1024 * 1024

/** Word can show these two; and the fewer kinds, the fewer decoders that others' bytes can reach. */
export type KeptKind = 'jpeg' | 'png'

export interface KeptPicture {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly kind: KeptKind
  readonly width: number
  readonly height: number
}

/** 'unfit': something lies there, and it is not that picture, or none that is shown. */
export type KeptProblem = 'not-here' | 'unfit'

const mapOf = (doc: Y.Doc): Y.Map<unknown> => doc.getMap(PICTURES)

/** SHA-256, in hexadecimal. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** All that was ever written under a name, the newest first: somebody may have written over a picture, or taken it out. */
function everWritten(doc: Y.Doc, hash: string): readonly unknown[] {
  const found: unknown[] = []
  for (let item = mapOf(doc)._map.get(hash) ?? null; item !== null; item = item.left) {
    const { content } = item
    if (content instanceof Y.ContentBinary) found.push(content.content)
    else if (content instanceof Y.ContentAny) found.push(...content.arr)
  }
  return found
}

const isShown = ({ kind, width, height, isAnimated }: Header): boolean =>
  (kind === 'jpeg' || kind === 'png') && !isAnimated && width <= LONGEST_SIDE && height <= LONGEST_SIDE

/** What the bytes are, where they may be shown. */
export function fitPicture(bytes: Uint8Array<ArrayBuffer>): KeptPicture | undefined {
  if (bytes.length > MOST_BYTES) return undefined
  const header = readHeader(bytes)
  if (header === undefined || !isShown(header)) return undefined
  const { kind, width, height } = header
  return { bytes, kind: kind === 'png' ? 'png' : 'jpeg', width, height }
}

export async function readPicture(doc: Y.Doc, hash: string): Promise<Result<KeptPicture, KeptProblem>> {
  if (!isHash(hash)) return fail('unfit')
  const written = everWritten(doc, hash)
  for (const value of written) {
    const picture = value instanceof Uint8Array ? fitPicture(new Uint8Array(value)) : undefined
    if (picture !== undefined && (await hashOf(picture.bytes)) === hash) return ok(picture)
  }
  return fail(written.length === 0 ? 'not-here' : 'unfit')
}

/** Something is there under this name; whether it is the picture, only reading says. */
export const hasPicture = (doc: Y.Doc, hash: string): boolean => mapOf(doc).has(hash)

/** Bytes that all pictures of the document take. */
export function roomTaken(doc: Y.Doc): number {
  let taken = 0
  for (const value of mapOf(doc).values()) if (value instanceof Uint8Array) taken += value.length
  return taken
}

export type AddProblem = 'full' | 'unfit'

/** The hash. Where the picture is there already, nothing is written. */
export async function addPicture(doc: Y.Doc, bytes: Uint8Array<ArrayBuffer>): Promise<Result<string, AddProblem>> {
  if (fitPicture(bytes) === undefined) return fail('unfit')
  const hash = await hashOf(bytes)
  if ((await readPicture(doc, hash)).ok) return ok(hash)
  if (roomTaken(doc) + bytes.length > MOST_IN_ALL) return fail('full')
  mapOf(doc).set(hash, bytes)
  return ok(hash)
}

/** Gives these words, copied from a text of another document, the pictures that they show, and no others. */
export async function copyPictures(from: Y.Doc, words: Y.XmlFragment): Promise<void> {
  const { doc } = words
  if (doc === null) throw new TypeError('the text is not open')
  const found = new Map<string, Uint8Array>()
  for (const { hash } of picturesIn(words)) {
    const picture = found.has(hash) ? undefined : await readPicture(from, hash)
    if (picture?.ok === true) found.set(hash, picture.value.bytes)
  }
  putPictures(words, found)
}

/** By their hashes, into the document of these words. */
export function putPictures({ doc }: Y.XmlFragment, pictures: ReadonlyMap<string, Uint8Array>): void {
  doc?.transact(() => {
    for (const [hash, bytes] of pictures) mapOf(doc).set(hash, bytes)
  })
}

/**
 * Only for a text that nobody else has and that keeps nothing of what was taken out of it, and only while nothing can be undone. Leaves all
 * where the words hold what this version does not know: it may show pictures in a way of its own.
 */
export function forgetUnshown(words: Y.XmlFragment): void {
  const { doc } = words
  if (doc === null || !doc.gc || !isKnownContent(words)) return
  const shown = new Set(picturesIn(words).map(({ hash }) => hash))
  const gone = [...mapOf(doc).keys()].filter((hash) => !shown.has(hash))
  if (gone.length > 0) doc.transact(() => gone.forEach((hash) => mapOf(doc).delete(hash)))
}

/** By hash: all that the words show and that is here. */
export async function picturesOf(words: Y.XmlFragment): Promise<ReadonlyMap<string, KeptPicture>> {
  const { doc } = words
  const found = new Map<string, KeptPicture>()
  if (doc === null) return found
  for (const { hash } of picturesIn(words)) {
    const picture = found.has(hash) ? undefined : await readPicture(doc, hash)
    if (picture?.ok === true) found.set(hash, picture.value)
  }
  return found
}
