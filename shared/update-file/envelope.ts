/**
 * The outside of an update file: a box that only the named computers can open. In clear are a magic word, the version and sizes;
 * the rest looks random, filling slots included. A hash at the end tells a damaged file from one for somebody else.
 */
import nacl from 'tweetnacl'
import { concat, equalBytes, randomBytes, utf8, type Bytes } from '../base/bytes.ts'
import { fail, ok, type Result } from '../base/errors.ts'
import { FILE_MAGIC } from '../base/file-kinds.ts'
import { derive } from '../crypto/derive.ts'
import { hash } from '../crypto/hash.ts'
import { unwrap, wrap, WRAP_OVERHEAD, type BoxKeyPair } from '../crypto/wrap.ts'
import { createWriter, decodeAll, refuse } from '../wire/codec.ts'
import { paddedLength } from '../wire/padding.ts'
import { MAX_CONTENT, MAX_SLOTS, MAX_UPDATE_FILE, MIN_SLOTS } from './limits.ts'

export const UPDATE_FILE_VERSION = 1
const MAGIC = FILE_MAGIC.update
const VERSION_AT = MAGIC.length
const SLOTS_AT = VERSION_AT + 1
const LENGTH_AT = SLOTS_AT + 2
const BODY_AT = LENGTH_AT + 4
const KEY = 32
const SLOT = KEY + WRAP_OVERHEAD
const CHUNK = 256 * 1024
const TAG = 16
const NONCE = 24
const CHECKSUM = 32
const SIGNATURE = 64

export type EnvelopeProblem =
  | 'not-an-update-file'
  | 'newer-version'
  /** The end is missing, as after a copy that was broken off. */
  | 'cut-off'
  | 'damaged'
  | 'too-large'

export interface Envelope {
  /** One after the other, as they stand in the file. */
  readonly slots: Bytes
  readonly sealed: Bytes
}

const slotCount = (recipients: number): number => {
  let count = MIN_SLOTS
  while (count < recipients) count *= 2
  return count
}

const boxes = (length: number): number => Math.ceil(length / CHUNK)
const sealedLength = (plain: number): number => plain + TAG * boxes(plain)

/** Counted from 0; the last says that it is, so that none can be left out or moved. The key is fresh for each file. */
function nonceOf(index: number, isLast: boolean): Bytes {
  const nonce = new Uint8Array(NONCE)
  new DataView(nonce.buffer).setUint32(0, index, true)
  nonce[NONCE - 1] = isLast ? 1 : 0
  return nonce
}

function sealChunks(key: Uint8Array, plain: Uint8Array): Bytes {
  const sealed = new Uint8Array(sealedLength(plain.length))
  const count = boxes(plain.length)
  for (let index = 0; index < count; index++) {
    const part = plain.subarray(index * CHUNK, (index + 1) * CHUNK)
    sealed.set(nacl.secretbox(part, nonceOf(index, index === count - 1), key), index * (CHUNK + TAG))
  }
  return sealed
}

function openChunks(key: Uint8Array, sealed: Uint8Array): Bytes | undefined {
  const count = Math.ceil(sealed.length / (CHUNK + TAG))
  const plain = new Uint8Array(Math.max(0, sealed.length - TAG * count))
  for (let index = 0; index < count; index++) {
    const part = sealed.subarray(index * (CHUNK + TAG), (index + 1) * (CHUNK + TAG))
    const opened = part.length < TAG ? null : nacl.secretbox.open(part, nonceOf(index, index === count - 1), key)
    if (opened === null) return undefined
    plain.set(opened, index * CHUNK)
  }
  return plain
}

/** What the signature is over: the content, and for which computers it was sealed, so that nobody can pass it off as meant for others. */
export const signedOfFile = (slots: Uint8Array, content: Uint8Array): Bytes =>
  concat(hash('update file slots', slots), hash('update file content', content))

/** `recipients`: box keys, 1 to MAX_SLOTS. `sign` gets what signedOfFile gives. At most MAX_CONTENT bytes of content. */
export async function sealUpdateFile(
  recipients: readonly Uint8Array[],
  content: Uint8Array,
  sign: (message: Bytes) => Promise<Bytes>,
): Promise<Bytes> {
  if (recipients.length === 0 || recipients.length > MAX_SLOTS) throw new RangeError('recipients of an update file')
  if (content.length > MAX_CONTENT) throw new RangeError('content of an update file')
  const secret = randomBytes(KEY)
  const count = slotCount(recipients.length)
  const slots = concat(
    ...Array.from({ length: count }, (_, index) => {
      const recipient = recipients[index]
      // To nobody: a key pair whose secret is forgotten at once.
      return recipient === undefined ? wrap(nacl.box.keyPair().publicKey, randomBytes(KEY)) : wrap(recipient, secret)
    }),
  )
  const signature = await sign(signedOfFile(slots, content))
  const inner = createWriter().bytes(content).fixed(signature).done()
  const padded = new Uint8Array(paddedLength(inner.length))
  padded.set(inner)
  const sealed = sealChunks(derive(secret, 'update file'), padded)
  secret.fill(0)
  return encodeEnvelope({ slots, sealed })
}

export function encodeEnvelope({ slots, sealed }: Envelope): Bytes {
  const head = new Uint8Array(BODY_AT)
  head.set(utf8(MAGIC))
  head[VERSION_AT] = UPDATE_FILE_VERSION
  const view = new DataView(head.buffer)
  view.setUint16(SLOTS_AT, slots.length / SLOT)
  view.setUint32(LENGTH_AT, sealed.length)
  const body = concat(head, slots, sealed)
  return concat(body, hash('update file', body))
}

const isPowerOfTwo = (count: number): boolean => (count & (count - 1)) === 0

/** Without any key: whether this is a whole file of a version that we know. Copies nothing but what it returns. */
export function decodeEnvelope(bytes: Uint8Array): Result<Envelope, EnvelopeProblem> {
  if (bytes.length > MAX_UPDATE_FILE) return fail('too-large')
  const magic = utf8(MAGIC)
  const begins = Math.min(bytes.length, magic.length)
  if (!equalBytes(bytes.subarray(0, begins), magic.subarray(0, begins))) return fail('not-an-update-file')
  const version = bytes[VERSION_AT]
  if (version === undefined) return fail('cut-off')
  if (version > UPDATE_FILE_VERSION) return fail('newer-version')
  if (version < UPDATE_FILE_VERSION) return fail('damaged', 'version')
  if (bytes.length < BODY_AT) return fail('cut-off')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getUint16(SLOTS_AT)
  const length = view.getUint32(LENGTH_AT)
  if (count < MIN_SLOTS || count > MAX_SLOTS || !isPowerOfTwo(count)) return fail('damaged', 'slots')
  const sealedAt = BODY_AT + count * SLOT
  const checksumAt = sealedAt + length
  if (bytes.length < checksumAt + CHECKSUM) return fail('cut-off')
  if (bytes.length > checksumAt + CHECKSUM) return fail('damaged', 'bytes left over')
  const body = bytes.subarray(0, checksumAt)
  if (!equalBytes(hash('update file', body), bytes.subarray(checksumAt))) return fail('damaged', 'checksum')
  return ok({ slots: bytes.slice(BODY_AT, sealedAt), sealed: bytes.slice(sealedAt, checksumAt) })
}

export interface OpenedEnvelope {
  readonly content: Bytes
  /** By whoever the content says made it, over signedOfFile(slots, content). Not checked yet. */
  readonly signature: Bytes
}

const decodeInner = (padded: Uint8Array) =>
  decodeAll(padded, (reader): OpenedEnvelope => {
    const content = reader.bytes(MAX_CONTENT)
    const signature = reader.fixed(SIGNATURE)
    const padding = reader.rest()
    const length = padded.length - padding.length
    // One length and zeros only, so that one content has one form.
    if (padded.length !== paddedLength(length) || padding.some((byte) => byte !== 0)) refuse('malformed', 'padding')
    return { content, signature }
  })

/** 'not-for-us': whole, and sealed for other computers than this one. */
export function openEnvelope(
  box: BoxKeyPair,
  { slots, sealed }: Envelope,
): Result<OpenedEnvelope, 'not-for-us' | 'damaged'> {
  for (let at = 0; at < slots.length; at += SLOT) {
    const secret = unwrap(box, slots.subarray(at, at + SLOT))
    if (secret === undefined) continue
    const padded = openChunks(derive(secret, 'update file'), sealed)
    secret.fill(0)
    const inner = padded === undefined ? undefined : decodeInner(padded)
    return inner?.ok === true ? inner : fail('damaged', 'box')
  }
  return fail('not-for-us')
}
