/**
 * The outside of an invitation file and of a request file: a box that only whoever has the code can open, always of the same size. A
 * hash at the end tells a damaged file from one for another code.
 */
import { concat, equalBytes, utf8, type Bytes } from '../../base/bytes.ts'
import { fail, ok, type Result } from '../../base/errors.ts'
import { FILE_MAGIC } from '../../base/file-kinds.ts'
import { derive } from '../../crypto/derive.ts'
import { hash } from '../../crypto/hash.ts'
import { open, seal, SEAL_OVERHEAD } from '../../crypto/seal.ts'
import { decodeAll, refuse, type DecodeProblem, type Reader } from '../../wire/codec.ts'
import type { InvitationSecrets } from '../code.ts'
import { JOINING_FILE_VERSION, SEALED_CONTENT } from './limits.ts'

const CHECKSUM = 32

export type JoiningFileKind = 'invitation' | 'request'

/** What is used of a code here. Nothing comes of the room key, which the transports and the host are given. */
export type FileCode = Pick<InvitationSecrets, 'id' | 'keys'>

export type EnvelopeProblem =
  | 'not-this-kind'
  | 'newer-version'
  /** The end is missing, as after a copy that was broken off. */
  | 'cut-off'
  | 'damaged'

/** Of the checksum and of the sealing key; each kind has its own, so that neither can be made into the other. */
const LABELS = { invitation: 'invitation file', request: 'request file' } as const

const keyOf = (kind: JoiningFileKind, code: FileCode): Bytes => derive(code.keys.seed, LABELS[kind])

/** `content`: at most SEALED_CONTENT bytes. */
export function sealJoiningFile(kind: JoiningFileKind, code: FileCode, content: Uint8Array): Bytes {
  if (content.length > SEALED_CONTENT) throw new RangeError(`content of a ${kind} file`)
  const padded = new Uint8Array(SEALED_CONTENT)
  padded.set(content)
  const sealed = seal(keyOf(kind, code), padded)
  const body = concat(utf8(FILE_MAGIC[kind]), Uint8Array.of(JOINING_FILE_VERSION), sealed)
  return concat(body, hash(LABELS[kind], body))
}

/** Without any code: whether this is a whole file of that kind, of a version that we know. What is sealed in it. */
export function readJoiningFile(kind: JoiningFileKind, bytes: Uint8Array): Result<Bytes, EnvelopeProblem> {
  const magic = utf8(FILE_MAGIC[kind])
  const begins = Math.min(bytes.length, magic.length)
  if (!equalBytes(bytes.subarray(0, begins), magic.subarray(0, begins))) return fail('not-this-kind')
  const version = bytes[magic.length]
  if (version === undefined) return fail('cut-off')
  if (version > JOINING_FILE_VERSION) return fail('newer-version')
  if (version < JOINING_FILE_VERSION) return fail('damaged', 'version')
  const sealedAt = magic.length + 1
  const checksumAt = sealedAt + SEALED_CONTENT + SEAL_OVERHEAD
  if (bytes.length < checksumAt + CHECKSUM) return fail('cut-off')
  if (bytes.length > checksumAt + CHECKSUM) return fail('damaged', 'bytes left over')
  const body = bytes.subarray(0, checksumAt)
  if (!equalBytes(hash(LABELS[kind], body), bytes.subarray(checksumAt))) return fail('damaged', 'checksum')
  return ok(bytes.slice(sealedAt, checksumAt))
}

/** Padded as it was sealed. Undefined: by another code. */
export const openSealed = (kind: JoiningFileKind, code: FileCode, sealed: Uint8Array): Bytes | undefined =>
  open(keyOf(kind, code), sealed)

/** The rest is zeros, and the whole as long as ever: one content has one form. */
export const decodePadded = <Value>(
  padded: Uint8Array,
  read: (reader: Reader) => Value,
): Result<Value, DecodeProblem> =>
  decodeAll(padded, (reader) => {
    const value = read(reader)
    if (padded.length !== SEALED_CONTENT || reader.rest().some((byte) => byte !== 0)) refuse('malformed', 'padding')
    return value
  })
